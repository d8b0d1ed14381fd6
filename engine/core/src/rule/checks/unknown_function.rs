//! # unknown-function
//!
//! A rule calls a function that is neither in its file nor among the standard functions.
//!
//! **Why it matters.** The rule fails when it comes there. Rules can call nothing but what the
//! manual lists, so that they cannot look at a clock, a file or chance.
//!
//! **Remedy.** Correct the name, or write the function.

use crate::source::manual::manual;
use crate::source::suggest::suggest;
use crate::source::{Diagnostic, Where};

manual!("unknown-function", "unknown_function.rs");

/// No function is called `name`.
pub fn diagnostic<'a>(name: &str, at: &Where, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let near = suggest(name, known).map(|near| format!("did you mean `{near}`?"));
    Diagnostic::error(MANUAL, at, format!("no function is called `{name}`"), "the rule would fail here")
        .maybe_help(near)
}
