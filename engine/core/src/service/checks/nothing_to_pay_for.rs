//! # nothing-to-pay-for
//!
//! A state waits for money, `once: paid`, and no action that leads to it, however far back, says
//! `demand: raise`, `demand: add` or `demand: revise`.
//!
//! **Why it matters.** Nobody owes anything there. A payment would be kept as money that nobody was waiting for, and
//! the case would stay where it is until a clock ends it.
//!
//! **Remedy.** Add `demand: raise` to the action by which a case comes to the state; or take the state out, if the
//! service is free. What was owed on a record that is taken over from an older register does not count: a fee
//! that nobody demands any more needs no state that waits for it.

use std::collections::BTreeSet;

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{DemandEffect, Once, Trigger, Workflow};

manual!("nothing-to-pay-for", "nothing_to_pay_for.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    // Where there is no fee at all, that is what is wrong.
    if service.fees.is_none() {
        return;
    }
    let owed = after_a_charge(&service.workflow);
    for state in &service.workflow.states {
        for action in &state.actions {
            let waits = matches!(action.trigger, Trigger::Once(Once::Paid, _));
            if waits && !owed.contains(state.name.as_str()) {
                let title = format!("`{}` waits for money that nobody demands", action.name);
                let found = Diagnostic::error(MANUAL, &action.at, title, "this would never happen");
                out.push(found.help(match into(&service.workflow, state.name.as_str()) {
                    Some(before) => format!("add `demand: raise` to `{before}`, which leads here"),
                    None => "add `demand: raise` to the action that leads here".to_owned(),
                }));
            }
        }
    }
}

/// The states in which something may be owed: those to which an action that charges leads, and whatever follows.
fn after_a_charge(workflow: &Workflow) -> BTreeSet<&str> {
    let charges = workflow.states.iter().flat_map(|state| &state.actions);
    let charges = charges.filter(|action| action.demand.is_some_and(DemandEffect::charges));
    let mut open: Vec<&str> = charges.map(|action| action.to.value.as_str()).collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        let Some(state) = workflow.state(name) else { continue };
        open.extend(state.actions.iter().map(|action| action.to.value.as_str()));
    }
    seen
}

/// The first action that leads to a state from another.
fn into<'a>(workflow: &'a Workflow, name: &str) -> Option<&'a str> {
    let others = workflow.states.iter().filter(|state| state.name != *name);
    let mut actions = others.flat_map(|state| &state.actions);
    actions.find(|action| action.to.value == *name).map(|action| action.name.as_str())
}
