//! Lays out tables: columns find their width, rows their height, the head comes again.

use super::block::fill;
use super::columns::{Extent, abreast};
use super::row::{Row, height};
use super::widths::widths;
use super::{Scope, Setting};
use crate::Error;
use crate::parse::{self, Align, Table};
use crate::style::{HAIR, PALE, TABLE_LEADING};
use crate::tags::Meaning;
use std::rc::Rc;

/// The size of text in tables, as a share of the text around them.
const SIZE: f32 = 0.94;
/// Space left and right of a cell's text, as a share of the size.
const PADS: (f32, f32) = (0.6, 0.6);
/// The same among facts with labels, which stand flush with the text above.
const PLAIN_PADS: (f32, f32) = (0.0, 1.6);
/// Space above and below it.
const PAD_Y: f32 = 0.4;

/// How much of the room a label takes before it is broken.
const LABEL: f32 = 0.38;

/// Which part of a table a row is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Body,
    Total,
}

impl Setting<'_> {
    pub(super) fn table(&mut self, table: &Table, scope: Scope) -> Result<Vec<Row>, Error> {
        if table.columns == 0 {
            return Ok(Vec::new());
        }
        let extents = self.table_extents(table, scope)?;
        let widths = widths(&extents, scope.width, table.plain);
        let whole = self.tags.place(scope.tag, Meaning::Table);
        let mut head = Vec::new();
        if !table.head.is_empty() {
            let tag = self.tags.place(whole, Meaning::TableHead);
            for row in &table.head {
                let scope = Scope { tag, ..scope };
                head.append(&mut self.table_row(row, Part::Head, table.plain, &widths, scope)?);
            }
            for row in &mut head {
                row.keep = true;
            }
        }
        // A head that takes half a page would leave no room for what it is the head of.
        let again = height(&head) < self.sheet.text_height() * 0.4;
        let again = (again && !head.is_empty()).then(|| Rc::new(head.clone()));
        let tag = self.tags.place(whole, Meaning::TableBody);
        let mut rows = head;
        let first = rows.len();
        for row in &table.body {
            let part = if row.total { Part::Total } else { Part::Body };
            let scope = Scope { tag, ..scope };
            let mut lines = self.table_row(row, part, table.plain, &widths, scope)?;
            for line in &mut lines {
                line.head.clone_from(&again);
            }
            // Sums stay with what they sum up.
            if let (true, Some(above)) = (row.total && rows.len() > first, rows.last_mut()) {
                above.keep = true;
            }
            rows.append(&mut lines);
        }
        if let Some(row) = rows.first_mut() {
            row.before = scope.size * 0.5;
        }
        if let Some(row) = rows.last_mut() {
            row.after = scope.size * 1.1;
        }
        Ok(rows)
    }

    /// How wide each column can stand, with the space left and right of its text.
    pub(super) fn table_extents(&mut self, table: &Table, outer: Scope) -> Result<Vec<Extent>, Error> {
        let mut columns = vec![Extent::default(); table.columns];
        let mut wide_cells = Vec::new();
        let head = table.head.iter().map(|row| (row, Part::Head));
        let body = table.body.iter().map(|row| (row, Part::Body));
        for (row, part) in head.chain(body) {
            let part = if row.total { Part::Total } else { part };
            let mut at = 0;
            for cell in &row.cells {
                let scope = cell_scope(cell, part, table.plain, outer);
                let (left, right) = pads(table.plain, scope.size);
                let extent = self.extent(&cell.blocks, scope)?.plus(left + right);
                // A label that takes a modest part of the room is not broken.
                let label = is_label(cell, part, table.plain);
                let whole = label && extent.wide <= outer.width * LABEL;
                let narrow = if whole { extent.wide } else { extent.narrow };
                let extent = Extent { narrow, ..extent };
                if cell.span == 1 {
                    columns[at] = columns[at].or(extent);
                } else {
                    wide_cells.push((at..at + cell.span, extent));
                }
                at += cell.span;
            }
        }
        // A cell across columns widens them evenly where they are too narrow for it.
        for (span, extent) in wide_cells {
            let count = span.len() as f32;
            let narrow: f32 = columns[span.clone()].iter().map(|column| column.narrow).sum();
            let wide: f32 = columns[span.clone()].iter().map(|column| column.wide).sum();
            for column in &mut columns[span] {
                column.narrow += (extent.narrow - narrow).max(0.0) / count;
                column.wide += (extent.wide - wide).max(0.0) / count;
            }
        }
        Ok(columns)
    }

    fn table_row(
        &mut self,
        row: &parse::Row,
        part: Part,
        plain: bool,
        widths: &[f32],
        outer: Scope,
    ) -> Result<Vec<Row>, Error> {
        let tag = self.tags.place(outer.tag, Meaning::Row);
        let total: f32 = widths.iter().sum();
        let (left, right) = pads(plain, SIZE * outer.size);
        let pad_y = PAD_Y * SIZE * outer.size;
        let mut cells = Vec::with_capacity(row.cells.len());
        let (mut at, mut x) = (0, 0.0);
        for cell in &row.cells {
            let width: f32 = widths[at..at + cell.span].iter().sum();
            let meaning = if cell.header {
                Meaning::HeaderCell { of_row: part != Part::Head, span: cell.span }
            } else {
                Meaning::DataCell { span: cell.span }
            };
            let tag = self.tags.place(tag, meaning);
            let scope = cell_scope(cell, part, plain, outer);
            let inner = (width - left - right).max(1.0);
            let rows = self.flow(&cell.blocks, Scope { tag, width: inner, ..scope })?;
            cells.push((x + left, rows));
            at += cell.span;
            x += width;
        }
        let limit = self.sheet.text_height() * 0.55;
        let mut slices = abreast(cells, limit);
        let count = slices.len();
        for (nth, slice) in slices.iter_mut().enumerate() {
            if slice.height <= 0.0 {
                slice.height = outer.size * SIZE * TABLE_LEADING;
            }
            slice.marks.iter_mut().for_each(|mark| mark.y += pad_y);
            slice.height += 2.0 * pad_y;
            self.rules(slice, part, total, nth == 0, nth + 1 == count);
        }
        Ok(slices)
    }

    /// The lines above and below a row, and the shade behind a head.
    fn rules(&self, row: &mut Row, part: Part, width: f32, first: bool, last: bool) {
        let (accent, high) = (self.sheet.accent, row.height);
        match part {
            Part::Head => {
                row.marks.insert(0, fill(0.0, 0.0, width, high, accent.tint(0.07)));
                row.marks.push(fill(0.0, high - 0.9, width, 0.9, accent));
            }
            Part::Body if last => row.marks.push(fill(0.0, high - 0.4, width, 0.4, HAIR)),
            Part::Body => {}
            Part::Total => {
                if first {
                    row.marks.push(fill(0.0, -0.4, width, 0.8, accent));
                }
                if last {
                    row.marks.push(fill(0.0, high - 0.4, width, 0.4, accent));
                }
            }
        }
    }
}

fn pads(plain: bool, size: f32) -> (f32, f32) {
    let (left, right) = if plain { PLAIN_PADS } else { PADS };
    (left * size, right * size)
}

/// Whether a cell is the label of a fact.
fn is_label(cell: &parse::Cell, part: Part, plain: bool) -> bool {
    cell.header && plain && part == Part::Body
}

/// What a cell's text inherits.
fn cell_scope(cell: &parse::Cell, part: Part, plain: bool, outer: Scope) -> Scope {
    let label = is_label(cell, part, plain);
    let colour = if label { PALE } else { outer.colour };
    let bold = outer.bold || part != Part::Body || cell.header && !label;
    let align = cell.align.unwrap_or(Align::Left);
    Scope { size: outer.size * SIZE, leading: TABLE_LEADING, align, colour, bold, ..outer }
}
