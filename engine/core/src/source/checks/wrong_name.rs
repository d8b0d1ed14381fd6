//! # wrong-name
//!
//! A name is not written as names are: lower-case letters, digits and underscores, beginning
//! with a letter, at most 64 characters. Codes of options and lists may also use capitals and
//! begin with a digit.
//!
//! **Why it matters.** The same name is used in YAML, in rules, in the database and in
//! addresses of pages, and is never converted on the way.
//!
//! **Remedy.** Write it in `snake_case`. The words that people see belong into `label`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("wrong-name", "wrong_name.rs");

/// `text` cannot be a name.
pub fn diagnostic(text: &str, at: &Where) -> Diagnostic {
    let snake: String =
        text.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let snake = snake.trim_matches('_').to_owned();
    let fits = snake.starts_with(|c: char| c.is_ascii_lowercase()) && snake != text;
    Diagnostic::error(MANUAL, at, format!("`{text}` cannot be a name"), "names are lower-case letters, digits and `_`")
        .maybe_help(fits.then(|| format!("write `{snake}`")))
}

/// `text` cannot be a code.
pub fn code(text: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{text}` cannot be a code"), "codes are letters, digits and `_`")
}
