//! # unknown-listed-code
//!
//! A column that is called after a list, `documents` or `renewal_documents`, has a code that the
//! list does not know.
//!
//! **Why it matters.** Questions and rules that look for the right code never find the misspelt one:
//! a document is not asked for, and nobody notices.
//!
//! **Remedy.** Correct the code, or add it to the list after which the column is called. Call the
//! column otherwise if its cells are no codes of that list.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-listed-code", "unknown_listed_code.rs");

/// The cell at `at` says `code`, which the list `list` does not have.
pub(crate) fn diagnostic<'a>(
    code: &str,
    list: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    at: &Where,
) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("the list `{list}` has no `{code}`"),
        "whatever looks for this code would never find it",
    )
    .maybe_help(help(code, known))
}
