//! # empty-page
//!
//! A page, a group or a list asks nothing, or a form has no page.
//!
//! **Why it matters.** People would be shown a page with a button and nothing to do.
//!
//! **Remedy.** Add a field, or remove the page.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("empty-page", "empty_page.rs");

/// `what` (a page, a group…) has no fields.
pub fn diagnostic(what: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("{what} asks nothing"), "people would have nothing to do here")
        .help("add a field, or remove it")
}
