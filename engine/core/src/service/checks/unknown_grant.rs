//! # unknown-grant
//!
//! An action names under `grant` a grant that `grants` of `service.yaml` does not have.
//!
//! **Why it matters.** The action would silently do less than it says.
//!
//! **Remedy.** Correct the spelling, or add the grant.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("unknown-grant", "unknown_grant.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let known: Vec<&str> = service.grants.iter().map(|grant| grant.name.as_str()).collect();
    let mut look = |name: &At<Name>| {
        if !known.contains(&name.as_str()) {
            let title = format!("no grant is called `{}`", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "nothing would be granted")
                    .maybe_help(help(name, known.iter().copied())),
            );
        }
    };
    for state in &service.workflow.states {
        for name in state.actions.iter().filter_map(|action| action.grant.as_ref()) {
            look(name);
        }
    }
}
