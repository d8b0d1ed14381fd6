//! # unused-grant
//!
//! A grant of service.yaml that no action makes.
//!
//! **Why it matters.** The record is promised and never made.
//!
//! **Remedy.** Add `grant: …` to the action that approves, or remove it.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("unused-grant", "unused_grant.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for grant in &service.grants {
        let made = service
            .workflow
            .states
            .iter()
            .flat_map(|state| &state.actions)
            .any(|action| action.grant.as_ref().is_some_and(|name| name.value == grant.name));
        if !made {
            let title = format!("no action makes the grant `{}`", grant.name);
            out.push(
                Diagnostic::error(MANUAL, &grant.at, title, "nothing would ever be granted")
                    .help(format!("add `grant: {}` to an action", grant.name)),
            );
        }
    }
}
