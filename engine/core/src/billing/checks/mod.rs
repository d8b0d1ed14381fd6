//! What can be wrong with billing by itself. One check, one file.

pub mod round_off_head;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[round_off_head::MANUAL];
