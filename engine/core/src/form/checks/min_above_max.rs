//! # min-above-max
//!
//! The least that a field takes is more than the most.
//!
//! **Why it matters.** No answer would do, so nobody could ever apply.
//!
//! **Remedy.** Correct one of the two, or turn them round.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("min-above-max", "min_above_max.rs");

/// `min`, as written at `at`, is above `max`.
pub fn diagnostic(min: &str, max: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("the least is {min} and the most is {max}"), "no answer would do")
        .help("correct one of the two")
}
