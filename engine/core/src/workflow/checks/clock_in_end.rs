//! # clock-in-end
//!
//! A state marked `end:` carries an `sla`, waits for the applicant, or can be edited.
//!
//! **Why it matters.** The work is over there: a clock would colour the desk for ever, and
//! answers would change after the decision that rested on them.
//!
//! **Remedy.** Remove the key, or the `end:`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::Workflow;

manual!("clock-in-end", "clock_in_end.rs");

pub(crate) fn check(workflow: &Workflow, out: &mut Diagnostics) {
    for state in workflow.states.iter().filter(|state| state.end.is_some()) {
        let key = match (&state.sla, state.waits_for_applicant, &state.edit) {
            (Some(_), ..) => "sla",
            (_, true, _) => "waits_for",
            (.., Some(_)) => "edit",
            _ => continue,
        };
        let title = format!("`{}` is an end and has `{key}`", state.name);
        out.push(
            Diagnostic::error(MANUAL, &state.at, title, "the work is over here")
                .help(format!("remove `{key}`, or `end`")),
        );
    }
}
