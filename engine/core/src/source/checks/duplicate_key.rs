//! # duplicate-key
//!
//! The same key is written twice in one map.
//!
//! **Why it matters.** Some readers keep the first value, some the last; half of what was
//! written would be lost without a word.
//!
//! **Remedy.** Remove one of the two, or give it the name it was meant to have.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("duplicate-key", "duplicate_key.rs");

/// `key` stands at `at`, and stood already at `first`.
pub fn diagnostic(key: &str, at: &Where, first: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{key}` is written twice"), "the second time")
        .other(first, "the first time")
        .help("keep one of them")
}
