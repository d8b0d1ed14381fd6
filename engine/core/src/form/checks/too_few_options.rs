//! # too-few-options
//!
//! A choice has no option, or only one.
//!
//! **Why it matters.** Who can only choose one thing is not asked anything. What must be
//! confirmed is a `declaration`; what can be yes or no is `yes_no`.
//!
//! **Remedy.** Add options, or use another type.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("too-few-options", "too_few_options.rs");

/// Only `count` can be chosen.
pub fn diagnostic(count: usize, at: &Where) -> Diagnostic {
    let title = if count == 0 { "nothing can be chosen" } else { "only one thing can be chosen" };
    Diagnostic::error(MANUAL, at, title, "a choice needs at least two options")
        .help("add options, or use `declaration` or `yes_no`")
}
