//! # table-unknown-source
//!
//! A key of a table takes its values from something that is neither a choice of the form, nor a list,
//! nor a kind of interval.
//!
//! **Why it matters.** Without knowing the values, nobody can tell whether every one has its row.
//!
//! **Remedy.** Name a field with options, a file of `lists/` without its `.csv`, or write one of
//! `from <= x < to`, `from < x <= to`, `from <= x <= to`.

use crate::rule::Domain;
use crate::source::manual::manual;
use crate::source::suggest::suggest;
use crate::source::{At, Diagnostic};

manual!("table-unknown-source", "table_unknown_source.rs");

/// `source` names nothing.
pub fn diagnostic(source: &At<String>, domain: &Domain) -> Diagnostic {
    let known = domain.fields.keys().map(String::as_str).chain(domain.lists.iter().map(|list| list.name.as_str()));
    let near = suggest(source, known).map(|near| format!("did you mean `{near}`?"));
    let kinds = "name a choice or a list, or write `from <= x < to`, `from < x <= to` or `from <= x <= to`".to_owned();
    Diagnostic::error(
        MANUAL,
        &source.at,
        format!("`{}` is no choice, no list and no kind of interval", source.value),
        "the values of this key are not known",
    )
    .help(near.unwrap_or(kinds))
}
