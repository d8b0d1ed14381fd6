//! # refusal-words
//!
//! A rule refuses with a code that has no words in `billing.yaml`, or words are there for a code with which no rule
//! refuses.
//!
//! **Why it matters.** Whoever meets the refusal reads the words, in a language of the town. A code alone tells nobody
//! what to do, and words that nothing leads to are translated in vain.
//!
//! **Remedy.** Say it under `refusals:` in `billing.yaml`, and in `locales/`:
//! `refusals: { too_long: The schedule allows no permit for so long. }`. A reason that is written as a sentence,
//! `refuse("no rate is known")`, needs no words; only officers read it.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::suggest;
use crate::source::{Diagnostic, Where};

manual!("refusal-words", "refusal_words.rs");

/// There are no words for `code`.
pub fn missing(code: &str, at: &Where, known: &[(Name, Where)]) -> Diagnostic {
    let title = format!("there are no words for `{code}`");
    let near = suggest(code, known.iter().map(|(name, _)| name.as_str()));
    let add = format!("add `{code}: …` to `refusals` in `billing.yaml`");
    let diagnostic = Diagnostic::error(MANUAL, at, title, "whoever meets this would not be told why");
    diagnostic.help(near.map_or(add, |near| format!("did you mean `{near}`?")))
}

/// No rule refuses with `code`.
pub fn idle(code: &str, at: &Where) -> Diagnostic {
    let title = format!("no rule refuses with `{code}`");
    Diagnostic::warning(MANUAL, at, title, "these words would never be read")
        .help(format!("write `refuse(\"{code}\")` in `fees.rhai`, or take the words out"))
}
