//! # rate-kind-differs
//!
//! A rate is a number in one schedule and a map, a word or a table in another.
//!
//! **Why it matters.** The rule that uses it is written for one of them, and fails on days when the
//! other schedule is in force.
//!
//! **Remedy.** Write it in the same way in every schedule.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rate-kind-differs", "rate_kind_differs.rs");

/// `name` is each of `shapes` somewhere.
pub fn diagnostic(name: &str, shapes: &[&str], at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{name}` is {} in different places", shapes.join(" and ")),
        "the rule can be right for one of them only",
    )
}
