//! # unknown-option
//!
//! A choice is compared with a code that is none of its options, or that its list does not have; or a
//! code is looked for in a column of a list in which no row says it.
//!
//! **Why it matters.** The comparison is never true, so a question is never asked or a fee is
//! never charged, and nobody notices.
//!
//! **Remedy.** Use the code of an option, not its words.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-option", "unknown_option.rs");

/// `code` is no option of what it is compared with.
pub fn diagnostic<'a>(code: &str, at: &Where, options: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{code}` is no option here"), "this can never be so")
        .maybe_help(help(code, options))
}
