//! # scenario-differs
//!
//! A scenario expected something else than what followed.
//!
//! **Why it matters.** Either the definition has changed its meaning, or the expectation was
//! never right. Both must be known before the service is used.
//!
//! **Remedy.** Read the step: if what followed is right, correct the expectation; if not, the
//! definition.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("scenario-differs", "scenario_differs.rs");

/// `what` was expected to be `expected`, and is `found`.
pub fn diagnostic(what: &str, at: &Where, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("{what} is {found}, not {expected}"), "this was expected")
        .note(format!("found: {found}"))
}

/// Something happened that nobody expected, or did not happen.
pub fn plain(at: &Where, title: String, label: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title, label)
}
