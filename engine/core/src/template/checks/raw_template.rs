//! # raw-template
//!
//! `{{{variable}}}` or `{{&variable}}` prints a value as it is, without making its signs harmless.
//!
//! **Why it matters.** What a person typed would become part of the paper's own structure.
//!
//! **Remedy.** Write `{{variable}}`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("raw-template", "raw_template.rs");

/// The tag at `at` prints without escaping.
pub fn diagnostic(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        "a template prints a value without escaping it",
        "what somebody typed would become part of the page",
    )
    .help("write the variable between two braces: `{{…}}`")
}
