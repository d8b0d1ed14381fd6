//! # unknown-file
//!
//! A file lies in the folder of a service and nothing reads it: mostly a misspelt name
//! (`form.yml`, `fee.rhai`).
//!
//! **Why it matters.** The author believes it is in force.
//!
//! **Remedy.** Rename it, or move it elsewhere. A `README.md` may lie anywhere.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};
use std::sync::Arc;

manual!("unknown-file", "unknown_file.rs");

/// The file at `path` is read by nobody; `name` is its name inside the service's folder.
pub fn diagnostic(path: &Arc<str>, name: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(MANUAL, &Where::file(path), format!("nothing reads `{name}`"), "this file is not in force")
        .maybe_help(help(name, known.iter().copied()))
}
