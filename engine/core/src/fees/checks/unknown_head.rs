//! # unknown-head
//!
//! A rule charges a head that `billing.yaml` does not have.
//!
//! **Why it matters.** The amount would stand on no bill and in no account.
//!
//! **Remedy.** Correct the name, or add the head to `billing.yaml` and `postings.yaml`.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-head", "unknown_head.rs");

/// No head is called `name`.
pub fn diagnostic(name: &str, at: &Where, heads: &[Name]) -> Diagnostic {
    let known: Vec<&str> = heads.iter().map(Name::as_str).collect();
    Diagnostic::error(MANUAL, at, format!("the bill has no head `{name}`"), "this amount would be on no bill")
        .maybe_help(help(name, known))
}
