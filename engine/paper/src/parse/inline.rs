//! Reads the words of a line.

use super::{Block, Inline, LOOSE, Mark, Reader, Scope, Text};
use crate::Error;
use roxmltree::{Node, NodeType};

impl Reader<'_> {
    pub(super) fn inline(&self, node: Node, mark: Mark, depth: usize, out: &mut Vec<Inline>) -> Result<(), Error> {
        match node.node_type() {
            NodeType::Text => {
                out.push(Inline::Words(node.text().unwrap_or_default().to_owned(), mark));
                return Ok(());
            }
            NodeType::Element => {}
            _ => return Ok(()),
        }
        self.depth(node, depth + 1)?;
        let mark = match node.tag_name().name() {
            "br" => {
                out.push(Inline::Break);
                return Ok(());
            }
            "strong" => Mark { strong: true, ..mark },
            "em" => Mark { slanted: true, ..mark },
            "small" => Mark { small: true, ..mark },
            "span" => mark,
            _ if is_block(node) => return Err(self.misplaced(node, "outside a line of words")),
            name => {
                return Err(Error::UnknownElement { name: name.to_owned(), line: self.line(node) });
            }
        };
        self.classes(node)?;
        for child in node.children() {
            self.inline(child, mark, depth + 1, out)?;
        }
        Ok(())
    }

    /// Refuses anything but space and comments.
    pub(super) fn nothing(&self, node: Node, belongs: &'static str) -> Result<(), Error> {
        let words = node.is_text() && !node.text().unwrap_or_default().trim().is_empty();
        if node.is_element() {
            return Err(self.misplaced(node, belongs));
        }
        if words {
            let (name, line) = ("text".to_owned(), self.line(node));
            return Err(Error::Misplaced { name, line, belongs });
        }
        Ok(())
    }
}

/// Makes a paragraph of the words gathered so far, unless they are only space.
pub(super) fn finish(words: &mut Vec<Inline>, scope: &Scope, blocks: &mut Vec<Block>) {
    let inlines = std::mem::take(words);
    let blank = |inline: &Inline| match inline {
        Inline::Words(text, _) => text.chars().all(|c| c.is_whitespace() && c != '\u{a0}'),
        Inline::Break => false,
    };
    if !inlines.iter().all(blank) {
        let lang = scope.lang.clone();
        blocks.push(Block::Text(Text { level: LOOSE, align: None, lang, inlines }));
    }
}

pub(super) fn is_inline(node: Node) -> bool {
    matches!(node.tag_name().name(), "strong" | "em" | "small" | "span" | "br")
}

fn is_block(node: Node) -> bool {
    let name = node.tag_name().name();
    let titles = matches!(name, "p" | "h1" | "h2" | "h3" | "div" | "hr" | "img" | "qr");
    let lists = matches!(name, "ul" | "ol" | "li");
    let tables = matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th");
    titles || lists || tables
}
