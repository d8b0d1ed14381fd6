//! # unused-role
//!
//! A role is listed and nothing in the service is for it.
//!
//! **Why it matters.** Somebody would be appointed to it and find an empty desk.
//!
//! **Remedy.** Use it in an action, under `assisted_by` or, if it handles money, in billing.yaml; or remove it.

use crate::notice::Recipient;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::Action;

manual!("unused-role", "unused_role.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for role in &service.roles {
        let acts = service.workflow.states.iter().any(|state| {
            state.edit.as_ref().is_some_and(|edit| edit.value == role.name)
                || state.actions.iter().flat_map(Action::roles).any(|by| by.value == role.name)
        });
        let told = service.notices.iter().any(|notice| notice.to == Recipient::Role(role.name.clone()));
        let counts = service.billing.iter().flat_map(|billing| billing.collects.iter().chain(&billing.cancels));
        let handles_money = counts.into_iter().any(|by| by.value == role.name);
        let assists = service.assists(std::slice::from_ref(&role.name));
        let mut closes = service.reserves.iter().flat_map(|reserve| &reserve.blocked_by);
        let mut keeps = service.stocks.iter().flat_map(|stock| stock.kept_by.iter().chain(&stock.written_off_by));
        let has_things = closes.any(|by| by.value == role.name) || keeps.any(|by| by.value == role.name);
        if !acts && !told && !handles_money && !assists && !has_things {
            let title = format!("nothing is for the role `{}`", role.name);
            out.push(
                Diagnostic::warning(MANUAL, &role.at, title, "whoever holds it has nothing to do")
                    .help("use it in an action, or remove it"),
            );
        }
    }
}
