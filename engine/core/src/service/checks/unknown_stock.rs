//! # unknown-stock
//!
//! An action uses up something of a stock that `service.yaml` does not list.
//!
//! **Why it matters.** There would be nothing to use up, and nobody to hand it out.
//!
//! **Remedy.** Correct the spelling, or describe the stock under `stocks` of service.yaml.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("unknown-stock", "unknown_stock.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let known = || service.stocks.iter().map(|stock| stock.name.as_str());
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    for uses in actions.flat_map(|action| &action.uses) {
        if known().all(|name| uses.stock.value != *name) {
            let title = format!("no stock is called `{}`", uses.stock.value);
            out.push(
                Diagnostic::error(MANUAL, &uses.stock.at, title, "there is nothing to use up")
                    .maybe_help(help(&uses.stock.value, known())),
            );
        }
    }
}
