//! # empty-label
//!
//! A row of a list has no words in its `label` column.
//!
//! **Why it matters.** People would be offered an empty choice.
//!
//! **Remedy.** Write what people should read.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("empty-label", "empty_label.rs");

/// The row of `code` has no label.
pub fn diagnostic(code: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{code}` has no label"), "people would see an empty choice")
        .help("write its words in the column `label`")
}
