//! What can be wrong with accounts and postings. One check, one file.

pub mod cannot_balance;
pub mod missing_mode;
pub mod unknown_account;
pub mod unposted_head;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] =
    &[cannot_balance::MANUAL, missing_mode::MANUAL, unknown_account::MANUAL, unposted_head::MANUAL];
