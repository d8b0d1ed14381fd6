//! # reserve-lost
//!
//! A state that has something for a time waits for money, and no action there says what happens when the
//! money comes too late: one with `once: paid` and `when: reserved.NAME == "lost"`.
//!
//! **Why it matters.** Money is never refused. When it comes after the time, and somebody else has the
//! place, the case would stay where it is with money that nobody is waiting for.
//!
//! **Remedy.** Write two actions: one that goes on, with `when: reserved.NAME != "lost"`, and one that pays
//! back, with `== "lost"`.

use crate::reserve::{Hold, LOST, RESERVED};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{Action, Once, Trigger};

manual!("reserve-lost", "reserve_lost.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let waits = |action: &&Action| matches!(action.trigger, Trigger::Once(Once::Paid, _));
    for reserve in &service.reserves {
        let named = format!("{RESERVED}.{}", reserve.name);
        let tells = |action: &Action| {
            let says = |source: &str| source.contains(&named) && source.contains(LOST) && source.contains("==");
            action.conditions().any(|when| says(&when.source))
        };
        let timed = reserve.holds.iter().filter(|(_, hold)| matches!(hold, Hold::For(_)));
        for state in timed.filter_map(|(name, _)| service.workflow.state(&name.value)) {
            let mut paid = state.actions.iter().filter(waits);
            let Some(first) = paid.next() else { continue };
            if !tells(first) && !paid.any(tells) {
                let title = format!("nothing in `{}` says what happens to money that comes too late", state.name);
                out.push(
                    Diagnostic::error(MANUAL, &first.at, title, "the money would be here, and the place gone").help(
                        format!("add an action with `once: paid` and `when: {named} == \"{LOST}\"` that pays it back"),
                    ),
                );
            }
        }
    }
}
