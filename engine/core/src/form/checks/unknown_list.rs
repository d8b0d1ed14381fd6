//! # unknown-list
//!
//! `options` names a list that there is not.
//!
//! **Why it matters.** People would have nothing to choose from.
//!
//! **Remedy.** Correct the spelling, add `lists/<name>.csv`, or write the options in place:
//! `options: { own: Own, rent: Rented }`.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-list", "unknown_list.rs");

/// `written` is none of the lists `known`.
pub fn diagnostic<'a>(written: &At<Name>, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("no list is called `{}`", written.value),
        "people would have nothing to choose from",
    )
    .help(format!("add `lists/{}.csv`, or write the options in place", written.value))
    .maybe_help(help(written, known))
}
