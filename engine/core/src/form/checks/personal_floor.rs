//! # personal-floor
//!
//! A question for a mobile number or a mail address, or one that is sensitive, says `personal: false`.
//!
//! **Why it matters.** All of them always lead to a person. What protects people is a floor that the product
//! sets: a definition may protect more answers, and none less.
//!
//! **Remedy.** Remove the line: such questions are personal without it.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("personal-floor", "personal_floor.rs");

/// The question `name` says at `flag` that it is not personal.
pub(crate) fn diagnostic(name: &Name, flag: &At<bool>) -> Diagnostic {
    Diagnostic::error(MANUAL, &flag.at, format!("`{name}` is always personal"), "this would show it to everybody")
        .help("remove this line")
}

/// The question `name` is sensitive, and says at `flag` that it is not personal.
pub(crate) fn sensitive(name: &Name, flag: &At<bool>) -> Diagnostic {
    Diagnostic::error(MANUAL, &flag.at, format!("`{name}` is sensitive, so it is personal"), "this would say otherwise")
        .help("remove this line")
}
