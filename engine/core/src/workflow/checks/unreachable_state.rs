//! # unreachable-state
//!
//! No sequence of actions leads from the start to this state.
//!
//! **Why it matters.** Whatever is promised there — a notice, a refusal, a certificate — never
//! happens. In imported definitions it is mostly a misspelt `to`.
//!
//! **Remedy.** Add the action that leads there, or remove the state.

use std::collections::BTreeSet;

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::Workflow;

manual!("unreachable-state", "unreachable_state.rs");

pub(crate) fn check(workflow: &Workflow, entered: Option<&Name>, out: &mut Diagnostics) {
    let mut reached = BTreeSet::new();
    let mut open = vec![workflow.start.value.clone()];
    open.extend(entered.cloned());
    while let Some(name) = open.pop() {
        if reached.insert(name.clone())
            && let Some(state) = workflow.state(&name)
        {
            open.extend(state.actions.iter().map(|action| action.to.value.clone()));
        }
    }
    for state in workflow.states.iter().filter(|state| !reached.contains(&state.name)) {
        let title = format!("no action leads to `{}`", state.name);
        out.push(
            Diagnostic::error(MANUAL, &state.at, title, "no case can ever stand here")
                .help("add the action that leads here, or remove the state"),
        );
    }
}
