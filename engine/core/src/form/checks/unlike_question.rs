//! # unlike-question
//!
//! Items of a list must differ in a question that they are not asked.
//!
//! **Why it matters.** Without that answer no two items could be told to be alike, and nothing would be refused.
//!
//! **Remedy.** Name questions of the list itself: `differ: [name, mobile]`.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unlike-question", "unlike_question.rs");

/// The items of the list are not asked `name`.
pub fn diagnostic<'a>(name: &At<Name>, asked: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let title = format!("the items of this list are not asked `{}`", name.value);
    Diagnostic::error(MANUAL, &name.at, title, "no two of them would be alike").maybe_help(help(&name.value, asked))
}
