//! # raise-without-fees
//!
//! An action raises a demand, or waits for `paid`, in a service without `fees.rhai`, `rates.yaml`,
//! `billing.yaml` and `postings.yaml`; or all of these are there and no action raises a demand.
//!
//! **Why it matters.** Nothing could be charged; or a fee is defined that nobody ever pays.
//!
//! **Remedy.** Add the missing files, or `demand: raise` to the action that approves.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics, Where};
use crate::workflow::{DemandEffect, Once, Trigger};

manual!("raise-without-fees", "raise_without_fees.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let actions = || service.workflow.states.iter().flat_map(|state| &state.actions);
    let raises = actions().any(|action| action.demand.is_some_and(DemandEffect::charges));
    for action in actions() {
        let raise = action.demand.is_some_and(DemandEffect::charges);
        let waits = matches!(action.trigger, Trigger::Once(Once::Paid, _));
        if (raise || waits) && service.fees.is_none() {
            let title = format!("`{}` needs a fee, and this service has none", action.name);
            out.push(
                Diagnostic::error(MANUAL, &action.at, title, "nothing could be charged")
                    .help("add rates.yaml, fees.rhai, billing.yaml and postings.yaml"),
            );
        }
    }
    if let Some(fees) = &service.fees
        && !raises
    {
        let at = Where::file(&fees.script.file);
        out.push(
            Diagnostic::error(MANUAL, &at, "no action raises this fee", "nobody would ever be charged")
                .help("add `demand: raise` to the action that approves"),
        );
    }
}
