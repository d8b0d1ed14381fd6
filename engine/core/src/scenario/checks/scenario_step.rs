//! # scenario-step
//!
//! A step of a scenario cannot be carried out: it does nothing or more than one thing, nobody is
//! named to do it, or the scenario it begins `like` is not there.
//!
//! **Why it matters.** A scenario that does not run proves nothing.
//!
//! **Remedy.** A step has exactly one of `do`, `pay`, `wait`, `save` and `cancel_receipt`; `do`
//! and `save` need `by`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("scenario-step", "scenario_step.rs");

/// The step at `at` is wrong for this reason.
pub fn diagnostic(at: &Where, title: &str, help: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title.to_owned(), "the scenario stops here").help(help)
}
