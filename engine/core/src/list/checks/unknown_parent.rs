//! # unknown-parent
//!
//! A row of a list hangs below a code that no row has.
//!
//! **Why it matters.** The row would belong to no group, so nobody could find it.
//!
//! **Remedy.** Correct the spelling of the parent, add its row, or leave the cell empty for a row
//! at the top.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-parent", "unknown_parent.rs");

/// The row of `code` names `parent`, which is none of `known`.
pub fn diagnostic<'a>(
    code: &str,
    parent: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    at: &Where,
) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("no row has the code `{parent}`"), format!("`{code}` would belong nowhere"))
        .maybe_help(help(parent, known))
}
