//! # page-of-another
//!
//! An action asks for a page that another role answers: the action is taken by `inspector`, the
//! page says `by: verifier`.
//!
//! **Why it matters.** Whoever takes the action could not fill in the page.
//!
//! **Remedy.** Give the page to a role that takes the action.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::APPLICANT;

manual!("page-of-another", "page_of_another.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        let Some(asks) = &action.asks else { continue };
        let Some(page) = service.form.page(asks) else { continue };
        let owner = page.by.as_ref().map_or(APPLICANT, |by| by.as_str());
        let answers = |role: &Name| *role == *owner || page.with.contains(role);
        if !action.roles().iter().any(|role| answers(&role.value)) {
            let title = format!("`{}` asks a page that only `{owner}` answers", action.name);
            out.push(
                Diagnostic::error(MANUAL, &asks.at, title, "whoever takes the action could not fill it in")
                    .other(&page.at, "the page")
                    .help(format!("let `{owner}` take the action, or change `by` of the page")),
            );
        }
    }
}
