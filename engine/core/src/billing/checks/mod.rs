//! What can be wrong with billing by itself. One check, one file.

pub mod round_off_head;
pub mod unknown_mode;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[round_off_head::MANUAL, unknown_mode::MANUAL];
