//! What layout makes: rows that stand under each other and are never cut.

use crate::shape::Run;
use crate::style::Rgb;
use crate::tags::TagId;
use std::ops::Range;
use std::rc::Rc;

/// A slice of the paper over its whole width. Positions in it count from its own top left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) height: f32,
    /// Space wanted above; the greater of two neighbours' wishes counts.
    pub(crate) before: f32,
    /// Space wanted below.
    pub(crate) after: f32,
    /// Whether it begins a new page.
    pub(crate) turn: bool,
    /// Whether the next row must stand on the same page.
    pub(crate) keep: bool,
    /// How far the row stands from the left margin.
    pub(crate) indent: f32,
    pub(crate) marks: Vec<Mark>,
    /// The head of the table the row is in, which comes again on a new page.
    pub(crate) head: Option<Rc<Vec<Row>>>,
    /// Whether it stands at the foot of the last page.
    pub(crate) sink: bool,
}

/// Something drawn.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) ink: Ink,
    /// What it belongs to; decoration belongs to nothing.
    pub(crate) tag: Option<TagId>,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub(crate) enum Ink {
    /// Text from left to right; `y` is the baseline.
    Text(Vec<Span>),
    /// A filled rectangle.
    Fill { width: f32, height: f32, colour: Rgb },
    /// The emblem at this height.
    Emblem { height: f32 },
    /// A QR code: dark modules in rows, with the quiet zone left around them.
    Qr { side: f32, modules: Rc<Modules> },
}

/// The modules of a QR code, row by row; true is dark.
#[derive(Debug)]
pub(crate) struct Modules {
    pub(crate) width: usize,
    pub(crate) dark: Vec<bool>,
}

/// Some glyphs of a run in a size and colour.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) run: Rc<Run>,
    pub(crate) glyphs: Range<usize>,
    pub(crate) size: f32,
    pub(crate) colour: Rgb,
    pub(crate) slanted: bool,
}

impl Span {
    /// Its width in points.
    pub(crate) fn width(&self) -> f32 {
        self.run.width(self.glyphs.clone()) * self.size
    }
}

/// The space between two rows that stand under each other.
pub(crate) fn gap(above: &Row, below: &Row) -> f32 {
    above.after.max(below.before)
}

/// The height of rows under each other, without the space above the first and below the last.
pub(crate) fn height(rows: &[Row]) -> f32 {
    let gaps: f32 = rows.windows(2).map(|pair| gap(&pair[0], &pair[1])).sum();
    rows.iter().map(|row| row.height).sum::<f32>() + gaps
}

/// Puts rows under each other into one row, each `x` from its left and the first `y` from its top.
pub(crate) fn put(rows: Vec<Row>, x: f32, y: f32, into: &mut Row) {
    let mut top = y;
    let mut above: Option<f32> = None;
    for row in rows {
        if let Some(after) = above {
            top += after.max(row.before);
        }
        let (dx, dy) = (x + row.indent, top);
        into.marks.extend(row.marks.into_iter().map(|mark| Mark { x: mark.x + dx, y: mark.y + dy, ..mark }));
        top += row.height;
        above = Some(row.after);
    }
}
