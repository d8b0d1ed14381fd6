//! # amend-without-rule
//!
//! An action says `demand: amend`, and fees.rhai has no function `amend`; or the function is there and no
//! action calls it.
//!
//! **Why it matters.** The engine would not know which heads to change, and by how much; or a rule for
//! waivers is written that nobody can ever use.
//!
//! **Remedy.**
//!
//! ```rhai
//! fn amend(answers, demand, rates) {
//!     #{ waiver: -answers.waived }
//! }
//! ```

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics, Where};
use crate::workflow::DemandEffect;

manual!("amend-without-rule", "amend_without_rule.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    // Without any rules, other checks say so.
    let Some(fees) = &service.fees else { return };
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let mut amends = actions.filter(|action| action.demand == Some(DemandEffect::Amend)).peekable();
    if fees.script.has_amend {
        if amends.peek().is_none() {
            let at = Where::file(&fees.script.file);
            out.push(
                Diagnostic::error(MANUAL, &at, "no action amends a demand", "the function `amend` is never called")
                    .help("add `demand: amend` to an action, or remove the function"),
            );
        }
        return;
    }
    for action in amends {
        let title = format!("`{}` amends the demand, and no rule says by how much", action.name);
        out.push(
            Diagnostic::error(MANUAL, &action.at, title, "nothing could be added or taken off")
                .help("write `fn amend(answers, demand, rates) { #{ head: amount } }` in fees.rhai"),
        );
    }
}
