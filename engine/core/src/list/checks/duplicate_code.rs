//! # duplicate-code
//!
//! Two rows of a list have the same code.
//!
//! **Why it matters.** The code is what is stored and what rates refer to; with two rows of one
//! code nobody could say which of them was chosen.
//!
//! **Remedy.** Give one of the rows a code of its own, or remove it.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("duplicate-code", "duplicate_code.rs");

/// `code` stands at `at`, and stood already at `first`.
pub fn diagnostic(code: &str, at: &Where, first: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{code}` is the code of two rows"), "the second row")
        .other(first, "the first row")
        .help("give one of them a code of its own")
}
