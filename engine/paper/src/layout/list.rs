//! Lays out lists: markers, and items beside them.

use super::line;
use super::row::{Ink, Mark, Row, Span};
use super::{Scope, Setting};
use crate::Error;
use crate::parse::{Align, List};
use crate::style::{ASCENT, look};
use crate::tags::Meaning;

/// How far a list's text stands from its markers' left, at least, as a share of the size.
const LIST_INDENT: f32 = 1.5;

impl Setting<'_> {
    pub(super) fn list(&mut self, list: &List, scope: Scope) -> Result<Vec<Row>, Error> {
        let tag = self.tags.place(scope.tag, Meaning::List { numbered: list.numbered });
        let indent = self.list_indent(list, scope);
        let voice = self.voice(0, scope);
        let mut out: Vec<Row> = Vec::new();
        for (nth, item) in list.items.iter().enumerate() {
            let tag = self.tags.place(tag, Meaning::Item);
            let label = self.tags.place(tag, Meaning::Label);
            let body = self.tags.place(tag, Meaning::Body);
            let width = (scope.width - indent).max(1.0);
            let mut rows = self.flow(item, Scope { tag: body, width, align: Align::Left, ..scope })?;
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
            let x = -indent + if list.numbered { 0.0 } else { scope.size * 0.35 };
            let mark = Mark { x: x - first.indent, y, ink: Ink::Text(spans), tag: Some(label) };
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
        let width: f32 = spans.iter().map(Span::width).sum();
        (width + scope.size * 0.5).max(scope.size * LIST_INDENT)
    }
}

/// The words before an item.
fn marker(numbered: bool, nth: usize) -> String {
    if numbered { format!("{}.", nth + 1) } else { "•".to_owned() }
}
