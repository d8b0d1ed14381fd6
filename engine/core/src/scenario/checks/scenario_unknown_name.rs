//! # scenario-unknown-name
//!
//! A scenario speaks of something that the service does not have: a question, an action, a state, a
//! role, a page, a message, a paper, a head of the bill, an account, a reason of refusal, or another
//! scenario that it begins `like`.
//!
//! **Why it matters.** An answer to a question that nobody asks is passed over, and what the
//! scenario seems to prove is not what it tries.
//!
//! **Remedy.** Write the name as the service has it. The reasons of refusal are listed in
//! docs/definitions.md.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("scenario-unknown-name", "scenario_unknown_name.rs");

/// `owner` has no `what` of this name.
pub(crate) fn diagnostic<'a>(
    what: &str,
    name: &str,
    at: &Where,
    label: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("there is no {what} `{name}`"), label).maybe_help(help(name, known))
}

/// The applicant is given an answer that officers give.
pub(crate) fn of_officers(name: &str, page: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("the applicant is not asked `{name}`"), "this answer would be passed over")
        .help(format!(
            "the page `{page}` is answered by officers: write the answer at the step that asks it or saves it"
        ))
}

/// Scenarios that begin like one another in a circle.
pub(crate) fn circle(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{name}` begins like this scenario itself"), "neither has a beginning")
        .help("give one of them its own answers")
}
