//! # unknown-answer
//!
//! A rule reads an answer that the form never asks for.
//!
//! **Why it matters.** The condition or the fee would fail for everybody.
//!
//! **Remedy.** Use the name of a field of `form.yaml`. Fields of a repeated group are read from
//! its items: `for unit in answers.units { unit.trade }`. Of a record, too, rules know those answers
//! that this form asks for: `record.answers.trade` needs a field `trade`.
//! In a condition of an action `record.answers` has what any service of the town asks that makes or changes such
//! records. `gather` and `covers` look for a name in groups and lists: it has to stand in one of them.

use crate::source::manual::manual;
use crate::source::suggest::{help, truth};
use crate::source::{Diagnostic, Where};

manual!("unknown-answer", "unknown_answer.rs");

/// `owner` (the form, a group) has no `name`.
pub fn diagnostic<'a>(
    owner: &str,
    name: &str,
    at: &Where,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let nothing = matches!(name, "null" | "none" | "None" | "nil" | "empty").then_some("()");
    Diagnostic::error(MANUAL, at, format!("{owner} has no `{name}`"), "nobody is asked this")
        .maybe_help(truth(name).or(nothing).map(|word| format!("write `{word}`")).or(help(name, known)))
}
