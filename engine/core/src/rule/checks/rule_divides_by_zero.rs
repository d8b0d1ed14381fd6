//! # rule-divides-by-zero
//!
//! A rule divides by a zero that is written in it.
//!
//! **Why it matters.** The rule fails every time it comes there, and the case stays where it is.
//!
//! **Remedy.** Divide by what was meant.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rule-divides-by-zero", "rule_divides_by_zero.rs");

/// The divisor at `at` is zero.
pub fn diagnostic(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "something is divided by zero", "the rule would always fail here")
}
