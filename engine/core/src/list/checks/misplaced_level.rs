//! # misplaced-level
//!
//! A place does not hang below a place of a higher level: a ward at the top while the tenant's
//! levels begin with zones, or a zone inside a ward.
//!
//! **Why it matters.** Officers, routes and reports are found by going up from the place that a
//! citizen names; a level left out or turned round leads them astray.
//!
//! **Remedy.** Correct the `parent` or the `level` of the row. The order of the levels stands in
//! `tenant.yaml` under `levels`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("misplaced-level", "misplaced_level.rs");

/// The place `code` of `level` hangs below one of `above`, which is not `expected`; `None` is the top.
pub fn diagnostic(code: &str, level: &str, above: Option<&str>, expected: Option<&str>, at: &Where) -> Diagnostic {
    let found = above.map_or_else(|| "at the top".to_owned(), |above| format!("below a `{above}`"));
    let should = expected.map_or_else(|| "at the top".to_owned(), |expected| format!("below a `{expected}`"));
    Diagnostic::error(MANUAL, at, format!("`{code}` is a `{level}` {found}"), format!("a `{level}` belongs {should}"))
        .help("correct its parent or its level; `levels` in tenant.yaml gives the order")
}
