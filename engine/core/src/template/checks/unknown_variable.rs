//! # unknown-variable
//!
//! A template uses a variable that does not exist, or one that only papers have.
//!
//! **Why it matters.** There would be an empty space in the words.
//!
//! **Remedy.** Correct the spelling. Answers are `answers.` and the name of the question; every
//! other variable is in the table of the manual of definitions.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};
use crate::template::variables;

manual!("unknown-variable", "unknown_variable.rs");

/// `path` is none of `candidates`.
pub fn diagnostic(at: &Where, path: &str, candidates: &[String]) -> Diagnostic {
    let found =
        Diagnostic::error(MANUAL, at, format!("no variable is called `{path}`"), "nothing would be printed here");
    if variables::find(path, true).is_some() {
        return found.help("only papers have it");
    }
    found.maybe_help(help(path, candidates.iter().map(String::as_str)))
}
