//! # survey-fine-place
//!
//! A survey asks for a place that is finer than the level it names under `places`, or for any place
//! where it names none.
//!
//! **Why it matters.** In a small place whoever knows the people there can tell who gave an answer.
//! Written beside the promise that nobody can, the level is what the town has thought about.
//!
//! **Remedy.** Ask for a wider place with `level: ward`, and write the same level under `places`.

use crate::form::Field;
use crate::source::Diagnostic;
use crate::source::manual::manual;

manual!("survey-fine-place", "survey_fine_place.rs");

/// The question asks for a place of this level.
pub(crate) fn diagnostic(field: &Field, level: &str) -> Diagnostic {
    let title = format!("`{}` asks for a place of the level `{level}`, which this survey may not", field.name);
    Diagnostic::error(MANUAL, &field.at, title, "whoever lives there could be told by it")
        .help("write `places: ward` beside the title, and `level: ward` with the question")
}
