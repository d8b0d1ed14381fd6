//! # wrong-format
//!
//! `format:` names a version of the definition format that this program does not know.
//!
//! **Why it matters.** A later version may give the same words another meaning.
//!
//! **Remedy.** Write `format: 1`, or use a newer program.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("wrong-format", "wrong_format.rs");

/// The format written at `at` is not known.
pub fn diagnostic(at: &Where, found: i64) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("format {found} is not known"), "the words could mean something else")
        .help("write `format: 1`")
}
