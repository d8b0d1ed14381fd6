//! # survey-by-place
//!
//! A survey names under `by_place` a question that asks for no place.
//!
//! **Why it matters.** Its results could not be shown by place, and nobody would notice before it has ended.
//!
//! **Remedy.** Name a question of `type: place` there, or remove the line.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("survey-by-place", "survey_by_place.rs");

/// The question asks for no place; these do.
pub(crate) fn diagnostic(named: &At<Name>, places: &[&str]) -> Diagnostic {
    let title = format!("no question `{}` asks for a place", named.value);
    Diagnostic::error(MANUAL, &named.at, title, "the results could not be shown by it")
        .help("name a question of `type: place`")
        .maybe_help(help(&named.value, places.iter().copied()))
}
