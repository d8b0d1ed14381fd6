//! # unknown-key
//!
//! A key that means nothing here: mostly a slip of the pen, or a key at the wrong level.
//!
//! **Why it matters.** A key that nobody reads is a rule that nobody follows.
//!
//! **Remedy.** Correct the spelling, move it to where it belongs, or remove it.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-key", "unknown_key.rs");

/// `key` is none of `known`.
pub fn diagnostic(key: &At<String>, known: &[&str]) -> Diagnostic {
    Diagnostic::error(MANUAL, &key.at, format!("`{}` means nothing here", key.value), "nobody would read this")
        .maybe_help(help(&key.value, known.iter().copied()))
}
