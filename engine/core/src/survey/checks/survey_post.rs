//! # survey-post
//!
//! A survey names under `run_by` a service that the town does not offer, or a role that the service does
//! not have.
//!
//! **Why it matters.** Nobody at the desk could read what people have said.
//!
//! **Remedy.** Name a service of `services` in tenant.yaml, by its folder, and one of its roles.

use super::super::Survey;
use crate::source::Diagnostic;
use crate::source::manual::manual;
use crate::source::suggest::help;

manual!("survey-post", "survey_post.rs");

/// The town `town` does not offer the service; `known` are those it does.
pub(crate) fn service<'a>(survey: &Survey, town: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let title = format!("the town `{town}` offers no service `{}`", survey.service.value);
    Diagnostic::error(MANUAL, &survey.service.at, title, "nobody could read what people have said")
        .maybe_help(help(&survey.service, known))
}

/// The service has no such role; `known` are those it has.
pub(crate) fn role<'a>(survey: &Survey, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let title = format!("the service `{}` has no role `{}`", survey.service.value, survey.role.value);
    Diagnostic::error(MANUAL, &survey.role.at, title, "nobody could read what people have said")
        .maybe_help(help(&survey.role, known))
}
