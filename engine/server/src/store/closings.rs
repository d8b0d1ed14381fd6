//! Up to which day the books are closed. One person closes them; that they are opened again is asked by one and agreed
//! to by another. Only added to: the last row says what holds, and the database itself refuses a voucher of a day that
//! is closed.

use connectors::control::holds;
use engine::base::Day;
use serde_json::json;

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet {
    table: "closings",
    key: "seq",
    added: 0,
    columns: "seq, kind, closed_until, asked_until, person, reason, at_ms",
};

/// The books were closed.
pub const CLOSED: &str = "closed";
/// Somebody asks that a part of them be opened again.
pub const ASKED: &str = "asked";
/// Somebody else agreed, and they are open.
pub const OPENED: &str = "opened";

/// Something that was done about the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The number of the event that vouches for it.
    pub seq: i64,
    /// `closed`, `asked` or `opened`.
    pub kind: String,
    /// The last day that is closed from then on.
    pub until: Day,
    /// The last day that would stay closed, where somebody asks that others be opened.
    pub asked: Option<Day>,
    /// Who did it: the person's key.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at_ms: i64,
}

/// What was done last; nothing while no books were ever closed.
pub async fn last(tx: &mut Tx) -> Result<Option<Closing>> {
    Ok(latest(tx, 1).await?.pop())
}

/// At most `limit` deeds, the latest first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Closing>> {
    let sql = format!("select {} from closings where tenant = $1 order by seq desc limit $2", SHEET.columns);
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}

/// Closes the books up to a day, that day included. `false` if they are closed so far already. Whoever asked for
/// something else meanwhile asks again.
pub async fn close(tx: &mut Tx, by: By<'_>, until: Day, reason: &str) -> Result<bool> {
    let seq = next(tx).await?;
    if last(tx).await?.is_some_and(|last| last.until >= until) {
        return Ok(false);
    }
    let closing = Closing { seq, kind: CLOSED.to_owned(), until, asked: None, ..said(by, reason) };
    add(tx, by, &closing).await?;
    Ok(true)
}

/// Asks that the books be opened after a day, which stays closed. `false` if nothing after it is closed.
pub async fn ask(tx: &mut Tx, by: By<'_>, until: Day, reason: &str) -> Result<bool> {
    let seq = next(tx).await?;
    let Some(last) = last(tx).await?.filter(|last| last.until > until) else { return Ok(false) };
    let closing = Closing { seq, kind: ASKED.to_owned(), until: last.until, asked: Some(until), ..said(by, reason) };
    add(tx, by, &closing).await?;
    Ok(true)
}

/// Opens what was asked to be opened under the number `asked`, and nothing that was asked since. `false` if that is not
/// what was done last, or if this person asked.
pub async fn agree(tx: &mut Tx, by: By<'_>, asked: i64, reason: &str) -> Result<bool> {
    let seq = next(tx).await?;
    let Some(last) = last(tx).await?.filter(|last| last.seq == asked) else { return Ok(false) };
    let Some(until) = last.asked else { return Ok(false) };
    if last.person == by.person && holds("led_02_second_person") {
        return Ok(false);
    }
    let closing = Closing { seq, kind: OPENED.to_owned(), until, asked: None, ..said(by, reason) };
    add(tx, by, &closing).await?;
    Ok(true)
}

/// The number of the event that will vouch for what is done. The end of the chain is held from here on, and so nobody
/// else writes a voucher or closes books meanwhile.
async fn next(tx: &mut Tx) -> Result<i64> {
    Ok(events::hold_head(tx).await?.seq + 1)
}

/// What is the same for everything that is done.
fn said(by: By<'_>, reason: &str) -> Closing {
    Closing {
        seq: 0,
        kind: String::new(),
        until: Day::MIN,
        asked: None,
        person: by.person.to_owned(),
        reason: reason.to_owned(),
        at_ms: by.at_ms,
    }
}

async fn add(tx: &mut Tx, by: By<'_>, closing: &Closing) -> Result<()> {
    let Closing { seq, kind, until, asked, person, reason, at_ms } = closing;
    let asked = asked.map(|day| day.to_string());
    let row = vals![*seq, kind, until.to_string(), asked.clone(), person, reason, *at_ms];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into closings (tenant, seq, kind, closed_until, asked_until, person, reason, at_ms) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(sql, row).await?;
    let word = match kind.as_str() {
        CLOSED => "close_books",
        ASKED => "ask_books",
        _ => "open_books",
    };
    let facts = json!({ "until": until.to_string(), "asked": asked, "reason": reason });
    events::append(tx, by, None, (word, facts), &marks).await?;
    Ok(())
}

fn read(row: &Row) -> Result<Closing> {
    Ok(Closing {
        seq: row.int(0)?,
        kind: row.text(1)?,
        until: row.day(2)?,
        asked: row.maybe_day(3)?,
        person: row.text(4)?,
        reason: row.text(5)?,
        at_ms: row.int(6)?,
    })
}
