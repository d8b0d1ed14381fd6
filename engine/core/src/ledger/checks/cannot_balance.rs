//! # cannot-balance
//!
//! A posting can never give a balanced voucher that means something: both sides are the same,
//! `collection` is used where no money comes in, a demand does not credit the heads, or what the
//! receipt takes off is not what the demand put on.
//!
//! **Why it matters.** Every voucher has two sides that cancel each other out. If the receipt
//! credits another account than the demand debits, the receivable stays open for ever although
//! everybody has paid.
//!
//! **Remedy.** The ordinary form is
//!
//! ```yaml
//! demand: { debit: 4313001, credit: heads }
//! receipt: { debit: collection, credit: 4313001 }
//! unapplied: { debit: collection, credit: 3501101 }
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("cannot-balance", "cannot_balance.rs");

/// The posting of `event` at `at` is wrong for this reason.
pub fn diagnostic(event: &str, at: &Where, label: &str, help: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{event}` cannot balance"), label).help(help)
}
