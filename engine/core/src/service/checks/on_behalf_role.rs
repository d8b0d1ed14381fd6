//! # on-behalf-role
//!
//! `on_behalf` of service.yaml names a role that does not follow from holding a record, or none that is there.
//!
//! **Why it matters.** Nobody could ever write an application for another: only whoever holds the record that the
//! application names may.
//!
//! **Remedy.** Name a role that says `holder_of`.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("on-behalf-role", "on_behalf_role.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let Some(role) = service.on_behalf.as_ref().filter(|role| !service.is_held(&role.value)) else { return };
    let held = service.roles.iter().filter(|role| role.holder_of.is_some()).map(|role| role.name.as_str());
    let known: Vec<&str> = held.collect();
    let title = format!("`{}` does not follow from holding a record", role.value);
    out.push(
        Diagnostic::error(MANUAL, &role.at, title, "nobody could write an application for another")
            .help("name a role that says `holder_of`")
            .maybe_help(help(&role.value, known)),
    );
}
