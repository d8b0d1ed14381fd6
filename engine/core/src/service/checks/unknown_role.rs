//! # unknown-role
//!
//! A role is named — in an action, a state, a page, a notice, under `apart` or `assisted_by`, or in
//! billing.yaml — that `service.yaml` does not list.
//!
//! **Why it matters.** Nobody could ever hold it, so nobody could ever take the action.
//!
//! **Remedy.** Correct the spelling, or add the role under `roles` of service.yaml. `applicant` is
//! always there.

use crate::base::Name;
use crate::notice::Recipient;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics, Where};
use crate::workflow::{APPLICANT, Action};

manual!("unknown-role", "unknown_role.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let known: Vec<&str> =
        std::iter::once(APPLICANT).chain(service.roles.iter().map(|role| role.name.as_str())).collect();
    let mut look = |name: &Name, at: &Where, label: &str| {
        if !known.contains(&name.as_str()) {
            let title = format!("no role is called `{name}`");
            out.push(Diagnostic::error(MANUAL, at, title, label).maybe_help(help(name, known.iter().copied())));
        }
    };
    for state in &service.workflow.states {
        if let Some(edit) = &state.edit {
            look(edit, &edit.at, "nobody could ever edit here");
        }
        for role in state.actions.iter().flat_map(Action::roles) {
            look(role, &role.at, "nobody could ever take this action");
        }
    }
    for page in service.form.pages.iter().filter(|page| page.program.is_none()) {
        for by in page.by.iter().chain(&page.with) {
            look(by, &page.at, "nobody could ever answer this page");
        }
    }
    for notice in service.notices.iter() {
        if let Recipient::Role(role) = &notice.to {
            look(role, &notice.at, "nobody would ever be told");
        }
    }
    for role in service.billing.iter().flat_map(|billing| &billing.collects) {
        look(role, &role.at, "nobody could ever take money");
    }
    for role in service.billing.iter().flat_map(|billing| &billing.cancels) {
        look(role, &role.at, "nobody could ever take a receipt back");
    }
    for role in &service.assisted_by {
        look(role, &role.at, "nobody could help at the counter");
    }
    for role in service.anonymous.iter().flat_map(|anonymous| &anonymous.known_to) {
        look(role, &role.at, "nobody would know the applicant");
    }
    for role in service.reserves.iter().flat_map(|reserve| &reserve.blocked_by) {
        look(role, &role.at, "nobody could close a day");
    }
    for role in service.stocks.iter().flat_map(|stock| stock.kept_by.iter().chain(&stock.written_off_by)) {
        look(role, &role.at, "nobody could do this with the stock");
    }
    for (role, at) in &service.apart_at {
        look(role, at, "there is nobody to keep apart");
    }
}
