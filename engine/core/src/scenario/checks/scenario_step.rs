//! # scenario-step
//!
//! A step of a scenario cannot be carried out: it does nothing or more than one thing, nobody is
//! named to do it, the scenario it begins `like` is not there, or more falls due in it than is tried.
//!
//! **Why it matters.** A scenario that does not run proves nothing.
//!
//! **Remedy.** A step has exactly one of `do`, `pay`, `wait`, `save` and `cancel_receipt`; `do`
//! and `save` need `by`. Within one `wait` ten thousand things may fall due: wait for less.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("scenario-step", "scenario_step.rs");

/// The step at `at` is wrong for this reason.
pub fn diagnostic(at: &Where, title: &str, help: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title.to_owned(), "the scenario stops here").help(help)
}

/// More falls due in the step at `at` than is tried: whatever comes after it would be compared with a case
/// that has stopped on its way.
pub(crate) fn cut(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "more falls due here than is tried", "the scenario stops here")
        .help("wait for less, and see that the clock alone does not lead the case in a circle")
}
