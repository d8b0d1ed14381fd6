//! # survey-long
//!
//! A survey has more than thirty questions.
//!
//! **Why it matters.** People answer on a phone while they wait. What is too long is left half-way, and
//! those who stay are not those who were asked.
//!
//! **Remedy.** Ask what will be decided by the answers, and leave out the rest; or make two surveys.

use crate::base::limits::SURVEY_QUESTIONS;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("survey-long", "survey_long.rs");

/// The question at `at` is one too many.
pub(crate) fn diagnostic(at: &Where) -> Diagnostic {
    let title = format!("the survey has more than {SURVEY_QUESTIONS} questions");
    Diagnostic::error(MANUAL, at, title, "this is one too many").help("ask less, or make two surveys")
}
