//! # template-include
//!
//! A template includes another one, or defines a piece of one (`{{> …}}`, `{{#> …}}`, `{{* …}}`).
//!
//! **Why it matters.** Templates that include each other have no end; a single template says
//! everything that will be printed.
//!
//! **Remedy.** Write the words in place.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("template-include", "template_include.rs");

/// The tag at `at` includes another template.
pub fn diagnostic(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        "a template includes another one",
        "templates cannot be included, so that none has no end",
    )
    .help("write the words in place")
}
