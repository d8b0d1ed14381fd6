//! # page-never-asked
//!
//! A page of an officer is never asked: no action says `asks:` with its name and no state lets its
//! role edit.
//!
//! **Why it matters.** The page exists only on paper.
//!
//! **Remedy.** Let an action ask it, or give a state `edit:` with the page's role.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("page-never-asked", "page_never_asked.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let states = &service.workflow.states;
    for page in service.form.pages.iter().filter(|page| page.program.is_none()) {
        let Some(by) = &page.by else { continue };
        let asked = states
            .iter()
            .flat_map(|state| &state.actions)
            .any(|action| action.asks.as_ref().is_some_and(|asks| asks.value == page.name));
        let edited = states.iter().any(|state| state.edit.as_ref().is_some_and(|edit| edit.value == *by));
        if !asked && !edited {
            let title = format!("nothing asks the page `{}`", page.name);
            out.push(
                Diagnostic::error(MANUAL, &page.at, title, "nobody would ever see it")
                    .help(format!("add `asks: {}` to an action of `{by}`", page.name)),
            );
        }
    }
}
