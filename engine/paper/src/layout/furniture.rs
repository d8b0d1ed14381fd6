//! Furnishes pages: borders, footers, numbers.

use super::Setting;
use super::block::fill;
use super::line;
use super::page::Placed;
use super::row::{Ink, Mark, Span};
use super::token::{self, Voice};
use crate::Error;
use crate::parse::Inline;
use crate::style::{HAIR, PALE};

/// The most lines of a footer.
const FOOTER_LINES: usize = 3;

/// Moves everything to its place on the page, and adds the border, the footer and the number.
pub(super) fn finish(
    pages: Vec<Vec<Placed>>,
    setting: &mut Setting,
    footer: Option<&str>,
) -> Result<Vec<Vec<Mark>>, Error> {
    let count = pages.len();
    let sheet = setting.sheet;
    let mut pages = pages;
    for page in &mut pages {
        sink(page, sheet.text_height());
    }
    let mut out = Vec::with_capacity(count);
    for (nth, placed) in pages.into_iter().enumerate() {
        let mut marks = Vec::new();
        if sheet.certificate {
            let far = sheet.border();
            border(&mut marks, setting, far, 1.2);
            border(&mut marks, setting, far + 3.6, 0.45);
        }
        for Placed { row, y } in placed {
            let (dx, dy) = (sheet.side + row.indent, sheet.top + y);
            marks.extend(row.marks.into_iter().map(|mark| Mark { x: mark.x + dx, y: mark.y + dy, ..mark }));
        }
        // A paper of one page needs no number.
        let number = (count > 1).then(|| format!("{} / {count}", nth + 1));
        foot(&mut marks, setting, footer, number.as_deref())?;
        out.push(marks);
    }
    Ok(out)
}

/// Moves the rows at the end of a page that want to stand at its foot down to it.
fn sink(page: &mut [Placed], limit: f32) {
    let Some(last) = page.last() else { return };
    let room = (limit - last.y - last.row.height).max(0.0);
    for placed in page.iter_mut().rev().take_while(|placed| placed.row.sink) {
        placed.y += room;
    }
}

/// Four lines around the page, this far from its edge.
fn border(marks: &mut Vec<Mark>, setting: &Setting, far: f32, thick: f32) {
    let sheet = setting.sheet;
    let (width, height) = (sheet.width - 2.0 * far, sheet.height - 2.0 * far);
    let colour = sheet.accent;
    marks.push(fill(far, far, width, thick, colour));
    marks.push(fill(far, far + height - thick, width, thick, colour));
    marks.push(fill(far, far, thick, height, colour));
    marks.push(fill(far + width - thick, far, thick, height, colour));
}

fn foot(marks: &mut Vec<Mark>, setting: &mut Setting, footer: Option<&str>, number: Option<&str>) -> Result<(), Error> {
    let sheet = setting.sheet;
    let size = sheet.base * 0.8;
    let voice = Voice { size, colour: PALE, bold: false, pale: PALE };
    let high = size * 1.4;
    let number = line::plain(number.unwrap_or_default(), voice, &mut setting.shaper);
    let number_width: f32 = number.iter().map(Span::width).sum();
    let room = sheet.text_width() - if number.is_empty() { 0.0 } else { number_width + 2.0 * size };
    let inlines = [Inline::Words(footer.unwrap_or_default().to_owned(), crate::parse::Mark::default())];
    let tokens = token::tokens(&inlines, voice, &mut setting.shaper);
    let lines = line::lines(&tokens, room);
    if lines.len() > FOOTER_LINES {
        return Err(Error::BadOption {
            name: "footer",
            value: footer.unwrap_or_default().to_owned(),
            expected: "at most three lines of text",
        });
    }
    let tall = lines.len().max(usize::from(!number.is_empty()));
    if tall == 0 {
        return Ok(());
    }
    // The last line stands at the foot; more lines grow upwards.
    let top = sheet.foot() - (tall - 1) as f32 * high;
    let alone = sheet.certificate && number.is_empty();
    if !sheet.certificate {
        marks.push(fill(sheet.side, top - size * 1.5, sheet.text_width(), 0.4, HAIR));
    }
    for (nth, line) in lines.into_iter().enumerate() {
        let inset = if alone { (sheet.text_width() - line.width) / 2.0 } else { 0.0 };
        let (x, y) = (sheet.side + inset, top + nth as f32 * high);
        marks.push(Mark { x, y, ink: Ink::Text(line.spans), tag: None });
    }
    if !number.is_empty() {
        let x = sheet.side + sheet.text_width() - number_width;
        marks.push(Mark { x, y: top, ink: Ink::Text(number), tag: None });
    }
    Ok(())
}
