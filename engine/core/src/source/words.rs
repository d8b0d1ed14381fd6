//! Words for people, written in place in one language or in several.

use serde_json::{Value as Json, json};

use super::at::{At, Where};
use super::checks::wrong_shape;
use super::diagnostic::Diagnostics;
use super::node::{Node, NodeKind};
use super::shape::{Definitions, Shape};
use crate::base::Text;

/// Words as an author writes them: `Stall permit`, or `{ en: Stall permit, hi: स्टॉल अनुज्ञा }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Where they stand.
    pub at: Where,
    /// The key that leads to them.
    pub head: Where,
    /// By language code, in the author's order; the code is empty if no language is named.
    pub entries: Vec<(String, String)>,
}

impl Words {
    /// The wording: the first that is written, and the others as its translations.
    pub fn text(&self) -> Text {
        let mut entries = self.entries.iter();
        let written = entries.next().map_or_else(String::new, |(_, words)| words.clone());
        Text { written, translations: entries.cloned().collect() }
    }

    /// The wording, with every language that is named among its translations: for words that are read
    /// beside others in the language of a service, which need not be the first here.
    pub fn in_every_language(&self) -> Text {
        let named = self.entries.iter().filter(|(language, _)| !language.is_empty());
        Text { translations: named.cloned().collect(), ..self.text() }
    }

    /// The languages of `languages` in which nothing is written. Words without a language are
    /// taken to be in `written_in`.
    pub fn missing<'a>(&'a self, languages: &'a [String], written_in: &'a str) -> impl Iterator<Item = &'a str> {
        let has = move |language: &str| {
            self.entries.iter().any(|(code, _)| code == language || (code.is_empty() && language == written_in))
        };
        languages.iter().map(String::as_str).filter(move |language| !has(language))
    }
}

/// Whether `text` is the code of a language: two lower-case letters.
pub fn is_language(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase())
}

impl Shape for Words {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let entries = match &node.kind {
            NodeKind::Scalar { .. } => vec![(String::new(), At::<String>::read(node, out)?.value)],
            NodeKind::Map(written) => {
                let read: Vec<Option<(String, String)>> =
                    written.iter().map(|(key, value)| entry(key, value, out)).collect();
                read.into_iter().collect::<Option<Vec<_>>>()?
            }
            NodeKind::List(_) => Vec::new(),
        };
        if entries.is_empty() {
            out.push(wrong_shape::diagnostic(node, "a text, or a text for each language", "{ en: Yes, hi: हाँ }"));
            return None;
        }
        Some(Self { at: node.at.clone(), head: node.head.clone(), entries })
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "anyOf": [
            { "type": "string", "minLength": 1 },
            { "type": "object", "minProperties": 1, "propertyNames": { "pattern": "^[a-z]{2}$" }, "additionalProperties": { "type": "string", "minLength": 1 } },
        ] })
    }
}

fn entry(key: &At<String>, value: &Node, out: &mut Diagnostics) -> Option<(String, String)> {
    let words = At::<String>::read(value, out);
    if !is_language(key) {
        out.push(wrong_shape::at_place(
            &key.at,
            format!("`{}` is no language", key.value),
            "the code of a language",
            "hi",
        ));
        return None;
    }
    Some((key.value.clone(), words?.value))
}

/// The first words of a text, for diagnostics that quote it.
pub(crate) fn shortened(written: &str) -> String {
    let short: String = written.chars().take(60).collect();
    if short.len() < written.len() { format!("{short}…") } else { short }
}
