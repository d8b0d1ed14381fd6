//! # personal-in-notice
//!
//! A notice carries something about a person, an answer that is `personal: true`, or the applicant's name in
//! a message to somebody else, and does not say what for.
//!
//! **Why it matters.** Messages leave the office: they lie open on telephones and with those who carry them.
//! The number of the application and a link are enough for nearly every message, and the law wants a purpose
//! for the rest.
//!
//! **Remedy.** Leave it out, or write in the notice what it is needed for: `purpose: So that the applicant
//! can tell several applications apart`.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("personal-in-notice", "personal_in_notice.rs");

/// The notice `name` prints `variable`.
pub(crate) fn diagnostic(name: &Name, variable: &str, at: &Where) -> Diagnostic {
    let title = format!("the notice `{name}` carries `{variable}`, and no `purpose` says what for");
    Diagnostic::error(MANUAL, at, title, "this would leave the office with the message")
        .help("leave it out, or add `purpose:` with the reason in a few words")
}
