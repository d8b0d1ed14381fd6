//! Reads the text of a paper into its model, or says what cannot stand where.

mod entities;
mod inline;
mod model;
mod table;

pub(crate) use model::{Align, Block, Cell, Group, GroupKind, Inline, LOOSE, List, Mark, Paper, Row, Table, Text};

use crate::{Error, MAX_BYTES, MAX_DEPTH};
use inline::{finish, is_inline};
use roxmltree::{Document, Node, ParsingOptions};

/// The most elements and texts a paper may have: one for every eight bytes of the longest paper.
const MAX_NODES: u32 = 131_072 * 2;

/// Reads a paper.
pub(crate) fn parse(html: &str) -> Result<Paper, Error> {
    if html.len() > MAX_BYTES {
        return Err(Error::TooLarge { bytes: html.len() });
    }
    // The root stands on a line of its own, so that lines can be given in the author's count.
    let text = format!("<paper>\n{}</paper>", entities::expand(html)?);
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options)
        .map_err(|e| Error::NotWellFormed { line: e.pos().row.saturating_sub(1).max(1), message: e.to_string() })?;
    let reader = Reader { document: &document };
    let root = document.root_element();
    if let Some((whole, Whole { certificate, small })) = reader.whole(root)? {
        let scope = Scope::default().inside(whole);
        return Ok(Paper { certificate, small, blocks: reader.flow(whole, &scope)? });
    }
    Ok(Paper { certificate: false, small: false, blocks: reader.flow(root, &Scope::default())? })
}

/// What an element inherits from those around it.
#[derive(Debug, Clone, Default)]
struct Scope {
    depth: usize,
    lang: Option<String>,
}

impl Scope {
    fn inside(&self, node: Node) -> Self {
        let lang = node.attribute("lang").map(ToOwned::to_owned);
        Self { depth: self.depth + 1, lang: lang.or_else(|| self.lang.clone()) }
    }
}

/// The classes of an element.
#[derive(Debug, Clone, Copy, Default)]
struct Classes {
    align: Option<Align>,
    kind: Option<GroupKind>,
    whole: Whole,
    plain: bool,
    total: bool,
}

/// What the one element around a paper says of all of it.
#[derive(Debug, Clone, Copy, Default)]
struct Whole {
    certificate: bool,
    small: bool,
}

struct Reader<'a> {
    document: &'a Document<'a>,
}

