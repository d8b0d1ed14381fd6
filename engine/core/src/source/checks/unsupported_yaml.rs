//! # unsupported-yaml
//!
//! Definitions are plain YAML: no anchors (`&x`), aliases (`*x`), tags (`!x`), second documents
//! (`---`), maps or lists as keys, and no byte-order mark.
//!
//! **Why it matters.** A reader should see what is meant where it stands. Aliases also let a
//! file of a few hundred bytes unfold into billions of values.
//!
//! **Remedy.** Write the value out, or move what is shared into a list or a fieldset. To YAML a value that begins
//! with `!` or `&` is a tag or an anchor: a condition that begins with "not" stands in quotes.
//!
//! ```yaml
//! when: "!is_empty(note)"
//! ```

use super::broken_yaml;
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

/// An anchor.
pub fn anchor(at: &Where) -> Diagnostic {
    make(at, "anchors are", "remove the word that begins with `&`, or write the whole value in quotes")
}

/// A tag, whose `!` stands at the beginning of `at` in `text`: mostly a condition that begins with "not".
pub fn tag(at: &Where, text: &str) -> Diagnostic {
    let value = Where { end: end_of_value(text, at.start), ..at.clone() };
    let written = text.get(value.start..value.end).unwrap_or_default();
    if written.starts_with("!!") {
        return make(&value, "tags are", "remove the word that begins with `!`");
    }
    let help = format!("to YAML a value that begins with `!` is a tag: write it in quotes, {}", in_quotes(written));
    make(&value, "tags are", &help)
}

/// Where the value ends that begins at the byte `start`: with its line, before a remark, or in a map or list between
/// brackets before the sign that ends it there.
fn end_of_value(text: &str, start: usize) -> usize {
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let line = line.find(" #").map_or(line, |remark| &line[..remark]);
    let (mut depth, mut quoted) = (0_usize, false);
    let end = line.find(|letter: char| {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            ')' | ']' | '}' | ',' if depth == 0 => return true,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        false
    });
    start + line[..end.unwrap_or(line.len())].trim_end().len()
}

/// The value as it is to be written, in the quotes that are easier to read.
fn in_quotes(value: &str) -> String {
    if value.contains('"') && !value.contains('\'') {
        return format!("`'{value}'`");
    }
    format!("`{}`", broken_yaml::quoted(value))
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
