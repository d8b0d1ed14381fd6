//! # scenario-idle-key
//!
//! A step of a scenario says something that has no meaning for what it does: answers beside an action
//! that asks no page, a mode of payment where nothing is paid, somebody who has the case next where
//! nobody is named.
//!
//! **Why it matters.** It would be passed over, and the scenario would prove less than it seems to.
//!
//! **Remedy.** Write it where it is used: answers of the applicant at the top or at a step that saves
//! their page, answers of an officer at the action that asks for them.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("scenario-idle-key", "scenario_idle_key.rs");

/// The key `key` at `at` means nothing beside `beside`.
pub(crate) fn diagnostic(key: &str, beside: &str, at: &Where, help: &str) -> Diagnostic {
    let title = format!("`{key}` means nothing beside `{beside}`");
    Diagnostic::error(MANUAL, at, title, "this would be passed over").help(help)
}
