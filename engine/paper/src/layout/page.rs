//! Puts rows on pages and furnishes the pages.

use super::Setting;
use super::block::fill;
use super::line::{self, Voice};
use super::row::{Ink, Mark, Row, Span, gap};
use crate::parse::Inline;
use crate::style::{HAIR, PALE};
use crate::{Error, MAX_PAGES};

/// A row in its place on a page.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) row: Row,
    /// How far its top is from the top of the text.
    pub(super) y: f32,
}

/// A page may be this much fuller than it is high: heights are sums of floats.
const SLACK: f32 = 0.01;

/// The most lines of a footer.
const FOOTER_LINES: usize = 3;

struct Pages {
    limit: f32,
    done: Vec<Vec<Placed>>,
    page: Vec<Placed>,
    y: f32,
}

/// Puts rows on pages of this height. Rows that belong together stay together unless no page
/// could hold them; the head of a table comes again where the table does.
pub(super) fn paginate(rows: Vec<Row>, limit: f32) -> Result<Vec<Vec<Placed>>, Error> {
    let mut pages = Pages {
        limit: limit + SLACK,
        done: Vec::new(),
        page: Vec::new(),
        y: 0.0,
    };
    let mut rest = rows.into_iter().peekable();
    let mut chain: std::collections::VecDeque<Row> = std::collections::VecDeque::new();
    loop {
        // The rows from here to the first that may be the last on its page.
        let mut high = 0.0;
        let mut whole = false;
        for at in 0.. {
            if chain.len() == at {
                chain.extend(rest.next());
            }
            let Some(row) = chain.get(at) else {
                whole = at > 0;
                break;
            };
            high += row.height + at.checked_sub(1).map_or(0.0, |last| gap(&chain[last], row));
            if high > pages.limit {
                break;
            }
            if !row.keep {
                whole = true;
                break;
            }
        }
        let Some(first) = chain.front() else { break };
        let lead = pages.lead(first);
        let together = if whole { high } else { first.height };
        if !pages.page.is_empty() && pages.y + lead + together > pages.limit {
            pages.turn(first)?;
        }
        let first = chain.pop_front().expect("the chain has a first row");
        pages.place(first);
    }
    if !pages.page.is_empty() || pages.done.is_empty() {
        pages.end()?;
    }
    Ok(pages.done)
}

impl Pages {
    /// The space above a row that is placed next.
    fn lead(&self, row: &Row) -> f32 {
        self.page.last().map_or(0.0, |above| gap(&above.row, row))
    }

    fn place(&mut self, row: Row) {
        self.y += self.lead(&row);
        let y = self.y;
        self.y += row.height;
        self.page.push(Placed { row, y });
    }

    fn end(&mut self) -> Result<(), Error> {
        if self.done.len() == MAX_PAGES {
            return Err(Error::TooManyPages);
        }
        self.done.push(std::mem::take(&mut self.page));
        self.y = 0.0;
        Ok(())
    }

    /// Begins a new page, with the head of the table that `next` is in.
    fn turn(&mut self, next: &Row) -> Result<(), Error> {
        self.end()?;
        for head in next.head.iter().flat_map(|head| head.iter()) {
            let mut row = head.clone();
            row.indent = next.indent;
            row.before = 0.0;
            // It was read aloud when it came first.
            row.marks.iter_mut().for_each(|mark| mark.tag = None);
            self.place(row);
        }
        Ok(())
    }
}

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
            marks.extend(row.marks.into_iter().map(|mark| Mark {
                x: mark.x + dx,
                y: mark.y + dy,
                ..mark
            }));
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

