//! What can be wrong with a notice, besides its templates. One check, one file.

pub mod empty_notice;
pub mod personal_in_notice;
pub mod sms_too_long;
pub mod unknown_recipient;
pub mod untranslated_notice;
pub mod unused_notice;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    empty_notice::MANUAL,
    personal_in_notice::MANUAL,
    sms_too_long::MANUAL,
    unknown_recipient::MANUAL,
    untranslated_notice::MANUAL,
    unused_notice::MANUAL,
];
