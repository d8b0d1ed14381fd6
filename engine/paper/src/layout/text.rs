//! Lays out paragraphs and titles.

use super::block::fill;
use super::line;
use super::row::{Ink, Mark, Row};
use super::token::{self, Voice};
use super::{Scope, Setting, offset};
use crate::parse::{Align, Inline, LOOSE, Text};
use crate::style::{ASCENT, DESCENT, INK, PALE, look};
use crate::tags::{Meaning, TagId};

impl Setting<'_> {
    pub(super) fn voice(&self, level: u8, scope: Scope) -> Voice {
        let title = level != LOOSE && level > 0;
        let colour = if title { self.sheet.accent } else { scope.colour };
        let size = scope.size * look(level).size;
        let pale = if scope.colour == INK { PALE } else { scope.colour };
        Voice { size, colour, bold: title || scope.bold, pale }
    }

    /// On a certificate the title and the emblem stand in the middle unless told otherwise.
    pub(super) fn solemn(&self, align: Align) -> Align {
        if self.sheet.certificate && align == Align::Left { Align::Center } else { align }
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
    pub(super) fn text(&mut self, text: &Text, alone: bool, scope: Scope) -> Vec<Row> {
        let title = text.level != LOOSE && text.level > 0;
        let tag = self.text_tag(text, title, alone, scope.tag);
        if let Some(lang) = &text.lang {
            self.tags.speak(tag, lang);
        }
        let look = look(text.level);
        let leading = if title { look.leading } else { scope.leading };
        let voice = self.voice(text.level, scope);
        let align = text.align.unwrap_or(scope.align);
        let align = if text.level == 1 && text.align.is_none() { self.solemn(align) } else { align };
        let tokens = token::tokens(&text.inlines, voice, &mut self.shaper);
        let lines = line::lines(&tokens, scope.width);
        let count = lines.len();
        let mut rows: Vec<Row> = Vec::with_capacity(count);
        for (nth, line) in lines.into_iter().enumerate() {
            let size = if line.size > 0.0 { line.size } else { voice.size };
            let high = size * leading;
            let x = offset(align, scope.width, line.width);
            let y = (high - size * (ASCENT + DESCENT)) / 2.0 + size * ASCENT;
            let mut marks = Vec::new();
            if !line.spans.is_empty() {
                marks.push(Mark { x, y, ink: Ink::Text(line.spans), tag: Some(tag) });
            }
            // No line of a paragraph stands alone on a page; a title never ends one.
            let keep = title || count > 1 && (nth == 0 || nth + 2 == count);
            rows.push(Row { height: high, keep, marks, ..Row::default() });
        }
        if let Some(first) = rows.first_mut() {
            first.before = look.before * scope.size;
        }
        if let Some(last) = rows.last_mut() {
            last.after = if text.level == LOOSE { 0.0 } else { look.after * scope.size };
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
        Row { height: thick, after, keep: true, marks: vec![mark], ..Row::default() }
    }
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
