//! # survey-personal
//!
//! A survey asks something that leads to a person: a mobile number, a mail address, a record, a point
//! on the map, a file, a photo, or a question with `personal: true`.
//!
//! **Why it matters.** The page promises that nobody can tell who gave which answers. With such a
//! question the answers themselves would tell.
//!
//! **Remedy.** Leave the question out. Whoever wants an answer for himself needs a service: an
//! application has an applicant.

use crate::form::Field;
use crate::source::Diagnostic;
use crate::source::manual::manual;

manual!("survey-personal", "survey_personal.rs");

/// The question leads to a person.
pub(crate) fn diagnostic(field: &Field) -> Diagnostic {
    let title = format!("`{}` asks for something that leads to a person", field.name);
    Diagnostic::error(MANUAL, &field.at, title, "the answers would tell who gave them")
        .help("leave the question out, or make a service of it")
}
