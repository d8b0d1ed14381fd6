//! What can be wrong with a description of a table. One check, one file.

pub mod import_wrong;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[import_wrong::MANUAL];
