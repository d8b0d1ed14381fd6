//! # counts-on-idle
//!
//! An action says `counts_on: true`, and only one of the states that it comes from and leads to has
//! `waits_for: applicant`, or it leads to an end.
//!
//! **Why it matters.** Time that the applicant has is no time of the office, and how long a case is kept is
//! reckoned from its end: the clocks begin anew there, whatever the action says. Whoever wrote it expects a
//! case to be due earlier than it is.
//!
//! **Remedy.** Remove `counts_on`. Where the clocks should go on, let both states wait for the applicant, or
//! neither.

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
    if left.waits_for_applicant != next.waits_for_applicant {
        let waits = if left.waits_for_applicant { left } else { next };
        return Some(format!("`{}` waits for the applicant", waits.name));
    }
    next.end.map(|_| format!("`{}` is an end", next.name))
}
