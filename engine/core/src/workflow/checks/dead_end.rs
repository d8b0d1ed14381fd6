//! # dead-end
//!
//! A state from which no sequence of actions reaches an end — because it has no action and is
//! not marked `end:`, or because its actions lead round in a circle.
//!
//! **Why it matters.** The case would stay open for ever, and so would whoever waits for it.
//!
//! **Remedy.** Mark the state with `end: granted`, `end: refused` or `end: closed`, or add the
//! action that leads on.

use std::collections::BTreeSet;

use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::Workflow;

manual!("dead-end", "dead_end.rs");

pub(crate) fn check(workflow: &Workflow, out: &mut Diagnostics) {
    let mut ending: BTreeSet<_> = workflow.states.iter().filter(|s| s.end.is_some()).map(|s| s.name.clone()).collect();
    loop {
        let more: Vec<_> = workflow
            .states
            .iter()
            .filter(|state| !ending.contains(&state.name))
            .filter(|state| state.actions.iter().any(|action| ending.contains(&action.to.value)))
            .map(|state| state.name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        ending.extend(more);
    }
    for state in workflow.states.iter().filter(|state| !ending.contains(&state.name)) {
        let label =
            if state.actions.is_empty() { "nothing can happen here" } else { "from here no end can be reached" };
        let title = format!("a case cannot leave `{}`", state.name);
        out.push(
            Diagnostic::error(MANUAL, &state.at, title, label)
                .help("mark it with `end: closed`, or add the action that leads on"),
        );
    }
}
