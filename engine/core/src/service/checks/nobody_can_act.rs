//! # nobody-can-act
//!
//! A state that is no end and from which only money leads on, while no money can come; or in which
//! only an action with `once:` stands that can never happen; or in which every action is offered
//! only for some days (`within:`) and none comes after them.
//!
//! **Why it matters.** Every case that comes here stays here.
//!
//! **Remedy.** Let a role act, set a time with `after:`, or raise a demand before.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{DemandEffect, Once, Trigger};

manual!("nobody-can-act", "nobody_can_act.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let raises = service
        .workflow
        .states
        .iter()
        .flat_map(|state| &state.actions)
        .any(|action| action.demand.is_some_and(DemandEffect::charges));
    for state in service.workflow.states.iter().filter(|state| state.end.is_none()) {
        let moves = state.actions.iter().any(|action| match &action.trigger {
            Trigger::By(_) => action.within.is_none(),
            // Whoever asks a program is told of either.
            Trigger::After(..) | Trigger::Once(Once::Over | Once::Answered | Once::Failed, _) => true,
            Trigger::Once(Once::Paid, _) => raises,
            Trigger::Once(Once::Overdue, _) => state.sla.is_some() && action.to.value != state.name,
            Trigger::Once(Once::Children(_) | Once::ChildrenNamed, _) => !service.children.is_empty(),
            Trigger::Once(..) => !service.grants.is_empty() || service.on_record.is_some(),
        });
        if !moves && !state.actions.is_empty() {
            let late = state.actions.iter().any(|action| action.within.is_some());
            let title = format!(
                "nobody and nothing can act in `{}`{}",
                state.name,
                if late { " when that time is over" } else { "" }
            );
            out.push(
                Diagnostic::error(MANUAL, &state.at, title, "every case would stay here")
                    .help("let a role act, or add an action with `after:`"),
            );
        }
    }
}
