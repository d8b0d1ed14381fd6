//! # unknown-locale-name
//!
//! A file of translations has words for something that is not there: a page, a field or an
//! option that was renamed or removed.
//!
//! **Why it matters.** The words are never shown, and what they were meant for is shown in
//! another language.
//!
//! **Remedy.** Correct the name, or remove the words.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-locale-name", "unknown_locale_name.rs");

/// `what` (a page, a field…) of the name `key` is none of `known`.
pub fn diagnostic<'a>(what: &str, key: &At<String>, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &key.at,
        format!("no {what} is called `{}`", key.value),
        "these words would never be shown",
    )
    .maybe_help(help(key, known))
}
