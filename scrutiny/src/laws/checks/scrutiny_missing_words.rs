//! # scrutiny-missing-words
//!
//! A wording of by-laws is not there in a language that the by-laws are to be in.
//!
//! **Why it matters.** Whoever is told that a drawing does not fit must be able to read which by-law that is.
//!
//! **Remedy.** Add the words: `{ en: Height, hi: ऊँचाई }`.

use engine::source::{Diagnostic, Manual, Words};

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-missing-words", source: include_str!("scrutiny_missing_words.rs") };

/// `words` are not there in `language`.
pub fn diagnostic(words: &Words, language: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, &words.head, format!("this has no words in `{language}`"), "somebody cannot read this")
        .help(format!("add `{language}:` beside the other languages"))
}
