//! # flags-without-edit
//!
//! An action says `flags: true`, but the applicant could not correct what is marked: the state it
//! leads to does not say `edit: applicant`, or no officer takes the action.
//!
//! **Why it matters.** The officer would mark answers that nobody can then change.
//!
//! **Remedy.** Lead to a state with `edit: applicant`, or take `flags` away.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::APPLICANT;

manual!("flags-without-edit", "flags_without_edit.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for action in service.workflow.states.iter().flat_map(|state| &state.actions).filter(|action| action.flags) {
        let to = service.workflow.state(&action.to);
        let editable = to.and_then(|to| to.edit.as_ref()).is_some_and(|edit| edit.value == *APPLICANT);
        let by_officer = action.roles().iter().any(|role| role.value != *APPLICANT);
        if !editable || !by_officer {
            let title = format!("what `{}` marks could not be corrected", action.name);
            let why = if by_officer { "the applicant changes no answers there" } else { "no officer takes it" };
            out.push(
                Diagnostic::error(MANUAL, &action.at, title, why)
                    .help("lead to a state with `edit: applicant`, or take `flags` away"),
            );
        }
    }
}
