//! # reserved-name
//!
//! A field has a name that means something else in rules: a word of the language (`if`, `for`,
//! `case`…), or `today`, `record`, `reserved`, `answers`, `rates`.
//!
//! **Why it matters.** No rule could speak of its answer.
//!
//! **Remedy.** Choose another name.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("reserved-name", "reserved_name.rs");

const RESERVED: &[&str] = &[
    "today",
    "record",
    "reserved",
    "answers",
    "rates",
    "demand",
    "day",
    "true",
    "false",
    "let",
    "const",
    "if",
    "else",
    "switch",
    "do",
    "while",
    "loop",
    "until",
    "for",
    "in",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "fn",
    "private",
    "import",
    "export",
    "as",
    "is",
    "goto",
    "exit",
    "match",
    "case",
    "default",
    "void",
    "null",
    "nil",
    "spawn",
    "thread",
    "go",
    "sync",
    "async",
    "await",
    "yield",
    "module",
    "package",
    "use",
    "with",
    "public",
    "protected",
    "new",
    "super",
    "print",
    "debug",
    "type_of",
    "eval",
    "call",
    "curry",
    "this",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "global",
    "var",
    "static",
    "shared",
];

/// Whether rules know `name` as something else.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// `name` cannot be the name of a field.
pub fn diagnostic(name: &At<Name>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &name.at,
        format!("`{}` means something else in rules", name.value),
        "no rule could speak of this answer",
    )
    .help("choose another name")
}
