//! Puts rows on pages.

use super::row::{Row, gap};
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

struct Pages {
    limit: f32,
    done: Vec<Vec<Placed>>,
    page: Vec<Placed>,
    y: f32,
}

/// Puts rows on pages of this height. Rows that belong together stay together unless no page
/// could hold them; the head of a table comes again where the table does.
pub(super) fn paginate(rows: Vec<Row>, limit: f32) -> Result<Vec<Vec<Placed>>, Error> {
    let mut pages = Pages { limit: limit + SLACK, done: Vec::new(), page: Vec::new(), y: 0.0 };
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
            if row.turn && at > 0 {
                whole = true;
                break;
            }
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
        if !pages.page.is_empty() && (first.turn || pages.y + lead + together > pages.limit) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn row(height: f32, keep: bool) -> Row {
        Row { height, keep, ..Row::default() }
    }

    fn heights(rows: Vec<Row>) -> Vec<Vec<f32>> {
        let pages = paginate(rows, 100.0).expect("few pages");
        pages.iter().map(|page| page.iter().map(|placed| placed.row.height).collect()).collect()
    }

    #[test]
    fn pages_are_filled_and_turned() {
        let rows = (0..7).map(|_| row(30.0, false)).collect();
        assert_eq!(heights(rows), [vec![30.0; 3], vec![30.0; 3], vec![30.0]]);
        assert_eq!(heights(Vec::new()), [Vec::<f32>::new()], "a paper without words has a page");
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
    fn a_row_that_turns_the_page_begins_one() {
        let turning = |height: f32| Row { turn: true, ..row(height, true) };
        let rows = vec![turning(20.0), row(20.0, true), turning(30.0), row(10.0, false), turning(40.0)];
        assert_eq!(heights(rows), [vec![20.0, 20.0], vec![30.0, 10.0], vec![40.0]], "none is left empty");
    }

    #[test]
    fn the_head_comes_again_with_its_table() {
        let head = Rc::new(vec![row(5.0, true)]);
        let mut rows = vec![row(5.0, true)];
        rows.extend((0..4).map(|_| Row { head: Some(Rc::clone(&head)), ..row(40.0, false) }));
        assert_eq!(heights(rows), [vec![5.0, 40.0, 40.0], vec![5.0, 40.0, 40.0]]);
    }

    #[test]
    fn there_is_a_last_page() {
        let rows = |count| (0..count).map(|_| row(100.0, false)).collect();
        assert_eq!(paginate(rows(MAX_PAGES), 100.0).map(|pages| pages.len()), Ok(MAX_PAGES));
        assert_eq!(paginate(rows(MAX_PAGES + 1), 100.0).map(|p| p.len()), Err(Error::TooManyPages));
    }
}
