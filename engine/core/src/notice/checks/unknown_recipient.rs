//! # unknown-recipient
//!
//! A notice is sent to somebody who is neither `applicant` nor `assignee` nor a role of the service.
//!
//! **Why it matters.** Nobody would get it.
//!
//! **Remedy.** Write `applicant`, `assignee` (whoever has the application, or everybody who can act
//! next), or a role of service.yaml.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-recipient", "unknown_recipient.rs");

/// `to` is nobody.
pub fn diagnostic(to: &At<Name>, roles: &[Name]) -> Diagnostic {
    let known = ["applicant", "assignee"].into_iter().chain(roles.iter().map(Name::as_str));
    Diagnostic::error(MANUAL, &to.at, format!("nobody is called `{}`", to.value), "nobody would get this message")
        .maybe_help(help(to, known))
}
