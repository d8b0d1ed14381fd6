//! # bad-calendar
//!
//! The hours of the office or the first day of the financial year cannot be what they say.
//!
//! **Why it matters.** Promised days, interest and numbers such as `TL/DDN/2026-27/000001` are
//! counted by the tenant's calendar.
//!
//! **Remedy.** Write hours as `"10:00"` to `"17:00"` and the first day of the financial year as
//! `"04-01"` (month, day). An office must be open on at least one day of the week.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Where};

manual!("bad-calendar", "bad_calendar.rs");

/// A time of day that no clock shows.
pub fn time(written: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("`{}` is not a time of day", written.value),
        "nobody would know when to come",
    )
    .help("write hours and minutes in quotes, for example \"10:00\"")
}

/// The office would close before it opens.
pub fn order(from: &At<String>, to: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &to.at,
        format!("the office closes at {} and opens at {}", to.value, from.value),
        "it would never be open",
    )
    .other(&from.at, "opens here")
    .help("write the closing time of the same day")
}

/// A financial year that begins on no day of every year.
pub fn financial_year(written: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("`{}` is not a day of every year", written.value),
        "the financial year must begin on it",
    )
    .help("write month and day in quotes, for example \"04-01\"")
}

/// Closed on all seven days.
pub fn never_open(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "the office is closed on every day of the week", "working days would never pass")
        .help("leave at least one day of the week open")
}
