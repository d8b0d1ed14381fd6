//! # key-not-for-type
//!
//! A field has a key that its type does not read, or lacks one that its type needs.
//!
//! **Why it matters.** A limit that nobody keeps is worse than none: its author believes in it.
//!
//! **Remedy.** Remove the key, correct the type, or add what is missing.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("key-not-for-type", "key_not_for_type.rs");

/// The type `kind` does not read `key`; it reads `known`.
pub fn extra(key: &str, kind: &str, known: &[&str], at: &Where) -> Diagnostic {
    let all: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    let help = if all.is_empty() {
        format!("`{kind}` has no keys of its own")
    } else {
        format!("`{kind}` reads {}", all.join(", "))
    };
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{key}` means nothing for a field of type `{kind}`"),
        "nobody would keep this",
    )
    .help(help)
}

/// The type `kind` needs `key`.
pub fn lacking(key: &str, kind: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("a field of type `{kind}` needs `{key}`"), "nobody would know what to ask")
        .help(format!("add `{key}:`"))
}
