//! # holder-in-office
//!
//! A role that follows from holding a record is named where somebody of the office is meant: under `assisted_by`, as
//! one that takes money, takes receipts back or closes days of a calendar, as one that knows an applicant whom others
//! do not know; or its action names who has the case next.
//!
//! **Why it matters.** Nobody is appointed to such a role, and whoever has it has no desk: nobody could do it.
//!
//! **Remedy.** Name a role of the office there.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics};
use crate::workflow::{Action, Assign};

manual!("holder-in-office", "holder_in_office.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let held = |role: &&At<Name>| service.is_held(&role.value);
    let mut refuse = |role: &At<Name>, label: &str| {
        let title = format!("`{}` follows from holding a record, and works in no office", role.value);
        out.push(Diagnostic::error(MANUAL, &role.at, title, label).help("name a role of the office"));
    };
    service.assisted_by.iter().filter(held).for_each(|role| refuse(role, "nobody could help at the counter"));
    if let Some(billing) = &service.billing {
        billing.collects.iter().filter(held).for_each(|role| refuse(role, "nobody could take money"));
        billing.cancels.iter().filter(held).for_each(|role| refuse(role, "nobody could take a receipt back"));
    }
    let stores = service.stocks.iter().flat_map(|stock| stock.kept_by.iter().chain(&stock.written_off_by));
    stores.filter(held).for_each(|role| refuse(role, "nobody could keep the stock"));
    let closing = service.reserves.iter().flat_map(|reserve| &reserve.blocked_by);
    closing.filter(held).for_each(|role| refuse(role, "nobody could close a day"));
    let knowing = service.anonymous.iter().flat_map(|anonymous| &anonymous.known_to);
    knowing.filter(held).for_each(|role| refuse(role, "a stranger would know the applicant"));
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let naming = actions.filter(|action| matches!(action.assign, Assign::Optional | Assign::Required | Assign::Actor));
    let roles = naming.flat_map(Action::roles);
    roles.filter(held).for_each(|role| refuse(role, "nobody outside of the office gives out its work"));
}
