//! Text to nodes: the only use of the YAML parser.
//!
//! The parser hands over events with their places; nothing here recurses, nothing is coerced, and
//! the budgets of [`limits`] are kept while reading, so that a hostile file costs no more than a
//! large honest one.

use std::collections::BTreeSet;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span as YamlSpan};

use super::at::{At, Where};
use super::bundle::Bundle;
use super::checks::{broken_yaml, duplicate_key, not_utf8, too_large, unsupported_yaml};
use super::diagnostic::Diagnostics;
use super::node::{Node, NodeKind};
use crate::base::limits;

/// Reads the YAML file `path` of `bundle`; `None` if the file cannot be used at all.
pub fn yaml(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<Node> {
    let file = bundle.path(path)?;
    let text = text(bundle, path, out)?;
    if let Some(position) = text.find('\u{feff}') {
        out.push(unsupported_yaml::byte_order_mark(&Where {
            file: Arc::clone(file),
            start: position,
            end: position + 3,
        }));
        return None;
    }
    if let Some(at) = tab_in_indentation(file, text) {
        out.push(broken_yaml::tab(&at));
        return None;
    }
    Builder { file, text, out, stack: Vec::new(), nodes: 0, root: None }.build()
}

/// The text of any definition file, after the checks that hold for all of them.
pub fn text<'a>(bundle: &'a Bundle, path: &str, out: &mut Diagnostics) -> Option<&'a str> {
    let (file, bytes) = (bundle.path(path)?, bundle.bytes(path)?);
    if bytes.len() > limits::FILE_BYTES {
        out.push(too_large::file(&Where::file(file), bytes.len()));
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            out.push(not_utf8::diagnostic(file, bytes, error.valid_up_to()));
            None
        }
    }
}

fn tab_in_indentation(file: &Arc<str>, text: &str) -> Option<Where> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t')
            && !line.trim().is_empty()
        {
            return Some(Where { file: Arc::clone(file), start: start + tab, end: start + tab + 1 });
        }
        start += line.len();
    }
    None
}

/// An unfinished map or list.
struct Open {
    at: Where,
    head: Where,
    key: Option<At<String>>,
    /// The keys so far of a map that has [`MANY`], so that the second of a kind is found without looking at all
    /// of them.
    keys: BTreeSet<String>,
    /// Whether the key that waits for its value was there before.
    again: bool,
    entries: Vec<(At<String>, Node)>,
    items: Vec<Node>,
    is_map: bool,
}

/// So many keys are looked through sooner than they are kept a second time: most maps are small.
const MANY: usize = 16;

impl Open {
    /// Whether `key` was there before; it is from now on.
    fn is_again(&mut self, key: &str) -> bool {
        if self.entries.len() < MANY {
            return self.entries.iter().any(|(known, _)| known.value == key);
        }
        if self.keys.is_empty() {
            self.keys.extend(self.entries.iter().map(|(known, _)| known.value.clone()));
        }
        !self.keys.insert(key.to_owned())
    }
}

