//! The way of a case to the state in which it is to wait at the end of an invented history.

use std::collections::BTreeMap;

use engine::base::Name;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::workflow::Workflow;

/// Where a case is to wait, and how many steps each state is from there.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Where.
    pub(super) to: Name,
    steps: BTreeMap<Name, usize>,
}

impl Way {
    /// The way to a state in which somebody has something to do, by chance.
    pub(super) fn by_chance(workflow: &Workflow, chance: &mut Seeded) -> Option<Self> {
        let fitting = || {
            let states = workflow.states.iter().filter(|state| state.end.is_none());
            states.filter(|state| state.name != workflow.start.value)
        };
        let index = chance.below(u64::try_from(fitting().count()).unwrap_or(0));
        let to = fitting().nth(usize::try_from(index).unwrap_or(0))?.name.clone();
        Some(Self { steps: steps_to(workflow, &to), to })
    }

    /// Whether `next` is nearer than `here`.
    pub(super) fn is_nearer(&self, here: &Name, next: &Name) -> bool {
        let steps = |state| self.steps.get(state).copied().unwrap_or(usize::MAX);
        steps(next) < steps(here)
    }
}

/// How many steps it takes from each state to `to`, whatever leads there.
fn steps_to(workflow: &Workflow, to: &Name) -> BTreeMap<Name, usize> {
    let mut steps = BTreeMap::from([(to.clone(), 0)]);
    for far in 1..=workflow.states.len() {
        let reached: Vec<Name> = (workflow.states.iter())
            .filter(|state| !steps.contains_key(&state.name))
            .filter(|state| state.actions.iter().any(|action| steps.contains_key(&action.to.value)))
            .map(|state| state.name.clone())
            .collect();
        steps.extend(reached.into_iter().map(|name| (name, far)));
    }
    steps
}
