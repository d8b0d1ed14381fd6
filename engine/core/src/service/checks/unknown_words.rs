//! # unknown-words
//!
//! A file of `locales/` translates a name that the service does not have.
//!
//! **Why it matters.** The translation is never shown, and the word it was meant for is missing.
//!
//! **Remedy.** Correct the name, or remove the line.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-words", "unknown_words.rs");

/// No `what` is called `name`.
pub fn diagnostic<'a>(name: &At<Name>, what: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.dedup();
    Diagnostic::error(
        MANUAL,
        &name.at,
        format!("no {what} is called `{}`", name.value),
        "these words would never be shown",
    )
    .maybe_help(help(name, known.iter().copied()))
}
