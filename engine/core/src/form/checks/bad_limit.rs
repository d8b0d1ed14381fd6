//! # bad-limit
//!
//! A limit of a field is not what its type needs, or is outside what the engine allows at all.
//!
//! **Why it matters.** A limit that cannot be kept would let through what the author meant to
//! refuse.
//!
//! **Remedy.** Numbers for numbers, rupees for money, for a date `2027-03-31`, `today`,
//! `today + 30 days` or `today - 30 days`. A text has at most 4,000 characters and 40 lines, a
//! file at most 5 MB, a repeated group at most 50 items, a number at most 15 digits, of which at
//! most 8 decimals.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("bad-limit", "bad_limit.rs");

/// `written` cannot be a limit of a day.
pub fn day(written: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{written}` is no limit of a date"), "a day is expected here")
        .help("write `2027-03-31`, `today`, `today + 30 days` or `today - 30 days`")
}

/// A number outside what the engine allows.
pub fn outside(what: &str, least: i64, most: i64, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("{what} must be from {least} to {most}"), "this is outside")
        .help(format!("write a whole number from {least} to {most}"))
}
