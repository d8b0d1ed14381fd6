//! # survey-days
//!
//! A survey ends before it begins.
//!
//! **Why it matters.** Nobody could ever answer it, and its results would be empty from the first day.
//!
//! **Remedy.** Let `until` be on or after `from`.

use crate::base::Day;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("survey-days", "survey_days.rs");

/// The last day is before the first.
pub(crate) fn diagnostic(from: &At<Day>, until: &At<Day>) -> Diagnostic {
    let title = format!("the survey ends on {} and begins on {}", until.value, from.value);
    Diagnostic::error(MANUAL, &until.at, title, "nobody could answer it").other(&from.at, "it begins on this day")
}
