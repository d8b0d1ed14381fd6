//! # page-never-asked
//!
//! A page of an officer is never asked: no action says `asks:` with its name and no state lets its
//! role edit. Or a page says `by: [officer, applicant]`, and no action of the applicant asks it.
//!
//! **Why it matters.** The page exists only on paper, or the applicant never comes to it.
//!
//! **Remedy.** Let an action ask it, or give a state `edit:` with the page's role. A page of the application that
//! the applicant shares names the applicant first: `by: [applicant, planner]`.

use crate::form::Page;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::APPLICANT;

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
        } else if page.with.iter().any(|with| *with == *APPLICANT) && !asked_of_applicant(service, page) {
            let title = format!("the applicant is never asked the page `{}`", page.name);
            out.push(Diagnostic::error(MANUAL, &page.at, title, "no action of the applicant asks it").help(format!(
                "add `asks: {}` to an action of the applicant, or name the applicant first to share a page of the \
                     application",
                page.name
            )));
        }
    }
}

/// Whether the applicant takes an action that asks the page.
fn asked_of_applicant(service: &Service, page: &Page) -> bool {
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let mut asking = actions.filter(|action| action.asks.as_ref().is_some_and(|asks| asks.value == page.name));
    asking.any(|action| action.roles().iter().any(|role| role.value == *APPLICANT))
}
