//! # maybe-empty-variable
//!
//! A message or a paper prints something that need not be there: an answer that may be left
//! empty or is not asked of everybody, a record before any was granted, a comment where the
//! action asks for none. The check follows every way through the workflow that leads to the
//! action, and takes for certain only what happened on all of them.
//!
//! **Why it matters.** "Pay Rs  by : " is worse than no message.
//!
//! **Remedy.** Put it between `{{#if …}}` and `{{/if}}`, make the question required, or use
//! another message for the case in which it is missing.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};
use crate::template::scope::Lack;

manual!("maybe-empty-variable", "maybe_empty_variable.rs");

/// `path` is printed but may be empty because of `lack`.
pub(crate) fn diagnostic(at: &Where, path: &str, lack: Lack) -> Diagnostic {
    let why = match lack {
        Lack::Need(need) => format!("it is there only {}", need.present()),
        Lack::Optional => "the question may be left unanswered".to_owned(),
        Lack::Conditional => "the question is not asked of everybody".to_owned(),
        Lack::OfficersPage => "an officer may not have answered that page yet".to_owned(),
    };
    Diagnostic::error(MANUAL, at, format!("`{path}` may be empty here"), "there would be a hole in the words")
        .note(why)
        .help(format!("write `{{{{#if {path}}}}} … {{{{/if}}}}` around it"))
}