impl Reader<'_> {
    fn line(&self, node: Node) -> u32 {
        self.document.text_pos_at(node.range().start).row.saturating_sub(1).max(1)
    }

    fn misplaced(&self, node: Node, belongs: &'static str) -> Error {
        let name = node.tag_name().name().to_owned();
        Error::Misplaced { name, line: self.line(node), belongs }
    }

    fn classes(&self, node: Node) -> Result<Classes, Error> {
        let mut found = Classes::default();
        for class in node.attribute("class").unwrap_or_default().split_ascii_whitespace() {
            match class {
                "certificate" => found.whole.certificate = true,
                "a5" => found.whole.small = true,
                "box" => found.kind = Some(GroupKind::Box),
                "page" => found.kind = Some(GroupKind::Page),
                "columns" => found.kind = Some(GroupKind::Columns),
                "right" => found.align = Some(Align::Right),
                "center" => found.align = Some(Align::Center),
                "num" => found.align = Some(Align::Number),
                "plain" => found.plain = true,
                "total" => found.total = true,
                _ => {
                    let name = class.to_owned();
                    return Err(Error::UnknownClass { name, line: self.line(node) });
                }
            }
        }
        Ok(found)
    }

    /// The `div` of the class `certificate` or `a5` if it is all there is, and what it says.
    fn whole<'n>(&self, root: Node<'n, 'n>) -> Result<Option<(Node<'n, 'n>, Whole)>, Error> {
        let mut all = root
            .children()
            .filter(|n| n.is_element() || n.is_text() && !n.text().unwrap_or_default().trim().is_empty());
        let (Some(only), None) = (all.next(), all.next()) else {
            return Ok(None);
        };
        if !only.has_tag_name("div") {
            return Ok(None);
        }
        let whole = self.classes(only)?.whole;
        Ok((whole.certificate || whole.small).then_some((only, whole)))
    }

    /// The children of an element that may hold both words and blocks. Words between blocks
    /// become paragraphs of their own.
    fn flow(&self, parent: Node, scope: &Scope) -> Result<Vec<Block>, Error> {
        let mut blocks = Vec::new();
        let mut words = Vec::new();
        for node in parent.children() {
            if node.is_element() && !is_inline(node) {
                finish(&mut words, scope, &mut blocks);
                blocks.push(self.block(node, scope)?);
            } else {
                self.inline(node, Mark::default(), scope.depth, &mut words)?;
            }
        }
        finish(&mut words, scope, &mut blocks);
        Ok(blocks)
    }

    fn block(&self, node: Node, outer: &Scope) -> Result<Block, Error> {
        let scope = outer.inside(node);
        self.depth(node, scope.depth)?;
        let classes = self.classes(node)?;
        match node.tag_name().name() {
            "p" => self.text(node, 0, classes, &scope),
            "h1" => self.text(node, 1, classes, &scope),
            "h2" => self.text(node, 2, classes, &scope),
            "h3" => self.text(node, 3, classes, &scope),
            "div" if classes.whole.certificate => Err(self.misplaced(node, "around the whole paper")),
            "div" => self.group(node, classes, &scope),
            "ul" => self.list(node, false, &scope),
            "ol" => self.list(node, true, &scope),
            "table" => self.table(node, classes.plain, &scope),
            "hr" => Ok(Block::Rule),
            "img" => self.image(node),
            "qr" => Ok(Block::Qr(node.text().unwrap_or_default().trim().to_owned())),
            "li" => Err(self.misplaced(node, "in <ul> or <ol>")),
            "thead" | "tbody" | "tfoot" | "tr" => Err(self.misplaced(node, "in <table>")),
            "td" | "th" => Err(self.misplaced(node, "in <tr>")),
            name => Err(Error::UnknownElement { name: name.to_owned(), line: self.line(node) }),
        }
    }

    fn depth(&self, node: Node, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep { line: self.line(node) });
        }
        Ok(())
    }

    /// A paragraph or title. A paragraph that holds an emblem or a QR code is a group.
    fn text(&self, node: Node, level: u8, classes: Classes, scope: &Scope) -> Result<Block, Error> {
        if node.children().any(|n| n.is_element() && !is_inline(n)) {
            return self.group(node, classes, scope);
        }
        let mut inlines = Vec::new();
        for child in node.children() {
            self.inline(child, Mark::default(), scope.depth, &mut inlines)?;
        }
        Ok(Block::Text(Text { level, align: classes.align, lang: scope.lang.clone(), inlines }))
    }

    fn group(&self, node: Node, classes: Classes, scope: &Scope) -> Result<Block, Error> {
        let kind = classes.kind.unwrap_or(GroupKind::Plain);
        Ok(Block::Group(Group { kind, align: classes.align, blocks: self.flow(node, scope)? }))
    }

    fn list(&self, node: Node, numbered: bool, scope: &Scope) -> Result<Block, Error> {
        let mut items = Vec::new();
        for child in node.children() {
            if child.has_tag_name("li") {
                let scope = scope.inside(child);
                self.depth(child, scope.depth)?;
                self.classes(child)?;
                items.push(self.flow(child, &scope)?);
            } else {
                self.nothing(child, "in <li>")?;
            }
        }
        Ok(Block::List(List { numbered, items }))
    }

    fn image(&self, node: Node) -> Result<Block, Error> {
        match node.attribute("src") {
            Some("emblem") => {
                let alt = node.attribute("alt").map(str::trim).filter(|alt| !alt.is_empty());
                Ok(Block::Emblem(alt.map(ToOwned::to_owned)))
            }
            other => Err(Error::BadEmblem(format!(
                "line {}: <img> has src=\"{}\"; the one picture a paper has is src=\"emblem\"",
                self.line(node),
                other.unwrap_or_default()
            ))),
        }
    }
}
