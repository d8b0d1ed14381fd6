//! Lays out blocks: text, groups, lists, pictures.

use super::line::{self, Voice};
use super::row::{Ink, Mark, Modules, Row, gap, height, put};
use super::{Scope, Setting, columns, offset};
use crate::Error;
use crate::parse::{Align, Block, Group, GroupKind, Inline, LOOSE, List, Text};
use crate::style::{ASCENT, DESCENT, HAIR, PALE, QR_MODULE, QR_QUIET, QR_SIDE, look};
use crate::tags::{Meaning, TagId};
use qrcode::{Color, EcLevel, QrCode};
use std::rc::Rc;

/// How far a list's text stands from its markers' left, at least, as a share of the size.
const LIST_INDENT: f32 = 1.5;

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

    pub(super) fn voice(&self, level: u8, scope: Scope) -> Voice {
        let title = level != LOOSE && level > 0;
        let colour = if title {
            self.sheet.accent
        } else {
            scope.colour
        };
        let size = scope.size * look(level).size;
        let pale = if scope.colour == crate::style::INK {
            PALE
        } else {
            scope.colour
        };
        Voice {
            size,
            colour,
            bold: title || scope.bold,
            pale,
        }
    }

    /// On a certificate the title and the emblem stand in the middle unless told otherwise.
    fn solemn(&self, align: Align) -> Align {
        if self.sheet.certificate && align == Align::Left {
            Align::Center
        } else {
            align
        }
    }

    fn text_tag(&mut self, text: &Text, title: bool, alone: bool, parent: TagId) -> TagId {
        if title {
            let words = said(&text.inlines);
            return if words.is_empty() {
                self.tags.place(parent, Meaning::Paragraph)
            } else {
                self.tags.title(parent, text.level, words)
            };
        }
        let bare = alone && text.level == LOOSE && text.lang.is_none();
        if bare && self.tags.meaning(parent).takes_words() {
            return parent;
        }
        self.tags.place(parent, Meaning::Paragraph)
    }

    /// A paragraph or a title; `alone` if nothing else stands in the same place.
    fn text(&mut self, text: &Text, alone: bool, scope: Scope) -> Vec<Row> {
        let title = text.level != LOOSE && text.level > 0;
        let tag = self.text_tag(text, title, alone, scope.tag);
        if let Some(lang) = &text.lang {
            self.tags.speak(tag, lang);
        }
        let look = look(text.level);
        let leading = if title { look.leading } else { scope.leading };
        let voice = self.voice(text.level, scope);
        let align = text.align.unwrap_or(scope.align);
        let align = if text.level == 1 && text.align.is_none() {
            self.solemn(align)
        } else {
            align
        };
        let tokens = line::tokens(&text.inlines, voice, &mut self.shaper);
        let lines = line::lines(&tokens, scope.width);
        let count = lines.len();
        let mut rows: Vec<Row> = Vec::with_capacity(count);
        for (nth, line) in lines.into_iter().enumerate() {
            let size = if line.size > 0.0 {
                line.size
            } else {
                voice.size
            };
            let high = size * leading;
            let x = offset(align, scope.width, line.width);
            let y = (high - size * (ASCENT + DESCENT)) / 2.0 + size * ASCENT;
            let mut marks = Vec::new();
            if !line.spans.is_empty() {
                marks.push(Mark {
                    x,
                    y,
                    ink: Ink::Text(line.spans),
                    tag: Some(tag),
                });
            }
            // No line of a paragraph stands alone on a page; a title never ends one.
            let keep = title || count > 1 && (nth == 0 || nth + 2 == count);
            rows.push(Row {
                height: high,
                keep,
                marks,
                ..Row::default()
            });
        }
        if let Some(first) = rows.first_mut() {
            first.before = look.before * scope.size;
        }
        if let Some(last) = rows.last_mut() {
            last.after = if text.level == LOOSE {
                0.0
            } else {
                look.after * scope.size
            };
        }
        if text.level == 1 && self.sheet.certificate && count > 0 {
            rows.push(self.underscore(align, scope));
        }
        rows
    }

    /// The short line under the title of a certificate.
    fn underscore(&self, align: Align, scope: Scope) -> Row {
        let (width, thick) = (scope.size * 5.0, 1.1);
        let x = offset(align, scope.width, width);
        let mark = fill(x, 0.0, width, thick, self.sheet.accent);
        let after = scope.size * 1.5;
        Row {
            height: thick,
            after,
            keep: true,
            marks: vec![mark],
            ..Row::default()
        }
    }

    fn group(&mut self, group: &Group, scope: Scope) -> Result<Vec<Row>, Error> {
        let tag = self.tags.place(scope.tag, Meaning::Group);
        let scope = Scope { tag, ..scope }.aligned(group.align);
        match group.kind {
            GroupKind::Plain => self.flow(&group.blocks, scope),
            GroupKind::Box => self.boxed(&group.blocks, scope),
            GroupKind::Columns => columns::set(self, &group.blocks, scope),
        }
    }

    fn boxed(&mut self, blocks: &[Block], scope: Scope) -> Result<Vec<Row>, Error> {
        let pad = box_pad(scope.size);
        let inner = Scope {
            width: (scope.width - 2.0 * pad).max(1.0),
            ..scope
        };
        let rows = self.flow(blocks, inner)?;
        if rows.is_empty() {
            return Ok(rows);
        }
        let outside = scope.size * 0.9;
        let total = height(&rows);
        if total < self.sheet.text_height() * 0.45 {
            let mut whole = Row {
                height: total + 2.0 * pad,
                before: outside,
                after: outside,
                ..Row::default()
            };
            let tint = self.sheet.accent.tint(0.035);
            whole
                .marks
                .push(fill(0.0, 0.0, scope.width, whole.height, tint));
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
        row.marks
            .push(fill(x + width - line, 0.0, line, high, colour));
        if top {
            row.marks.push(fill(x, 0.0, width, line, colour));
        }
        if bottom {
            row.marks.push(fill(x, high - line, width, line, colour));
        }
    }

    fn list(&mut self, list: &List, scope: Scope) -> Result<Vec<Row>, Error> {
        let tag = self.tags.place(
            scope.tag,
            Meaning::List {
                numbered: list.numbered,
            },
        );
        let indent = self.list_indent(list, scope);
        let voice = self.voice(0, scope);
        let mut out: Vec<Row> = Vec::new();
        for (nth, item) in list.items.iter().enumerate() {
            let tag = self.tags.place(tag, Meaning::Item);
            let label = self.tags.place(tag, Meaning::Label);
            let body = self.tags.place(tag, Meaning::Body);
            let width = (scope.width - indent).max(1.0);
            let mut rows = self.flow(
                item,
                Scope {
                    tag: body,
                    width,
                    align: Align::Left,
                    ..scope
                },
            )?;
            let Some(first) = rows.first_mut() else {
                continue;
            };
            // The marker stands on the baseline of the first words.
            let baseline = first.marks.iter().find_map(|mark| match mark.ink {
                Ink::Text(_) => Some(mark.y),
                _ => None,
            });
            let y = baseline.unwrap_or(scope.size * ASCENT);
            let spans = line::plain(&marker(list.numbered, nth), voice, &mut self.shaper);
            let x = -indent
                + if list.numbered {
                    0.0
                } else {
                    scope.size * 0.35
                };
            let mark = Mark {
                x: x - first.indent,
                y,
                ink: Ink::Text(spans),
                tag: Some(label),
            };
            first.marks.insert(0, mark);
            for row in &mut rows {
                row.indent += indent;
            }
            if let Some(last) = rows.last_mut() {
                last.after = last.after.min(scope.size * 0.35).max(scope.size * 0.2);
            }
            out.append(&mut rows);
        }
        if let Some(last) = out.last_mut() {
            last.after = look(0).after * scope.size;
        }
        Ok(out)
    }

    /// How far the text of a list stands from its left: room for its widest number.
    pub(super) fn list_indent(&mut self, list: &List, scope: Scope) -> f32 {
        let voice = self.voice(0, scope);
        let widest = marker(list.numbered, list.items.len().saturating_sub(1));
        let spans = line::plain(&widest, voice, &mut self.shaper);
        let width: f32 = spans.iter().map(super::Span::width).sum();
        (width + scope.size * 0.5).max(scope.size * LIST_INDENT)
    }

    /// The width and height of the emblem where there is so much room.
    pub(super) fn emblem_size(&self, room: f32) -> Result<(f32, f32), Error> {
        let Some(emblem) = self.emblem else {
            let why = "the paper shows it, but none was given";
            return Err(Error::BadEmblem(why.to_owned()));
        };
        let high = self.sheet.emblem().min(room / emblem.width);
        Ok((high * emblem.width, high))
    }

    fn emblem(&mut self, alt: Option<&str>, scope: Scope) -> Result<Row, Error> {
        let (width, high) = self.emblem_size(scope.width)?;
        let tag = alt.map(|alt| self.tags.place(scope.tag, Meaning::Figure(alt.to_owned())));
        let x = offset(self.solemn(scope.align), scope.width, width);
        let mark = Mark {
            x,
            y: 0.0,
            ink: Ink::Emblem { height: high },
            tag,
        };
        let after = scope.size * 0.5;
        Ok(Row {
            height: high,
            after,
            keep: true,
            marks: vec![mark],
            ..Row::default()
        })
    }

    fn qr(&mut self, text: &str, scope: Scope) -> Result<Row, Error> {
        let modules = modules(text)?;
        let side = qr_side(modules.width).min(scope.width);
        let tag = self.tags.place(scope.tag, Meaning::Figure("QR".to_owned()));
        let x = offset(scope.align, scope.width, side);
        let ink = Ink::Qr {
            side,
            modules: Rc::new(modules),
        };
        let mark = Mark {
            x,
            y: 0.0,
            ink,
            tag: Some(tag),
        };
        Ok(Row {
            height: side,
            marks: vec![mark],
            ..Row::default()
        })
    }
}

