//! # scrutiny-unknown-name
//!
//! By-laws name a measure, an answer, a figure, a table, a group or a side that is not there.
//!
//! **Why it matters.** A rule over something that nobody measures would never be held to anything.
//!
//! **Remedy.** Correct the name, or state what it names. A measure that is computed uses measures above it.

use engine::source::suggest::help;
use engine::source::{Diagnostic, Manual, Where};

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-unknown-name", source: include_str!("scrutiny_unknown_name.rs") };

/// `name` is none of `known`, which are what `what` says.
pub fn diagnostic(at: &Where, what: &str, name: &str, known: &[String]) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("there is no {what} `{name}`"), "this names nothing")
        .maybe_help(help(name, known.iter().map(String::as_str)))
}
