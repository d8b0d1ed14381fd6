//! # unknown-paper
//!
//! An action names under `issue` a paper that `documents/` does not have.
//!
//! **Why it matters.** The action would silently do less than it says.
//!
//! **Remedy.** Correct the spelling, or add the paper.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("unknown-paper", "unknown_paper.rs");

pub(crate) fn check(service: &Service, there: &[Name], out: &mut Diagnostics) {
    let known: Vec<&str> = there.iter().map(Name::as_str).collect();
    let mut look = |name: &At<Name>| {
        if !known.contains(&name.as_str()) {
            let title = format!("no paper is called `{}`", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "nothing would be issued")
                    .maybe_help(help(name, known.iter().copied())),
            );
        }
    };
    for state in &service.workflow.states {
        for name in state.actions.iter().flat_map(|action| &action.issue) {
            look(name);
        }
    }
    for document in service.grants.iter().filter_map(|grant| grant.document.as_ref()) {
        look(document);
    }
}
