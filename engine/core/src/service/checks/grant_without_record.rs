//! # grant-without-record
//!
//! A grant renews or revokes a record, and the case has none: the service is not opened on a record
//! and creates none before; or an action waits for a record to expire that has no end.
//!
//! **Why it matters.** The action would be refused every time, or never happen.
//!
//! **Remedy.** Add `on_record:` to service.yaml, or create the record first; give the grant
//! `valid_for` or `valid_until`.

use crate::registry::Mode;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{Once, Trigger};

manual!("grant-without-record", "grant_without_record.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let creates = service.grants.iter().any(|grant| grant.mode == Mode::Create);
    let has_record = creates || service.on_record.is_some();
    for grant in service.grants.iter().filter(|grant| grant.mode != Mode::Create && !has_record) {
        let title = format!("grant `{}` changes a record, and the case has none", grant.name);
        out.push(
            Diagnostic::error(MANUAL, &grant.at, title, "it would be refused every time")
                .help("add `on_record: { registry: … }` to service.yaml"),
        );
    }
    let ends = service.on_record.is_some() || service.grants.iter().any(|grant| grant.valid_until.is_some());
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        let needed = match &action.trigger {
            Trigger::Once(Once::Expired | Once::Expiring(_), at) => Some((at, ends)),
            Trigger::Once(Once::Revoked | Once::Renewed | Once::Amended, at) => Some((at, has_record)),
            _ => None,
        };
        if let Some((at, false)) = needed {
            let title = format!("`{}` waits for the end of a record that has none", action.name);
            out.push(
                Diagnostic::error(MANUAL, at, title, "this would never happen")
                    .help("give the grant `valid_for` or `valid_until`"),
            );
        }
    }
}
