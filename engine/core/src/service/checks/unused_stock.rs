//! # unused-stock
//!
//! A stock is listed and no action uses up anything of it.
//!
//! **Why it matters.** What is received could only be handed on and written off.
//!
//! **Remedy.** Say `uses:` on the action with which a number goes out, or remove the stock.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("unused-stock", "unused_stock.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for stock in &service.stocks {
        let mut actions = service.workflow.states.iter().flat_map(|state| &state.actions);
        let used = actions.any(|action| action.uses.iter().any(|uses| uses.stock.value == stock.name));
        if !used {
            let title = format!("nothing uses up the stock `{}`", stock.name);
            out.push(
                Diagnostic::warning(MANUAL, &stock.at, title, "it could only be received and written off")
                    .help(format!("say `uses: {{ stock: {}, as: … }}` on an action, or remove it", stock.name)),
            );
        }
    }
}
