//! # unknown-level
//!
//! A level of places that the tenant does not have.
//!
//! **Why it matters.** Questions for a place, officers and reports go by the levels that
//! `tenant.yaml` names; nobody would ever be asked for a place of another level.
//!
//! **Remedy.** Correct the spelling, or add the level to `levels` in `tenant.yaml`.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-level", "unknown_level.rs");

/// `level` is none of `known`.
pub fn diagnostic<'a>(level: &str, known: impl IntoIterator<Item = &'a str> + Clone, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("no level of places is called `{level}`"),
        "the tenant's levels do not have it",
    )
    .maybe_help(help(level, known))
}
