//! # unknown-child
//!
//! An action names under `opens`, or waits `once:` for, a child that `children` of `service.yaml` does not have; a child
//! is opened by no action; or an action that begins a period or a turn or follows a record opens one.
//!
//! **Why it matters.** Nobody would be asked, and the case would wait for an answer that never comes.
//!
//! **Remedy.** Correct the spelling, add the child, or write `opens:` on the action after which it is asked.

use std::collections::BTreeSet;

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("unknown-child", "unknown_child.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let known: Vec<&str> = service.children.iter().map(|child| child.name.as_str()).collect();
    let mut opened = BTreeSet::new();
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        for (name, _) in action.children.iter().filter(|(name, _)| !known.contains(&name.value.as_str())) {
            let title = format!("no child is called `{}`", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "this would never happen")
                    .maybe_help(help(&name.value, known.iter().copied())),
            );
        }
        for name in &action.opens {
            opened.insert(name.value.as_str());
            if !known.contains(&name.value.as_str()) {
                let title = format!("no child is called `{}`", name.value);
                out.push(
                    Diagnostic::error(MANUAL, &name.at, title, "no case would be opened")
                        .maybe_help(help(&name.value, known.iter().copied())),
                );
            }
            if action.is_of_register() {
                let title = format!("`{}` happens to a whole register and opens a case", action.name);
                out.push(
                    Diagnostic::error(MANUAL, &name.at, title, "no case would be opened")
                        .help("write `opens:` on an action of a person, or on one that follows it"),
                );
            }
        }
    }
    for child in service.children.iter().filter(|child| !opened.contains(child.name.as_str())) {
        let title = format!("no action opens `{}`", child.name);
        out.push(
            Diagnostic::error(MANUAL, &child.at, title, "nobody would be asked")
                .help(format!("add `opens: {}` to an action of workflow.yaml", child.name)),
        );
    }
}
