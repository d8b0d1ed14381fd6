//! # grant-incomplete
//!
//! A grant does not say enough: a record is created or split without a number, two ends of validity
//! are given, a record is renewed with no end to move, split into nothing, or merged with nothing.
//!
//! **Why it matters.** The record could not be found, or nobody could say until when it is valid.
//!
//! **Remedy.** `mode: create` needs `number`; `mode: renew` needs `valid_for` or `valid_until`,
//! never both of them; `mode: split` needs `number` and `parts`; `mode: merge` needs `merges`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("grant-incomplete", "grant_incomplete.rs");

/// The grant called `name` lacks something.
pub fn diagnostic(name: &str, at: &Where, title: &str, help: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("grant `{name}` {title}"), "the record could not be used").help(help)
}
