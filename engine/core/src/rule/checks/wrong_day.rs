//! # wrong-day
//!
//! A rule writes a day that no calendar has.
//!
//! **Why it matters.** The rule fails when it comes there.
//!
//! **Remedy.** Write the day as `day("2026-04-01")`: year, month, day.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("wrong-day", "wrong_day.rs");

/// `text` is no day.
pub fn diagnostic(text: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{text}` is not a day of the calendar"), "the rule would fail here")
        .help("for example `day(\"2026-04-01\")`")
}
