//! A document with marks: HTML comments, which readers do not see, before what is held to the code.

use std::fs;

use crate::root;

/// The manual of the format.
pub(crate) const DEFINITIONS: &str = "docs/definitions.md";

/// A mark and the fenced block below it.
pub(crate) struct Marked {
    /// What the mark says behind its word: `<!-- file: this -->`.
    pub(crate) says: String,
    /// The text between the fences.
    pub(crate) block: String,
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every block below a mark `<!-- WORD: … -->`.
pub(crate) fn marked(text: &str, word: &str) -> Vec<Marked> {
    let head = format!("<!-- {word}: ");
    let mut found = Vec::new();
    for (start, _) in text.match_indices(&head) {
        let rest = &text[start + head.len()..];
        let (says, rest) = rest.split_once(" -->\n").expect("a mark ends its line");
        let rest = rest.strip_prefix("```").unwrap_or_else(|| panic!("a block follows the mark `{says}`"));
        let (_, rest) = rest.split_once('\n').expect("the fence ends its line");
        let (block, _) = rest.split_once("\n```\n").expect("the block is closed");
        found.push(Marked { says: says.to_owned(), block: block.to_owned() });
    }
    found
}

/// Puts `fresh` between `<!-- begin: NAME -->` and `<!-- end: NAME -->`, or panics if something
/// else stands there.
pub(crate) fn hold(path: &str, name: &str, fresh: &str) {
    let text = read(path);
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let start = text.find(&begin).unwrap_or_else(|| panic!("{path} has no {begin}")) + begin.len();
    let stop = start + text[start..].find(&end).unwrap_or_else(|| panic!("{path} has no {end}"));
    if text[start..stop] == *fresh {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{path}, `{name}`, is not what would be generated: run `UPDATE=1 cargo test -p cli --test docs`"
    );
    fs::write(root().join(path), format!("{}{fresh}{}", &text[..start], &text[stop..])).unwrap();
}

/// Puts `fresh` in place of a block below a mark, or panics if it differs.
pub(crate) fn hold_block(path: &str, marked: &Marked, fresh: &str) {
    if marked.block == fresh {
        return;
    }
    assert!(std::env::var_os("UPDATE").is_some(), "{path}, below `{}`, should say:\n{fresh}\n", marked.says);
    let text = read(path);
    let at = text.find(&format!("{} -->\n", marked.says)).expect("it was read from there");
    let (before, after) = text.split_at(at);
    fs::write(root().join(path), format!("{before}{}", after.replacen(&marked.block, fresh, 1))).unwrap();
}
