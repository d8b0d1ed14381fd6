//! What can be wrong with a list. One check, one file.

pub mod bad_header;
pub mod duplicate_code;
pub mod empty_label;
pub mod left_untranslated;
pub mod misplaced_level;
pub mod missing_translation;
pub mod parent_after_child;
pub mod ragged_row;
pub mod unknown_level;
pub mod unknown_listed_code;
pub mod unknown_parent;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    bad_header::MANUAL,
    duplicate_code::MANUAL,
    empty_label::MANUAL,
    left_untranslated::MANUAL,
    misplaced_level::MANUAL,
    missing_translation::MANUAL,
    parent_after_child::MANUAL,
    ragged_row::MANUAL,
    unknown_level::MANUAL,
    unknown_listed_code::MANUAL,
    unknown_parent::MANUAL,
];
