//! # unknown-notice
//!
//! An action names under `notify` a notice that `notifications/` does not have.
//!
//! **Why it matters.** The action would silently do less than it says.
//!
//! **Remedy.** Correct the spelling, or add the notice.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("unknown-notice", "unknown_notice.rs");

pub(crate) fn check(service: &Service, there: &[Name], out: &mut Diagnostics) {
    let known: Vec<&str> = there.iter().map(Name::as_str).collect();
    let mut look = |name: &At<Name>| {
        if !known.contains(&name.as_str()) {
            let title = format!("no notice is called `{}`", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "nobody would be told")
                    .maybe_help(help(name, known.iter().copied())),
            );
        }
    };
    for state in &service.workflow.states {
        for name in state.actions.iter().flat_map(|action| &action.notify) {
            look(name);
        }
    }
}
