//! # survey-least
//!
//! A survey says under `least` that numbers of fewer than five people are shown.
//!
//! **Why it matters.** Behind a small number stand people who know each other: four of them can work
//! out what the fifth has said. Five is a floor that the product sets.
//!
//! **Remedy.** Remove the line, or write a larger number.

use crate::base::limits::SURVEY_LEAST;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("survey-least", "survey_least.rs");

/// The number is too small.
pub(crate) fn diagnostic(least: &At<i64>) -> Diagnostic {
    let title = format!("numbers of {} people would be shown", least.value);
    Diagnostic::error(MANUAL, &least.at, title, "who they are could be found out")
        .help(format!("write {SURVEY_LEAST} or more, or remove this line"))
}
