//! # unsupported-yaml
//!
//! Definitions are plain YAML: no anchors (`&x`), aliases (`*x`), tags (`!x`), second documents
//! (`---`), maps or lists as keys, and no byte-order mark.
//!
//! **Why it matters.** A reader should see what is meant where it stands. Aliases also let a
//! file of a few hundred bytes unfold into billions of values.
//!
//! **Remedy.** Write the value out, or move what is shared into a list or a fieldset.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("unsupported-yaml", "unsupported_yaml.rs");

fn make(at: &Where, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("{what} not part of the definition format"), "reading stopped here")
        .help(help)
}

/// An alias.
pub fn alias(at: &Where) -> Diagnostic {
    make(at, "aliases are", "write the value out, or share it as a list or a fieldset")
}

/// An anchor or a tag.
pub fn anchor_or_tag(at: &Where) -> Diagnostic {
    make(at, "anchors and tags are", "remove the word that begins with `&` or `!`")
}

/// A second document.
pub fn second_document(at: &Where) -> Diagnostic {
    make(at, "a second document is", "remove the line `---`: one file has one subject")
}

/// A byte-order mark.
pub fn byte_order_mark(at: &Where) -> Diagnostic {
    make(at, "a byte-order mark is", "save the file as UTF-8 without a byte-order mark")
}

/// A key that is a map or a list.
pub fn key_is_not_a_word(at: &Where) -> Diagnostic {
    make(at, "a key that is not a word is", "write a plain word before the colon")
}
