//! # reserved-role
//!
//! A role carries a name that the engine uses itself: `applicant` is whoever applied, `system` is
//! the calendar and the payment gateway, `program` answers a page by itself.
//!
//! **Why it matters.** An employee would be taken for the applicant of every case.
//!
//! **Remedy.** Choose another name.

use crate::form::PROGRAM;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::APPLICANT;

manual!("reserved-role", "reserved_role.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for role in service.roles.iter().filter(|role| [APPLICANT, "system", PROGRAM].contains(&role.name.as_str())) {
        let title = format!("`{}` is not a role to be given", role.name);
        out.push(
            Diagnostic::error(MANUAL, &role.at, title, "the engine uses this name itself").help("choose another name"),
        );
    }
}
