//! # bad-language
//!
//! The languages of a tenant are codes of two lower-case letters (ISO 639-1), each once, at
//! least one.
//!
//! **Why it matters.** The code chooses the words of every page, and is what a browser and a
//! screen reader are told.
//!
//! **Remedy.** Write `[hi, en]`; the first is what a newcomer sees.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Where};

manual!("bad-language", "bad_language.rs");

/// Not a code, or there already.
pub fn code(written: &At<String>, twice: bool) -> Diagnostic {
    let title = if twice {
        format!("`{}` is there twice", written.value)
    } else {
        format!("`{}` is no language", written.value)
    };
    Diagnostic::error(MANUAL, &written.at, title, "a language is two lower-case letters, once")
        .help("write for example `[hi, en]`")
}

/// None at all.
pub fn none(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "no language is named", "pages could not be written")
        .help("write for example `languages: [hi, en]`")
}
