//! # stock-holder
//!
//! An action that the clock, money or the applicant sets off uses up something of a stock.
//!
//! **Why it matters.** Only officers hold what is in stock: there would never be a number to use up.
//!
//! **Remedy.** Let an officer take the action; what follows by itself can come after it.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics};
use crate::workflow::APPLICANT;

manual!("stock-holder", "stock_holder.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        let roles = action.roles();
        // Whoever holds a record has no desk, and no stock.
        let holds_none = |role: &At<Name>| role.value == *APPLICANT || service.is_held(&role.value);
        if !roles.is_empty() && !roles.iter().any(holds_none) {
            continue;
        }
        for uses in &action.uses {
            let title = format!("nobody who takes `{}` can hold `{}`", action.name, uses.stock.value);
            out.push(
                Diagnostic::error(MANUAL, &uses.stock.at, title, "there would never be one to use up")
                    .help("say `by:` with roles of the office alone"),
            );
        }
    }
}
