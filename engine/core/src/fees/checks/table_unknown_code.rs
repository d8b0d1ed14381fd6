//! # table-unknown-code
//!
//! A row of a table names a code that its choice or list does not have.
//!
//! **Why it matters.** The row would never be found, and the code that was meant has no rate.
//!
//! A row for a code of the wider list that a town's own list stands in the place of is for other
//! towns, and is left out.
//!
//! **Remedy.** Use a code of the list; a code of an upper level covers everything below it.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("table-unknown-code", "table_unknown_code.rs");

/// `code` is none of `known`.
pub fn diagnostic<'a>(code: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("there is no code `{code}`"), "this row would never be found")
        .maybe_help(help(code, known))
}
