//! # bad-announcement
//!
//! A day of an announcement is not a day of the calendar, is not written as `"2027-01-26"`, or the
//! announcement ends before it begins.
//!
//! **Why it matters.** The front page shows an announcement from its first day to its last: without
//! them it would be shown on wrong days, or never.
//!
//! **Remedy.** Write year, month and day with dashes, in quotes, and let `until` be on or after `from`.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-announcement", "bad_announcement.rs");

/// The text is not a day.
pub fn not_a_day(day: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &day.at,
        format!("`{}` is not a day of the calendar", day.value),
        "the announcement would be shown on wrong days",
    )
    .help("write it as year, month and day, for example \"2027-01-26\"")
}

/// The last day is before the first.
pub fn never_shown(from: &At<String>, until: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &until.at,
        format!("the announcement ends on {} and begins on {}", until.value, from.value),
        "it would never be shown",
    )
    .other(&from.at, "it begins on this day")
}
