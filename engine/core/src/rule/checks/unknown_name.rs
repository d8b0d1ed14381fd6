//! # unknown-name
//!
//! A rule uses a name that nothing has given a value. Inside a function only its parameters and
//! its own `let`s are known, and `today`; in a row only the columns of its table, in a map only what
//! the rule put there.
//!
//! **Why it matters.** The rule fails when it comes there.
//!
//! **Remedy.** Correct the name, define it with `let`, or hand it to the function.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-name", "unknown_name.rs");

/// Nothing is called `name`.
pub fn diagnostic<'a>(name: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("nothing is called `{name}` here"), "the rule would fail here")
        .maybe_help(help(name, known))
}

/// Neither the row of a table nor the map that is read here has `name`.
pub fn member<'a>(name: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let title = format!("there is no `{name}` in this row or map");
    Diagnostic::error(MANUAL, at, title, "the rule would fail here").maybe_help(help(name, known))
}

/// `name` always means something else.
pub fn reserved(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{name}` already means something in every rule"),
        "this value could never be read",
    )
    .help("choose another name")
}
