//! What can be wrong with a grant by itself.

pub mod grant_incomplete;
pub mod grant_key_idle;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[grant_incomplete::MANUAL, grant_key_idle::MANUAL];
