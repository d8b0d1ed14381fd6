//! # demand-left-open
//!
//! A case can come to an end while its demand is still open: a way leads from `demand: raise` to a
//! state marked `end:` without `once: paid` and without `demand: cancel`.
//!
//! **Why it matters.** The money stays in the books as a receivable that nobody will ever pay, and
//! the citizen is reminded of a bill for something that was refused.
//!
//! **Remedy.** Add `demand: cancel` to the action that ends the case.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{DemandEffect, Once, Trigger};

manual!("demand-left-open", "demand_left_open.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let mut open = vec![(service.workflow.start.value.clone(), false)];
    let mut seen = Vec::new();
    while let Some((name, owing)) = open.pop() {
        if seen.contains(&(name.clone(), owing)) {
            continue;
        }
        seen.push((name.clone(), owing));
        let Some(state) = service.workflow.state(&name) else { continue };
        for action in &state.actions {
            let paid = matches!(action.trigger, Trigger::Once(Once::Paid, _));
            let owing = match action.demand {
                Some(DemandEffect::Raise | DemandEffect::Add | DemandEffect::Revise) => true,
                Some(DemandEffect::Cancel) => false,
                Some(DemandEffect::Amend) | None => owing && !paid,
            };
            let ends = service.workflow.state(&action.to).is_some_and(|next| next.end.is_some());
            if owing && ends {
                let title = format!("`{}` ends the case and leaves the demand open", action.name);
                let found = Diagnostic::error(MANUAL, &action.at, title, "the fee would be owed for ever")
                    .help("add `demand: cancel`");
                if !out.0.contains(&found) {
                    out.push(found);
                }
            }
            open.push((action.to.value.clone(), owing));
        }
    }
}