/// A filled rectangle that is decoration.
pub(super) fn fill(x: f32, y: f32, width: f32, height: f32, colour: crate::style::Rgb) -> Mark {
    Mark {
        x,
        y,
        ink: Ink::Fill {
            width,
            height,
            colour,
        },
        tag: None,
    }
}

/// The space between the frame of a box and what is in it.
pub(super) fn box_pad(size: f32) -> f32 {
    size * 0.95
}

/// The words of a title, as an outline names it.
fn said(inlines: &[Inline]) -> String {
    let mut words = String::new();
    for inline in inlines {
        match inline {
            Inline::Words(text, _) => words.push_str(text),
            Inline::Break => words.push(' '),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words before an item.
fn marker(numbered: bool, nth: usize) -> String {
    if numbered {
        format!("{}.", nth + 1)
    } else {
        "•".to_owned()
    }
}

fn rule(scope: Scope) -> Row {
    let space = scope.size * 0.9;
    let mark = fill(0.0, 0.0, scope.width, 0.6, HAIR);
    Row {
        height: 0.6,
        before: space,
        after: space,
        marks: vec![mark],
        ..Row::default()
    }
}

/// The QR code of a text, with as much correction as paper that is folded and stamped needs.
pub(super) fn modules(text: &str) -> Result<Modules, Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Error::BadQr { bytes: text.len() })?;
    let dark = code
        .to_colors()
        .into_iter()
        .map(|colour| colour == Color::Dark)
        .collect();
    Ok(Modules {
        width: code.width(),
        dark,
    })
}

/// How wide a QR code of so many modules is drawn, with its quiet zone.
pub(super) fn qr_side(modules: usize) -> f32 {
    ((modules + 2 * QR_QUIET) as f32 * QR_MODULE).max(QR_SIDE)
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
