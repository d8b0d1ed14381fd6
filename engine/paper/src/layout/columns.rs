//! How wide blocks are, and things that stand side by side.

use super::block::box_pad;
use super::picture::qr_side;
use super::row::{Row, gap, height, put};
use super::{Scope, Setting, token};
use crate::Error;
use crate::parse::{Align, Block, GroupKind};
use crate::tags::Meaning;

/// The space between columns, as a share of the size.
const GUTTER: f32 = 2.0;

/// The narrowest and the widest that something can stand.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) narrow: f32,
    pub(super) wide: f32,
}

impl Extent {
    fn fixed(width: f32) -> Self {
        Self { narrow: width, wide: width }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self { narrow: self.narrow.max(other.narrow), wide: self.wide.max(other.wide) }
    }

    pub(super) fn plus(self, more: f32) -> Self {
        Self { narrow: self.narrow + more, wide: self.wide + more }
    }

    fn and(self, other: Self) -> Self {
        Self { narrow: self.narrow + other.narrow, wide: self.wide + other.wide }
    }
}

impl Setting<'_> {
    /// How wide blocks under each other are.
    pub(super) fn extent(&mut self, blocks: &[Block], scope: Scope) -> Result<Extent, Error> {
        let mut all = Extent::default();
        for block in blocks {
            all = all.or(self.extent_of(block, scope)?);
        }
        Ok(all)
    }

    fn extent_of(&mut self, block: &Block, scope: Scope) -> Result<Extent, Error> {
        Ok(match block {
            Block::Rule => Extent::default(),
            Block::Emblem(_) => Extent::fixed(self.emblem_size(scope.width)?.0),
            Block::Qr(text) => Extent::fixed(qr_side(self.code(text)?.width)),
            Block::Text(text) => {
                let voice = self.voice(text.level, scope);
                let tokens = token::tokens(&text.inlines, voice, &mut self.shaper);
                let (narrow, wide) = token::extent(&tokens);
                let number = text.align.unwrap_or(scope.align) == Align::Number;
                Extent { narrow: if number { wide } else { narrow }, wide }
            }
            Block::List(list) => {
                let indent = self.list_indent(list, scope);
                let mut all = Extent::default();
                for item in &list.items {
                    all = all.or(self.extent(item, scope)?);
                }
                all.plus(indent)
            }
            Block::Table(table) => {
                let columns = self.table_extents(table, scope)?;
                columns.into_iter().fold(Extent::default(), Extent::and)
            }
            Block::Group(group) => {
                let scope = scope.aligned(group.align);
                match group.kind {
                    GroupKind::Plain | GroupKind::Page => self.extent(&group.blocks, scope)?,
                    GroupKind::Box => self.extent(&group.blocks, scope)?.plus(2.0 * box_pad(scope.size)),
                    GroupKind::Columns => {
                        let mut all = Extent::default();
                        for block in &group.blocks {
                            all = all.and(self.extent_of(block, scope)?);
                        }
                        all.plus(gutters(group.blocks.len(), scope.size))
                    }
                }
            }
        })
    }
}

fn gutters(columns: usize, size: f32) -> f32 {
    columns.saturating_sub(1) as f32 * size * GUTTER
}

/// Sets blocks side by side. Pictures take the width they need, the others share the rest.
pub(super) fn set(setting: &mut Setting, blocks: &[Block], scope: Scope) -> Result<Vec<Row>, Error> {
    if blocks.is_empty() {
        return Ok(Vec::new());
    }
    let room = scope.width - gutters(blocks.len(), scope.size);
    let mut widths = Vec::with_capacity(blocks.len());
    for block in blocks {
        let fixed = is_picture(block);
        widths.push(if fixed { Some(setting.extent_of(block, scope)?.wide) } else { None });
    }
    let taken: f32 = widths.iter().flatten().sum();
    let sharing = widths.iter().filter(|width| width.is_none()).count();
    let share = (room - taken) / sharing.max(1) as f32;
    // Where pictures leave no room, all columns are equal.
    let equal = (room / blocks.len() as f32).max(1.0);
    let fits = if sharing == 0 { taken <= room } else { share >= equal * 0.3 };
    let mut cells = Vec::with_capacity(blocks.len());
    let mut x = 0.0;
    for (block, width) in blocks.iter().zip(widths) {
        let width = if fits { width.unwrap_or(share) } else { equal };
        let tag = setting.tags.place(scope.tag, Meaning::Group);
        let rows = setting.flow(std::slice::from_ref(block), Scope { width, tag, ..scope })?;
        cells.push((x, rows));
        x += width + scope.size * GUTTER;
    }
    let after = scope.size * 0.6;
    let mut rows = abreast(cells, setting.sheet.text_height());
    if let Some(last) = rows.last_mut() {
        last.after = after;
    }
    Ok(rows)
}

/// Whether a block is a picture, or pictures only.
fn is_picture(block: &Block) -> bool {
    match block {
        Block::Emblem(_) | Block::Qr(_) => true,
        Block::Group(group) => !group.blocks.is_empty() && group.blocks.iter().all(is_picture),
        _ => false,
    }
}

/// Puts cells beside each other: in one row if it fits on a page, else in as many as are needed.
/// Each cell has its distance from the left and its rows.
pub(super) fn abreast(mut cells: Vec<(f32, Vec<Row>)>, limit: f32) -> Vec<Row> {
    let tall = |cells: &[(f32, Vec<Row>)]| cells.iter().map(|(_, rows)| height(rows)).fold(0.0_f32, f32::max);
    if tall(&cells) <= limit {
        let mut whole = Row { height: tall(&cells), ..Row::default() };
        for (x, rows) in cells {
            put(rows, x, 0.0, &mut whole);
        }
        return vec![whole];
    }
    let mut slices = Vec::new();
    // Rows are taken from the end, which is cheap; so the last must be the first.
    for (_, rows) in &mut cells {
        rows.reverse();
    }
    while cells.iter().any(|(_, rows)| !rows.is_empty()) {
        let mut slice = Row::default();
        for (x, rows) in &mut cells {
            let mut taken: Vec<Row> = Vec::new();
            let mut high = 0.0;
            while let Some(row) = rows.last() {
                let more = row.height + taken.last().map_or(0.0, |last| gap(last, row));
                if !taken.is_empty() && high + more > limit {
                    break;
                }
                high += more;
                taken.extend(rows.pop());
            }
            slice.height = slice.height.max(high);
            put(taken, *x, 0.0, &mut slice);
        }
        slices.push(slice);
    }
    slices
}
