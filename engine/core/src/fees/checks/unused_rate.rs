//! # unused-rate
//!
//! A schedule states a rate that no rule uses.
//!
//! **Why it matters.** Somebody notified it, and nobody is charged it. It is a warning: it may be kept
//! for an older rule.
//!
//! **Remedy.** Use it in `fees.rhai`, or take it out.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("unused-rate", "unused_rate.rs");

/// No rule names `name`.
pub fn diagnostic(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::warning(MANUAL, at, format!("no rule uses the rate `{name}`"), "nobody is charged this")
}
