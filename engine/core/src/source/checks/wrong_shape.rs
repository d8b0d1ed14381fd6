//! # wrong-shape
//!
//! A value is there, but of another kind than the place needs: a list where one value is
//! expected, a word where a number is, a day that no calendar has.
//!
//! **Why it matters.** The engine does not convert; it would have to guess what was meant.
//!
//! **Remedy.** Write what the help line shows.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Node, Where};

manual!("wrong-shape", "wrong_shape.rs");

/// `node` is not `expected` (written with its article: "a whole number"); `example` is one.
pub fn diagnostic(node: &Node, expected: &str, example: &str) -> Diagnostic {
    let found = match node.scalar() {
        Some(text) if !text.is_empty() => format!("`{text}` is not {expected}"),
        _ => format!("{expected} is expected, not {}", node.what()),
    };
    let at = if node.scalar().is_some_and(|text| !text.is_empty()) { &node.at } else { &node.head };
    at_place(at, found, expected, example)
}

/// The same, with a title and a place of the caller's own.
pub fn at_place(at: &Where, title: impl Into<String>, expected: &str, example: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title, format!("{expected} is expected here"))
        .help(format!("for example `{example}`"))
}
