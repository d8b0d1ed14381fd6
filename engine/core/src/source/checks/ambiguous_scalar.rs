//! # ambiguous-scalar
//!
//! A word was expected, and what stands there is a number, a date, a time or a truth value to
//! some readers of YAML: `no`, `010`, `1.10`, `12:30`, `2026-04-01`, `~`.
//!
//! **Why it matters.** One program reads `no` as the word, the next as *false*; `010` loses its
//! zero, `1.10` its last digit, `12:30` becomes 750. A code or an amount must never depend on
//! who reads it, so Nagar does not guess.
//!
//! **Remedy.** Write the word in quotes.
//!
//! ```yaml
//! title: no        # ambiguous
//! title: "no"      # the word
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("ambiguous-scalar", "ambiguous_scalar.rs");

/// `text` stands where words were expected, and `reading` is what other readers make of it.
pub fn diagnostic(text: &str, reading: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{text}` could be read as {reading}"), "a text is expected here")
        .help(format!("write it in quotes: \"{text}\""))
}
