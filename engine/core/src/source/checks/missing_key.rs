//! # missing-key
//!
//! A key that must be there is not.
//!
//! **Why it matters.** The engine has no value that would be right to assume.
//!
//! **Remedy.** Add the key. `nagar schema` prints what every file may say, and an editor that
//! knows the schema completes it.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("missing-key", "missing_key.rs");

/// `key` is missing in the map that stands at `at`; `meaning` says what it would tell.
pub fn diagnostic(key: &str, meaning: &str, at: &Where) -> Diagnostic {
    let meaning = meaning.trim().trim_end_matches('.').to_owned();
    Diagnostic::error(MANUAL, at, format!("`{key}` is missing"), format!("this needs `{key}`"))
        .help(format!("add `{key}:` — {}", lower_first(&meaning)))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
