//! The meaning of what is drawn, as a tree: what a screen reader is told.

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use std::num::{NonZeroU16, NonZeroU32};

/// A place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TagId(usize);

/// What a place in the tree is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Paragraph,
    /// A title of a level, and its words.
    Title(u8, String),
    Group,
    List {
        numbered: bool,
    },
    Item,
    Label,
    Body,
    Table,
    TableHead,
    TableBody,
    Row,
    HeaderCell {
        of_row: bool,
        span: usize,
    },
    DataCell {
        span: usize,
    },
    Figure(String),
}

impl Meaning {
    fn is_cell(&self) -> bool {
        matches!(self, Self::HeaderCell { .. } | Self::DataCell { .. })
    }

    /// Whether words may stand in it without a paragraph around them.
    pub(crate) fn takes_words(&self) -> bool {
        self.is_cell() || *self == Self::Body
    }
}

#[derive(Debug)]
struct Entry {
    meaning: Meaning,
    lang: Option<String>,
    children: Vec<Child>,
}

#[derive(Debug)]
enum Child {
    Place(usize),
    Drawn(Identifier),
}

/// The tree while it grows. Places are made in reading order, before anything is drawn.
#[derive(Debug)]
pub(crate) struct Tags {
    entries: Vec<Entry>,
    /// The level of the last title.
    level: u8,
}

impl Tags {
    /// The whole paper.
    pub(crate) const ROOT: TagId = TagId(0);

    pub(crate) fn new() -> Self {
        let root = Entry { meaning: Meaning::Group, lang: None, children: Vec::new() };
        Self { entries: vec![root], level: 0 }
    }

    /// A new place at the end of another.
    pub(crate) fn place(&mut self, parent: TagId, meaning: Meaning) -> TagId {
        let id = self.entries.len();
        self.entries.push(Entry { meaning, lang: None, children: Vec::new() });
        self.entries[parent.0].children.push(Child::Place(id));
        TagId(id)
    }

    /// A title. Authors choose levels by their looks; readers are told of levels without gaps.
    pub(crate) fn title(&mut self, parent: TagId, level: u8, words: String) -> TagId {
        self.level = level.clamp(1, self.level + 1);
        self.place(parent, Meaning::Title(self.level, words))
    }

    /// What a place is.
    pub(crate) fn meaning(&self, place: TagId) -> &Meaning {
        &self.entries[place.0].meaning
    }

    /// States the language of a place where it is not that of the paper.
    pub(crate) fn speak(&mut self, place: TagId, lang: &str) {
        self.entries[place.0].lang = Some(lang.to_owned());
    }

    /// Records that something was drawn for a place.
    pub(crate) fn drawn(&mut self, place: TagId, what: Identifier) {
        self.entries[place.0].children.push(Child::Drawn(what));
    }

    /// The tree as the writer wants it.
    pub(crate) fn tree(&self) -> TagTree {
        let mut tree = TagTree::new();
        for node in self.nodes(0) {
            tree.push(node);
        }
        tree
    }

    fn nodes(&self, entry: usize) -> Vec<Node> {
        let child = |child: &Child| match child {
            Child::Drawn(what) => Some(Node::Leaf(*what)),
            Child::Place(id) => {
                let children = self.nodes(*id);
                // Without its empty cells a row would shift under the wrong heads.
                let cell = self.entries[*id].meaning.is_cell();
                let group = TagGroup::with_children(self.kind(*id), children);
                (cell || !group.children.is_empty()).then_some(Node::Group(group))
            }
        };
        self.entries[entry].children.iter().filter_map(child).collect()
    }

    fn kind(&self, entry: usize) -> TagKind {
        let entry = &self.entries[entry];
        let span = |span: &usize| NonZeroU32::new(*span as u32).filter(|span| span.get() > 1);
        let kind: TagKind = match &entry.meaning {
            Meaning::Paragraph => Tag::P.into(),
            Meaning::Title(level, words) => {
                let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
                Tag::Hn(level, Some(words.clone())).into()
            }
            Meaning::Group => Tag::Div.into(),
            Meaning::List { numbered: true } => Tag::L(ListNumbering::Decimal).into(),
            Meaning::List { numbered: false } => Tag::L(ListNumbering::Disc).into(),
            Meaning::Item => Tag::LI.into(),
            Meaning::Label => Tag::Lbl.into(),
            Meaning::Body => Tag::LBody.into(),
            Meaning::Table => Tag::Table.into(),
            Meaning::TableHead => Tag::THead.into(),
            Meaning::TableBody => Tag::TBody.into(),
            Meaning::Row => Tag::TR.into(),
            Meaning::HeaderCell { of_row, span: columns } => {
                let scope = if *of_row { TableHeaderScope::Row } else { TableHeaderScope::Column };
                Tag::TH(scope).with_col_span(span(columns)).into()
            }
            Meaning::DataCell { span: columns } => Tag::TD.with_col_span(span(columns)).into(),
            Meaning::Figure(alt) => Tag::Figure(Some(alt.clone())).into(),
        };
        kind.with_lang(entry.lang.clone())
    }
}
