//! A paper as it was written, with nothing decided about where it stands.

/// A whole paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paper {
    /// Whether one `div class="certificate"` surrounds everything.
    pub(crate) certificate: bool,
    /// Whether one `div class="a5"` surrounds everything.
    pub(crate) small: bool,
    pub(crate) blocks: Vec<Block>,
}

/// Something that stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Text(Text),
    Group(Group),
    List(List),
    Table(Table),
    Rule,
    /// The emblem, and the words said for it; without words it is decoration.
    Emblem(Option<String>),
    /// A QR code with this text.
    Qr(String),
}

/// A paragraph or a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// 1 to 3 for titles, 0 for a paragraph, [`LOOSE`] for text directly inside a group or cell.
    pub(crate) level: u8,
    pub(crate) align: Option<Align>,
    pub(crate) lang: Option<String>,
    pub(crate) inlines: Vec<Inline>,
}

/// The level of text that stands directly in a group: a paragraph without space after it.
pub(crate) const LOOSE: u8 = 9;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Words(String, Mark),
    Break,
}

/// How words differ from those around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    pub(crate) strong: bool,
    pub(crate) slanted: bool,
    pub(crate) small: bool,
}

/// Where lines stand between the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
    /// Right, and never broken over two lines.
    Number,
}

/// A `div`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) kind: GroupKind,
    pub(crate) align: Option<Align>,
    /// The children; for columns each is one column.
    pub(crate) blocks: Vec<Block>,
}

/// What a `div` does with its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupKind {
    Plain,
    Box,
    Columns,
    /// Begins on a new page.
    Page,
}

/// A `ul` or `ol`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) numbered: bool,
    pub(crate) items: Vec<Vec<Block>>,
}

/// A table; every row has its cells from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Facts with labels rather than columns of figures.
    pub(crate) plain: bool,
    pub(crate) head: Vec<Row>,
    pub(crate) body: Vec<Row>,
    /// How many columns the widest row has.
    pub(crate) columns: usize,
}

/// A `tr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// A row of sums.
    pub(crate) total: bool,
    pub(crate) cells: Vec<Cell>,
}

/// A `td` or `th`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Whether it is a `th`.
    pub(crate) header: bool,
    pub(crate) align: Option<Align>,
    /// How many columns it stands across, at least one.
    pub(crate) span: usize,
    pub(crate) blocks: Vec<Block>,
}
