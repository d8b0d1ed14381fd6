//! # unknown-words
//!
//! A file of `locales/` has words for something that the service does not have: a name, a line of the
//! start page, or a whole part.
//!
//! **Why it matters.** The translation is never shown, and the word it was meant for is missing.
//!
//! **Remedy.** Correct the name, or remove the line.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Where};

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

/// The service says nothing that these words could stand for.
pub(crate) fn nothing_said(what: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("the service has no {what}"), "these words would never be shown")
        .help("remove them, or write in the service itself what they stand for")
}
