//! # rule-unknown-list
//!
//! A rule calls `listed` with a list that is not there, or with a column that the list lacks.
//!
//! **Why it matters.** The rule fails for everybody.
//!
//! **Remedy.** Name a file of `lists/` without its `.csv`, and one of its further columns.

use crate::list::List;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("rule-unknown-list", "rule_unknown_list.rs");

/// No list is called `name`.
pub fn list<'a>(name: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("no list is called `{name}`"), "nothing could be looked up")
        .maybe_help(help(name, known))
}

/// The list has no column `name`.
pub fn column(name: &str, at: &Where, list: &List) -> Diagnostic {
    let mut columns: Vec<&str> =
        list.entries.iter().flat_map(|entry| entry.attributes.keys().map(String::as_str)).collect();
    columns.sort_unstable();
    columns.dedup();
    Diagnostic::error(
        MANUAL,
        at,
        format!("the list `{}` has no column `{name}`", list.name),
        "nothing could be looked up",
    )
    .maybe_help(help(name, columns))
}
