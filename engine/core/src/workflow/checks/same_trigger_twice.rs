//! # same-trigger-twice
//!
//! Two actions of one state wait for the same thing (`once: paid` twice, the same `after` twice)
//! and nothing (`when:`) tells them apart.
//!
//! **Why it matters.** Only the first in the file would ever happen.
//!
//! **Remedy.** Give each a `when:`, or remove one.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{Action, Trigger, Workflow};

manual!("same-trigger-twice", "same_trigger_twice.rs");

pub(crate) fn check(workflow: &Workflow, out: &mut Diagnostics) {
    for state in &workflow.states {
        for (index, action) in state.actions.iter().enumerate() {
            let earlier = state.actions[..index].iter().find(|earlier| {
                let same = match (&earlier.trigger, &action.trigger) {
                    (Trigger::Once(a, _), Trigger::Once(b, _)) => a == b,
                    (Trigger::After(a, _), Trigger::After(b, _)) => a == b,
                    _ => false,
                };
                let named =
                    |action: &Action| action.over.as_ref().or(action.answered.as_ref()).map(|name| name.value.clone());
                let children = |action: &Action| {
                    action.children.iter().map(|(name, how)| (name.value.clone(), *how)).collect::<Vec<_>>()
                };
                let same = same && children(earlier) == children(action);
                same && named(earlier) == named(action) && earlier.when.is_empty() && earlier.amended.is_empty()
            });
            if let Some(earlier) = earlier {
                let title = format!("`{}` waits for the same thing as `{}`", action.name, earlier.name);
                out.push(
                    Diagnostic::error(MANUAL, &action.at, title, "this one would never happen")
                        .other(&earlier.at, "this one always comes first")
                        .help("tell them apart with `when:`"),
                );
            }
        }
    }
}
