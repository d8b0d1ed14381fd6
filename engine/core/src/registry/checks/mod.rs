//! What can be wrong with a grant by itself.

pub mod grant_incomplete;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[grant_incomplete::MANUAL];
