//! # missing-product-words
//!
//! A file of `words/` lacks words that the product itself says: on a button, in an error, on a bill.
//!
//! **Why it matters.** The page would say them in English, to people who may not read it.
//!
//! **Remedy.** Add the key with its words. The same key in `words/en.yaml` shows what is said, and which
//! names in braces the words must hold.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("missing-product-words", "missing_product_words.rs");

/// `key` has no words in `language`.
pub fn diagnostic(key: &str, language: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{key}` has no words in `{language}`"), "people would read this in English")
        .help(format!("add `{key}` here; words/en.yaml has what it says"))
}
