//! # rule-entry
//!
//! `fees.rhai` lacks the function that the engine calls, or it takes or gives something else.
//!
//! **Why it matters.** The engine calls `fees(answers, rates)` when a demand is raised, and, if they are
//! there, `on_payment(demand, day, rates)` or `on_payment(answers, demand, day, rates)` when money comes,
//! `amend(answers, demand, rates)` on an action with `demand: amend`, and
//! `on_dishonour(demand, day, rates)` when a cheque comes back. Each gives a map of heads and exact
//! amounts; what takes off is negative.
//!
//! **Remedy.**
//!
//! ```rhai
//! fn fees(answers, rates) {
//!     #{ application_fee: rates.application_fee }
//! }
//! ```

use crate::rule::inspect::Kind;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rule-entry", "rule_entry.rs");

/// There is no `fees`.
pub fn missing(rules: &Where) -> Diagnostic {
    let at = Where { end: rules.start, ..rules.clone() };
    Diagnostic::error(MANUAL, &at, "there is no function `fees(answers, rates)`", "no fee could be computed")
        .help("write `fn fees(answers, rates) { #{ head: amount } }`")
}

/// The function takes something else.
pub fn parameters(wanted: &str, found: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{found}` should be `{wanted}`"), "the engine could not call it")
}

/// The function gives no map of heads.
pub(crate) fn gives(found: &Kind, rules: &Where) -> Diagnostic {
    let at = Where { end: rules.start, ..rules.clone() };
    Diagnostic::error(
        MANUAL,
        &at,
        format!("the rules give {}, not a map of heads", found.word()),
        "no bill could be made of this",
    )
    .help("end the function with `#{ head: amount }`")
}
