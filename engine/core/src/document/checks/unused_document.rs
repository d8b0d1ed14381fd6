//! # unused-document
//!
//! Nothing issues a paper that is written: no action names it in `issue:`, no grant in `document:`.
//!
//! **Why it matters.** Nobody would ever be given it; probably an action lacks its `issue:`.
//!
//! **Remedy.** Name it, or remove the file. (`receipt` and `acknowledgement` are made by
//! themselves.)

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("unused-document", "unused_document.rs");

/// Nothing issues the paper `name`.
pub fn diagnostic(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("nothing issues the paper `{name}`"), "nobody would ever be given it")
        .help(format!("write `issue: {name}` with an action of workflow.yaml, or remove the file"))
}
