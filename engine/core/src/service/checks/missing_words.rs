//! # missing-words
//!
//! A word that people see has no translation into a language of the tenant.
//!
//! **Why it matters.** The page would be half in one language and half in another; a citizen who
//! reads only one of them is left out.
//!
//! **Remedy.** Add the word under the same name in `locales/<language>.yaml`. A paper may have a heading
//! without a variable in it instead: that is its title in the language of the template.

use crate::source::manual::manual;
use crate::source::words::shortened;
use crate::source::{Diagnostic, Where};

manual!("missing-words", "missing_words.rs");

/// `what`, written as `written`, is missing in `language`.
pub fn diagnostic(what: &str, written: &str, language: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{what}` has no words in `{language}`"),
        "people would read this in another language",
    )
    .help(format!("add `{}` to locales/{language}.yaml: the words for \"{}\"", nested(what), shortened(written)))
}

/// Where the words are written: a state with words for the public has both below its name.
fn nested(what: &str) -> String {
    match what.strip_prefix("states.").and_then(|state| state.strip_suffix(".public")) {
        Some(state) => format!("states: {{ {state}: {{ label: …, public: … }} }}"),
        None => what.to_owned(),
    }
}
