//! Lays out blocks under each other, groups and boxes.

use super::row::{Ink, Mark, Row, gap, height, put};
use super::{Scope, Setting, columns};
use crate::Error;
use crate::parse::{Block, Group, GroupKind};
use crate::style::HAIR;
use crate::tags::Meaning;

impl Setting<'_> {
    /// Blocks under each other.
    pub(super) fn flow(&mut self, blocks: &[Block], scope: Scope) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        let alone = blocks.len() == 1;
        for block in blocks {
            match block {
                Block::Text(text) => rows.append(&mut self.text(text, alone, scope)),
                Block::Group(group) => rows.append(&mut self.group(group, scope)?),
                Block::List(list) => rows.append(&mut self.list(list, scope)?),
                Block::Table(table) => rows.append(&mut self.table(table, scope)?),
                Block::Rule => rows.push(rule(scope)),
                Block::Emblem(alt) => rows.push(self.emblem(alt.as_deref(), scope)?),
                Block::Qr(text) => rows.push(self.qr(text, scope)?),
            }
        }
        Ok(rows)
    }

    fn group(&mut self, group: &Group, scope: Scope) -> Result<Vec<Row>, Error> {
        let tag = self.tags.place(scope.tag, Meaning::Group);
        let scope = Scope { tag, ..scope }.aligned(group.align);
        match group.kind {
            GroupKind::Plain => self.flow(&group.blocks, scope),
            GroupKind::Page => {
                let mut rows = self.flow(&group.blocks, scope)?;
                if let Some(first) = rows.first_mut() {
                    first.turn = true;
                }
                Ok(rows)
            }
            GroupKind::Box => self.boxed(&group.blocks, scope),
            GroupKind::Columns => columns::set(self, &group.blocks, scope),
        }
    }

    fn boxed(&mut self, blocks: &[Block], scope: Scope) -> Result<Vec<Row>, Error> {
        let pad = box_pad(scope.size);
        let inner = Scope { width: (scope.width - 2.0 * pad).max(1.0), ..scope };
        let rows = self.flow(blocks, inner)?;
        if rows.is_empty() {
            return Ok(rows);
        }
        let outside = scope.size * 0.9;
        let total = height(&rows);
        if total < self.sheet.text_height() * 0.45 {
            let mut whole = Row { height: total + 2.0 * pad, before: outside, after: outside, ..Row::default() };
            let tint = self.sheet.accent.tint(0.035);
            whole.marks.push(fill(0.0, 0.0, scope.width, whole.height, tint));
            put(rows, pad, pad, &mut whole);
            let frame = (true, true);
            self.frame(&mut whole, 0.0, scope.width, frame);
            return Ok(vec![whole]);
        }
        let count = rows.len();
        let mut out: Vec<Row> = Vec::with_capacity(count);
        for (nth, mut row) in bake(rows).into_iter().enumerate() {
            let (first, last) = (nth == 0, nth + 1 == count);
            row.indent += pad;
            if first {
                row.marks.iter_mut().for_each(|mark| mark.y += pad);
                row.height += pad;
                row.before = outside;
            }
            if last {
                row.height += pad;
                row.after = outside;
            }
            let left = -row.indent;
            self.frame(&mut row, left, scope.width, (first, last));
            out.push(row);
        }
        Ok(out)
    }

    /// Draws the sides of a box around a row, and its top and bottom.
    fn frame(&self, row: &mut Row, x: f32, width: f32, (top, bottom): (bool, bool)) {
        let (line, colour) = (0.6, self.sheet.accent.tint(0.35));
        let high = row.height;
        row.marks.push(fill(x, 0.0, line, high, colour));
        row.marks.push(fill(x + width - line, 0.0, line, high, colour));
        if top {
            row.marks.push(fill(x, 0.0, width, line, colour));
        }
        if bottom {
            row.marks.push(fill(x, high - line, width, line, colour));
        }
    }
}

/// A filled rectangle that is decoration.
pub(super) fn fill(x: f32, y: f32, width: f32, height: f32, colour: crate::style::Rgb) -> Mark {
    Mark { x, y, ink: Ink::Fill { width, height, colour }, tag: None }
}

/// The space between the frame of a box and what is in it.
pub(super) fn box_pad(size: f32) -> f32 {
    size * 0.95
}

fn rule(scope: Scope) -> Row {
    let space = scope.size * 0.9;
    let mark = fill(0.0, 0.0, scope.width, 0.6, HAIR);
    Row { height: 0.6, before: space, after: space, marks: vec![mark], ..Row::default() }
}

/// Rows with the space between them made part of them.
fn bake(rows: Vec<Row>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let above = out.last().map_or(0.0, |last| gap(last, &row));
        row.marks.iter_mut().for_each(|mark| mark.y += above);
        row.height += above;
        row.before = 0.0;
        out.push(row);
    }
    // Every row but the last has given its space to the next.
    for row in &mut out {
        row.after = 0.0;
    }
    out
}
