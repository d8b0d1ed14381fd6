//! # scenario-unknown-name
//!
//! A scenario speaks of something that the service does not have: a question, an action, a state, a
//! role, a page, a message, a paper, a head of the bill, an account, a reason of refusal, a condition of
//! an action, or another scenario that it begins `like`.
//!
//! **Why it matters.** An answer to a question that nobody asks is passed over, and what the
//! scenario seems to prove is not what it tries.
//!
//! **Remedy.** Write the name as the service has it. The reasons of refusal are listed in
//! docs/definitions.md; the conditions of an action are the names under its `when:`.

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

/// The conditions of `action`, which have the names `known`, have no such name.
pub(crate) fn condition(action: &str, name: &str, at: &Where, known: &[&str]) -> Diagnostic {
    let title = format!("`{action}` has no condition `{name}`");
    let found = Diagnostic::error(MANUAL, at, title, "this can never refuse it");
    if known.is_empty() {
        return found.help("no condition of it has a name: write `refused: not_in_this_case`");
    }
    found.maybe_help(help(name, known.iter().copied()))
}

/// A condition of the action stands where a reason is expected.
pub(crate) fn condition_as_reason(name: &str, at: &Where, label: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("there is no refusal `{name}`"), label)
        .help(format!("`{name}` is a condition: write `refused: {{ when: {name} }}`"))
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
