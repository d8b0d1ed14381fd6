//! # start-without-applicant
//!
//! Nobody can bring a case out of the state in which it begins: the start state has no action that
//! a person takes.
//!
//! **Why it matters.** Every application would stay a draft.
//!
//! **Remedy.** Give the start state an action such as `submit: { by: applicant, to: … }`.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("start-without-applicant", "start_without_applicant.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let start = &service.workflow.start;
    let Some(state) = service.workflow.state(start) else { return };
    if !state.actions.iter().any(|action| !action.roles().is_empty() && action.to.value != state.name) {
        let title = format!("nobody can send a case on from `{}`", start.value);
        out.push(
            Diagnostic::error(MANUAL, &state.at, title, "every application would stay a draft")
                .help("add `submit: { by: applicant, to: … }`"),
        );
    }
}
