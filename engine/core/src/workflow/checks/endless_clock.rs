//! # endless-clock
//!
//! Actions of the clock (`after`, `once`) lead round in a circle without anybody doing anything:
//! from a state to another and back.
//!
//! **Why it matters.** The case would move, and send its notices, for ever by itself. An action
//! of the clock that leads back to its own state happens once for each stay and is no such circle.
//!
//! **Remedy.** Let one of the actions be taken by a person, or let the circle end.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{Trigger, Workflow};

manual!("endless-clock", "endless_clock.rs");

pub(crate) fn check(workflow: &Workflow, out: &mut Diagnostics) {
    for state in &workflow.states {
        let mut seen = Vec::new();
        let mut open: Vec<Name> = by_clock(workflow, &state.name);
        while let Some(name) = open.pop() {
            if name == state.name {
                let title = format!("the clock alone leads from `{0}` back to `{0}`", state.name);
                out.push(
                    Diagnostic::error(MANUAL, &state.at, title, "the case would circle for ever")
                        .help("let a person take one of the actions"),
                );
                return;
            }
            if !seen.contains(&name) {
                open.extend(by_clock(workflow, &name));
                seen.push(name);
            }
        }
    }
}

fn by_clock(workflow: &Workflow, name: &str) -> Vec<Name> {
    let state = workflow.state(name);
    let actions = state.map_or(&[][..], |state| &state.actions);
    actions
        .iter()
        .filter(|action| matches!(action.trigger, Trigger::After(..)) && action.to.value != *name)
        .map(|action| action.to.value.clone())
        .collect()
}