struct Builder<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    out: &'a mut Diagnostics,
    stack: Vec<Open>,
    nodes: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn build(mut self) -> Option<Node> {
        let mut parser = Parser::new_from_str(self.text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(next) => next,
                Err(error) => {
                    let at = self.byte_at(error.marker().byte_offset(), error.marker().index());
                    let message = error.to_string();
                    // The parser has a limit of its own for brackets inside brackets.
                    let deep = message.contains("recursion limit");
                    self.out.push(if deep {
                        too_large::depth(&at)
                    } else if self.text.get(at.start..).is_some_and(|rest| rest.starts_with('!')) {
                        unsupported_yaml::tag(&at, self.text)
                    } else {
                        broken_yaml::diagnostic(&at, &message, self.text)
                    });
                    return None;
                }
            };
            let at = self.place(&span);
            let go_on = match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    documents == 1 || self.refuse(unsupported_yaml::second_document(&at))
                }
                Event::Alias(_) => self.refuse(unsupported_yaml::alias(&at)),
                Event::Scalar(_, _, anchor, ref tag) if anchor != 0 || tag.is_some() => {
                    self.refuse(self.anchor_or_tag(&span, &at))
                }
                Event::SequenceStart(_, anchor, ref tag) | Event::MappingStart(_, anchor, ref tag)
                    if anchor != 0 || tag.is_some() =>
                {
                    self.refuse(self.anchor_or_tag(&span, &at))
                }
                Event::Scalar(text, style, ..) => {
                    let quoted = style != ScalarStyle::Plain;
                    self.scalar(text.into_owned(), quoted, at)
                }
                Event::SequenceStart(..) => self.open(at, false),
                Event::MappingStart(..) => self.open(at, true),
                Event::SequenceEnd | Event::MappingEnd => self.close(&at),
                _ => true,
            };
            if !go_on {
                return None;
            }
        }
        if self.root.is_none() {
            self.out.push(broken_yaml::empty(&Where::file(self.file)));
        }
        self.root
    }

    fn refuse(&mut self, diagnostic: super::Diagnostic) -> bool {
        self.out.push(diagnostic);
        false
    }

    /// What is said of an anchor or a tag before the node at `at`.
    fn anchor_or_tag(&self, span: &YamlSpan, at: &Where) -> super::Diagnostic {
        match span.tag_start {
            Some(tag) => unsupported_yaml::tag(&self.byte_at(tag.byte_offset(), tag.index()), self.text),
            None => unsupported_yaml::anchor(at),
        }
    }

    fn counted(&mut self, at: &Where) -> bool {
        self.nodes += 1;
        if self.nodes > limits::YAML_NODES {
            return self.refuse(too_large::nodes(at));
        }
        true
    }

    fn head(&self, at: &Where) -> Where {
        self.stack.last().and_then(|open| open.key.as_ref()).map_or_else(|| at.clone(), |key| key.at.clone())
    }

    fn scalar(&mut self, text: String, quoted: bool, at: Where) -> bool {
        if !self.counted(&at) {
            return false;
        }
        if let Some(open) = self.stack.last_mut()
            && open.is_map
            && open.key.is_none()
        {
            open.again = open.is_again(&text);
            if open.again
                && let Some((first, _)) = open.entries.iter().find(|(key, _)| key.value == text)
            {
                self.out.push(duplicate_key::diagnostic(&text, &at, &first.at));
            }
            open.key = Some(At::new(text, at));
            return true;
        }
        let head = self.head(&at);
        self.place_node(Node { at, head, kind: NodeKind::Scalar { text, quoted } });
        true
    }

    fn open(&mut self, at: Where, is_map: bool) -> bool {
        if !self.counted(&at) {
            return false;
        }
        if self.stack.len() >= limits::YAML_DEPTH {
            return self.refuse(too_large::depth(&at));
        }
        if self.stack.last().is_some_and(|open| open.is_map && open.key.is_none()) {
            // `{{number}}` at the beginning of a text without quotes.
            let braces = self.text.get(at.start.saturating_sub(1)..=at.start) == Some("{{");
            return self.refuse(if braces {
                broken_yaml::braces(&Where { start: at.start - 1, end: at.start + 1, ..at })
            } else {
                unsupported_yaml::key_is_not_a_word(&at)
            });
        }
        let head = self.head(&at);
        self.stack.push(Open {
            at,
            head,
            key: None,
            keys: BTreeSet::new(),
            again: false,
            entries: Vec::new(),
            items: Vec::new(),
            is_map,
        });
        true
    }

    fn close(&mut self, end: &Where) -> bool {
        let open = self.stack.pop().expect("the parser closes only what it opened");
        let kind = if open.is_map { NodeKind::Map(open.entries) } else { NodeKind::List(open.items) };
        let at = Where { end: end.end.max(open.at.end), ..open.at };
        self.place_node(Node { at, head: open.head, kind });
        true
    }

    fn place_node(&mut self, node: Node) {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(open) if open.is_map => {
                let key = open.key.take().expect("a value follows its key");
                if !open.again {
                    open.entries.push((key, node));
                }
            }
            Some(open) => open.items.push(node),
        }
    }

    fn place(&self, span: &YamlSpan) -> Where {
        let start = self.byte_at(span.start.byte_offset(), span.start.index()).start;
        let end = self.byte_at(span.end.byte_offset(), span.end.index()).start;
        let text = self.text.get(start..end).unwrap_or("");
        Where { file: Arc::clone(self.file), start, end: start + text.trim_end().len() }
    }

    fn byte_at(&self, bytes: Option<usize>, chars: usize) -> Where {
        let byte = bytes.unwrap_or_else(|| self.text.char_indices().nth(chars).map_or(self.text.len(), |(i, _)| i));
        let start = byte.min(self.text.len());
        Where { file: Arc::clone(self.file), start, end: start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_a_key_is_found_in_small_maps_and_in_large_ones() {
        for first in [0, 1, MANY - 1, MANY, MANY + 1, 2 * MANY] {
            for more in [0, 1, MANY] {
                let last = first + more;
                let keys: Vec<String> = (0..=last).map(|number| format!("k{number}: 1\n")).collect();
                let keys = keys.concat();
                let mut bundle = Bundle::default();
                bundle.add("a.yaml", format!("{keys}k{first}: 2\nother: 3\nk{first}: 4\n").into_bytes());
                let mut out = Diagnostics::default();
                let node = yaml(&bundle, "a.yaml", &mut out).expect("duplicates do not end the reading");
                assert_eq!(out.0.len(), 2, "k{first} of {last}");
                let NodeKind::Map(entries) = node.kind else { panic!("a map is a map") };
                assert_eq!(entries.len(), last + 2, "k{first} of {last}");
            }
        }
    }
}