fn foot(
    marks: &mut Vec<Mark>,
    setting: &mut Setting,
    footer: Option<&str>,
    number: Option<&str>,
) -> Result<(), Error> {
    let sheet = setting.sheet;
    let size = sheet.base * 0.8;
    let voice = Voice {
        size,
        colour: PALE,
        bold: false,
        pale: PALE,
    };
    let high = size * 1.4;
    let number = line::plain(number.unwrap_or_default(), voice, &mut setting.shaper);
    let number_width: f32 = number.iter().map(Span::width).sum();
    let room = sheet.text_width()
        - if number.is_empty() {
            0.0
        } else {
            number_width + 2.0 * size
        };
    let inlines = [Inline::Words(
        footer.unwrap_or_default().to_owned(),
        crate::parse::Mark::default(),
    )];
    let tokens = line::tokens(&inlines, voice, &mut setting.shaper);
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
        marks.push(fill(
            sheet.side,
            top - size * 1.5,
            sheet.text_width(),
            0.4,
            HAIR,
        ));
    }
    for (nth, line) in lines.into_iter().enumerate() {
        let inset = if alone {
            (sheet.text_width() - line.width) / 2.0
        } else {
            0.0
        };
        let (x, y) = (sheet.side + inset, top + nth as f32 * high);
        marks.push(Mark {
            x,
            y,
            ink: Ink::Text(line.spans),
            tag: None,
        });
    }
    if !number.is_empty() {
        let x = sheet.side + sheet.text_width() - number_width;
        marks.push(Mark {
            x,
            y: top,
            ink: Ink::Text(number),
            tag: None,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn row(height: f32, keep: bool) -> Row {
        Row {
            height,
            keep,
            ..Row::default()
        }
    }

    fn heights(rows: Vec<Row>) -> Vec<Vec<f32>> {
        let pages = paginate(rows, 100.0).expect("few pages");
        pages
            .iter()
            .map(|page| page.iter().map(|placed| placed.row.height).collect())
            .collect()
    }

    #[test]
    fn pages_are_filled_and_turned() {
        let rows = (0..7).map(|_| row(30.0, false)).collect();
        assert_eq!(heights(rows), [vec![30.0; 3], vec![30.0; 3], vec![30.0]]);
        assert_eq!(
            heights(Vec::new()),
            [Vec::<f32>::new()],
            "a paper without words has a page"
        );
    }

    #[test]
    fn rows_that_belong_together_stay_together_if_a_page_can_hold_them() {
        let rows = vec![row(50.0, false), row(20.0, true), row(40.0, false)];
        assert_eq!(heights(rows), [vec![50.0], vec![20.0, 40.0]]);
        let rows = vec![row(50.0, false), row(40.0, true), row(70.0, false)];
        assert_eq!(heights(rows), [vec![50.0, 40.0], vec![70.0]]);
    }

    #[test]
    fn space_between_rows_is_the_greater_wish_and_none_at_the_top() {
        let mut rows = vec![row(50.0, false), row(30.0, false), row(30.0, false)];
        rows[0].after = 10.0;
        rows[1].before = 15.0;
        rows[2].before = 40.0;
        let pages = paginate(rows, 100.0).expect("few pages");
        assert_eq!((pages[0][1].y, pages[1][0].y), (65.0, 0.0));
    }

    #[test]
    fn the_head_comes_again_with_its_table() {
        let head = Rc::new(vec![row(5.0, true)]);
        let mut rows = vec![row(5.0, true)];
        rows.extend((0..4).map(|_| Row {
            head: Some(Rc::clone(&head)),
            ..row(40.0, false)
        }));
        assert_eq!(
            heights(rows),
            [vec![5.0, 40.0, 40.0], vec![5.0, 40.0, 40.0]]
        );
    }

    #[test]
    fn there_is_a_last_page() {
        let rows = |count| (0..count).map(|_| row(100.0, false)).collect();
        assert_eq!(
            paginate(rows(MAX_PAGES), 100.0).map(|pages| pages.len()),
            Ok(MAX_PAGES)
        );
        assert_eq!(
            paginate(rows(MAX_PAGES + 1), 100.0).map(|p| p.len()),
            Err(Error::TooManyPages)
        );
    }
}
