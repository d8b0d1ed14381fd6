//! # unknown-state
//!
//! An action leads to a state, or the workflow starts in a state, that is not listed under
//! `states`.
//!
//! **Why it matters.** A case that took the action would stand nowhere.
//!
//! **Remedy.** Correct the spelling, or add the state.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-state", "unknown_state.rs");

/// No state is called `name`.
pub fn diagnostic(name: &At<Name>, states: &[Name], label: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, &name.at, format!("no state is called `{}`", name.value), label)
        .maybe_help(help(name, states.iter().map(Name::as_str)))
}
