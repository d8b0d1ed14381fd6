//! # survey-kind
//!
//! A survey asks a question whose answers cannot be counted: a group, a list, a date, an amount, a
//! declaration.
//!
//! **Why it matters.** The results of a survey are numbers of people. An answer that is different for
//! nearly everybody gives none, and could tell who gave it.
//!
//! **Remedy.** Offer answers: a choice of spans instead of a date or an amount, one question each
//! instead of a group.

use crate::form::Field;
use crate::source::Diagnostic;
use crate::source::manual::manual;

manual!("survey-kind", "survey_kind.rs");

/// The answers to the question cannot be counted.
pub(crate) fn diagnostic(field: &Field) -> Diagnostic {
    let title = format!("the answers to `{}` cannot be counted", field.name);
    Diagnostic::error(MANUAL, &field.at, title, "nothing of it could be shown")
        .help("ask it as `choice`, `choices`, `yes_no`, `rating`, `number`, `decimal`, `place` or `text`")
}
