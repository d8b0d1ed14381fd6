//! # counts-on-idle
//!
//! An action says `counts_on: true`, and comes from or leads to a state with `waits_for: applicant`, or
//! leads to an end.
//!
//! **Why it matters.** Time that the applicant has is no time of the office, and how long a case is kept is
//! reckoned from its end: the clocks begin anew there, whatever the action says. Whoever wrote it expects a
//! case to be due earlier than it is.
//!
//! **Remedy.** Remove `counts_on`. Where the clocks should go on, let the state not wait for the applicant.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{Action, State, Workflow};

manual!("counts-on-idle", "counts_on_idle.rs");

pub(super) fn check(workflow: &Workflow, out: &mut Diagnostics) {
    for state in &workflow.states {
        for action in state.actions.iter().filter(|action| action.counts_on) {
            let Some(why) = idle(workflow, state, action) else { continue };
            let title = format!("`{}` counts nothing on: {why}", action.name);
            out.push(
                Diagnostic::warning(MANUAL, &action.at, title, "the clocks begin anew all the same")
                    .help("remove `counts_on`"),
            );
        }
    }
}

/// Why the clocks do not go on with `action`, if they do not.
fn idle(workflow: &Workflow, left: &State, action: &Action) -> Option<String> {
    let next = workflow.state(&action.to.value)?;
    if let Some(waits) = [left, next].into_iter().find(|state| state.waits_for_applicant) {
        return Some(format!("`{}` waits for the applicant", waits.name));
    }
    next.end.map(|_| format!("`{}` is an end", next.name))
}
