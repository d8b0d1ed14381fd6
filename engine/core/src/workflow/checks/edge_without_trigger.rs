//! # edge-without-trigger
//!
//! An action says nothing, or more than one thing, about what sets it off. Exactly one of
//! `by` (a role), `once` (something that happens) and `after` (a time) must be there.
//!
//! **Why it matters.** Nobody could take the action; or two rules would compete for it.
//!
//! **Remedy.** Keep one of the three. Two ways to the same state are two actions.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("edge-without-trigger", "edge_without_trigger.rs");

/// Nothing sets the action off.
pub fn none(name: &At<Name>) -> Diagnostic {
    Diagnostic::error(MANUAL, &name.at, format!("nothing sets off `{}`", name.value), "this would never happen")
        .help("add `by: some_role`, `once: paid` or `after: 30 days`")
}

/// Several things set the action off.
pub fn several(name: &At<Name>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &name.at,
        format!("`{}` is set off in more than one way", name.value),
        "which one counts?",
    )
    .help("keep one of `by`, `once` and `after`; write the other as an action of its own")
}
