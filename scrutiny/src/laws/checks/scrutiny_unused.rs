//! # scrutiny-unused
//!
//! By-laws state a measure, a figure or a table that no rule uses.
//!
//! **Why it matters.** Perhaps a rule was forgotten: what is stated and held to nothing looks as if it were checked.
//!
//! **Remedy.** Write the rule, or remove what it would need.

use engine::source::{Diagnostic, Manual, Where};

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-unused", source: include_str!("scrutiny_unused.rs") };

/// No rule uses the `what` that is called `name`.
pub fn diagnostic(at: &Where, what: &str, name: &str) -> Diagnostic {
    Diagnostic::warning(MANUAL, at, format!("no rule uses the {what} `{name}`"), "nothing is held to this")
}
