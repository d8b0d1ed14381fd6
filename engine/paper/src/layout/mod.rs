//! Decides where everything stands: blocks become rows, rows become pages.

mod block;
mod columns;
mod furniture;
mod line;
mod list;
mod page;
mod picture;
mod row;
mod table;
mod text;
mod token;
mod widths;

pub(crate) use row::{Ink, Mark, Modules, Span};

use crate::emblem::Emblem;
use crate::parse::{Align, Block, Group, GroupKind, Paper};
use crate::shape::Shaper;
use crate::style::{INK, LEADING, Rgb, Sheet};
use crate::tags::{TagId, Tags};
use crate::{Error, Options};
use std::collections::HashMap;
use std::rc::Rc;

/// A paper with everything in its place.
#[derive(Debug)]
pub(crate) struct Laid {
    /// What is drawn on each page; positions count from the top left of the page.
    pub(crate) pages: Vec<Vec<Mark>>,
    pub(crate) tags: Tags,
}

/// Lays out a paper.
pub(crate) fn lay_out(paper: &Paper, sheet: &Sheet, emblem: Option<&Emblem>, options: &Options) -> Result<Laid, Error> {
    let mut setting =
        Setting { sheet, emblem, shaper: Shaper::new(options.language), tags: Tags::new(), codes: HashMap::new() };
    let scope = Scope {
        width: sheet.text_width(),
        align: Align::Left,
        tag: Tags::ROOT,
        size: sheet.base,
        leading: LEADING,
        colour: INK,
        bold: false,
    };
    let mut rows = Vec::new();
    let body = paper.blocks.len() - usize::from(paper.certificate && ends_signed(&paper.blocks));
    rows.append(&mut setting.flow(&paper.blocks[..body], scope)?);
    let signed = setting.flow(&paper.blocks[body..], scope)?;
    // A signature never stands on a page without something it is the signature of.
    if let (Some(last), false) = (rows.last_mut(), signed.is_empty()) {
        last.keep = true;
    }
    for mut row in signed {
        row.sink = true;
        rows.push(row);
    }
    let pages = page::paginate(rows, sheet.text_height())?;
    let pages = furniture::finish(pages, &mut setting, options.footer)?;
    Ok(Laid { pages, tags: setting.tags })
}

/// Whether a paper ends with columns: on a certificate these are date, code and signature, which
/// stand at the foot of the page.
fn ends_signed(blocks: &[Block]) -> bool {
    let columns = |group: &Group| group.kind == GroupKind::Columns;
    matches!(blocks.last(), Some(Block::Group(group)) if columns(group))
}

/// What layout works with.
struct Setting<'a> {
    sheet: &'a Sheet,
    emblem: Option<&'a Emblem>,
    shaper: Shaper,
    tags: Tags,
    /// The QR codes made so far, by their text.
    codes: HashMap<String, Rc<Modules>>,
}

/// What blocks inherit from those around them.
#[derive(Debug, Clone, Copy)]
struct Scope {
    width: f32,
    align: Align,
    tag: TagId,
    size: f32,
    leading: f32,
    colour: Rgb,
    bold: bool,
}

impl Scope {
    fn aligned(self, align: Option<Align>) -> Self {
        Self { align: align.unwrap_or(self.align), ..self }
    }
}

/// How far something of a width stands from the left.
fn offset(align: Align, measure: f32, width: f32) -> f32 {
    match align {
        Align::Left => 0.0,
        Align::Center => (measure - width) / 2.0,
        Align::Right | Align::Number => measure - width,
    }
}
