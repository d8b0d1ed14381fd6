//! # broken-yaml
//!
//! The file is not YAML: a bracket is open, a quote is missing, lines are indented unevenly or
//! with tabs, or the file holds nothing at all.
//!
//! **Why it matters.** Nothing in the file can be read.
//!
//! **Remedy.** Mend the place that is pointed at; the mistake is there or just before it. Indent
//! with spaces, two for each level.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("broken-yaml", "broken_yaml.rs");

/// The parser gave up at `at`.
pub fn diagnostic(at: &Where, message: &str) -> Diagnostic {
    let message = message.split(" at byte").next().unwrap_or(message);
    let message = message.split(" at line").next().unwrap_or(message);
    Diagnostic::error(MANUAL, at, "this file is not valid YAML", message.trim().to_lowercase())
        .help("the mistake is here or just before: look for an open bracket or quote, or an uneven indent")
}

/// A line is indented with a tab.
pub fn tab(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "a line is indented with a tab", "YAML allows only spaces here")
        .help("indent with two spaces for each level")
}

/// There is nothing in the file.
pub fn empty(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "this file is empty", "there is nothing to read")
        .help("write its content, or remove the file if the service does not need it")
}
