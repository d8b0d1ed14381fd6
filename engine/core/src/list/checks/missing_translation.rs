//! # missing-translation
//!
//! Something that people read is not written in every language of the tenant.
//!
//! **Why it matters.** Who chose Hindi would meet an English sentence in the middle of a page,
//! an SMS or a license.
//!
//! **Remedy.** Add the words: in a list as a cell of the language's column, in `tenant.yaml` and
//! for the authority of rates as `{ en: …, hi: … }`, for everything else of a service in `locales/hi.yaml` under the same names,
//! for a fieldset that a service asks in `fieldsets/locales/hi.yaml`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("missing-translation", "missing_translation.rs");

/// `what` (a code, or the key of the words, in backticks) has no words in `language`.
pub fn diagnostic(what: &str, language: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("{what} has no words in `{language}`"),
        "people who read this language would not understand it",
    )
}

/// A whole list has no column for `language`.
pub fn column(language: &str, at: &Where) -> Diagnostic {
    diagnostic("this list", language, at).help(format!("add a column `{language}`"))
}
