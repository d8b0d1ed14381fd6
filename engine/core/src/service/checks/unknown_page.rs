//! # unknown-page
//!
//! An action names under `asks` a page that `form.yaml` does not have.
//!
//! **Why it matters.** The action would silently do less than it says.
//!
//! **Remedy.** Correct the spelling, or add the page.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("unknown-page", "unknown_page.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let known: Vec<&str> = service.form.all_pages().map(|page| page.name.as_str()).collect();
    let mut look = |name: &At<Name>| {
        if !known.contains(&name.as_str()) {
            let title = format!("no page is called `{}`", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "the action would ask nothing")
                    .maybe_help(help(name, known.iter().copied())),
            );
        }
    };
    for state in &service.workflow.states {
        for name in state.actions.iter().filter_map(|action| action.asks.as_ref()) {
            look(name);
        }
    }
}
