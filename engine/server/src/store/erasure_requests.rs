//! What people ask to have erased in a town, and what was decided about it. What was said with it, and why it was
//! decided so, is sealed with the key of the tenant.

use serde_json::{Value as Json, json};

use super::db::{Row, Val, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;
use super::vault::{self, Place};

pub(super) const SHEET: Sheet = Sheet {
    table: "erasure_requests",
    key: "id",
    added: 0,
    columns: "id, person, language, words, asked_ms, state, decided_by, decided_ms, reason, done_ms",
};

/// The state of a request that waits for an answer.
pub const ASKED: &str = "asked";
/// The state of a request that was granted.
pub const GRANTED: &str = "granted";
/// The state of a request that was refused.
pub const REFUSED: &str = "refused";

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its key, unguessable.
    pub id: String,
    /// Who asks: the person's key.
    pub person: String,
    /// The language in which the answer is told.
    pub language: String,
    /// What was said with it; empty for nothing.
    pub words: String,
    /// When.
    pub asked_ms: i64,
    /// `asked`, `granted` or `refused`.
    pub state: String,
    /// Who decided: the person's key.
    pub decided_by: Option<String>,
    /// When.
    pub decided_ms: Option<i64>,
    /// Why so.
    pub reason: String,
    /// When it was carried out, and whoever asked was told.
    pub done_ms: Option<i64>,
}

fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place { table: SHEET.table, column, row: id }
}

/// Keeps a request, and writes down that it was made. [`super::Error::Taken`] if the person has one that waits.
pub async fn ask(tx: &mut Tx, by: By<'_>, request: &Request) -> Result<()> {
    let Request { id, person, language, words, asked_ms, state, .. } = request;
    let words = vault::value(tx, place("words", id), words)?;
    let (text, number) = (None::<String>, None::<i64>);
    let row = vals![id, person, language, words, *asked_ms, state, text.clone(), number, text, number];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into erasure_requests \
               (tenant, id, person, language, words, asked_ms, state, decided_by, decided_ms, reason, done_ms) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    tx.execute(sql, row).await?;
    let facts = json!({ "person": person, "request": id });
    events::append(tx, by, None, ("ask_erasing", facts), &marks).await?;
    Ok(())
}

/// Decides a request, and writes that down. `false` if it does not wait for an answer.
pub async fn decide(tx: &mut Tx, by: By<'_>, id: &str, (state, reason): (&str, &str)) -> Result<bool> {
    let sql = format!(
        "update erasure_requests set state = $3, decided_by = $4, decided_ms = $5, reason = $6 \
         where tenant = $1 and id = $2 and state = '{ASKED}' returning {}",
        SHEET.columns
    );
    let reason = vault::value(tx, place("reason", id), reason)?;
    let row = tx.first(sql, vals![id, state, by.person, by.at_ms, reason]).await?;
    note(tx, by, row, ("decide_erasing", json!({ "state": state }))).await
}

/// Writes down that what was decided is done, and whoever asked was told. `false` if that was done before.
pub async fn finish(tx: &mut Tx, by: By<'_>, id: &str) -> Result<bool> {
    let sql = format!(
        "update erasure_requests set done_ms = $3 where tenant = $1 and id = $2 and done_ms is null returning {}",
        SHEET.columns
    );
    let row = tx.first(sql, vals![id, by.at_ms]).await?;
    note(tx, by, row, ("carry_out_erasing", json!({}))).await
}

async fn note(tx: &mut Tx, by: By<'_>, row: Option<Row>, (word, mut facts): (&str, Json)) -> Result<bool> {
    let Some(row) = row else { return Ok(false) };
    let mut marks = Marks::default();
    marks.add_cells(&SHEET, &row.cells()?);
    facts["person"] = row.text(1)?.into();
    facts["request"] = row.text(0)?.into();
    events::append(tx, by, None, (word, facts), &marks).await?;
    Ok(true)
}

/// A request.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Request>> {
    Ok(select(tx, "id = $2", "asked_ms", vals![id]).await?.pop())
}

/// At most `limit` requests of a person, the latest first.
pub async fn of_person(tx: &mut Tx, person: &str, limit: i64) -> Result<Vec<Request>> {
    select(tx, "person = $2", "asked_ms desc, id desc limit $3", vals![person, limit]).await
}

/// At most `limit` requests that wait for an answer, the longest waiting first.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Request>> {
    select(tx, "state = $2", "asked_ms, id limit $3", vals![ASKED, limit]).await
}

/// At most `limit` requests that were decided, the latest decision first.
pub async fn decided(tx: &mut Tx, limit: i64) -> Result<Vec<Request>> {
    select(tx, "state <> $2", "decided_ms desc, id desc limit $3", vals![ASKED, limit]).await
}

/// Requests that were decided, and of which that is yet to be carried out and told.
pub async fn unfinished(tx: &mut Tx) -> Result<Vec<Request>> {
    select(tx, "state <> $2 and done_ms is null", "decided_ms, id", vals![ASKED]).await
}

async fn select(tx: &mut Tx, condition: &str, order: &str, values: Vec<Val<'_>>) -> Result<Vec<Request>> {
    let sql =
        format!("select {} from erasure_requests where tenant = $1 and {condition} order by {order}", SHEET.columns);
    let rows = tx.fetch(sql, values).await?;
    rows.iter().map(|row| read(tx, row)).collect()
}

fn read(tx: &Tx, row: &Row) -> Result<Request> {
    let id = row.text(0)?;
    let open = |column: &'static str, text: String| vault::open_value(tx, tx.tenant(), place(column, &id), text);
    Ok(Request {
        person: row.text(1)?,
        language: row.text(2)?,
        words: open("words", row.text(3)?)?,
        asked_ms: row.int(4)?,
        state: row.text(5)?,
        decided_by: row.maybe_text(6)?,
        decided_ms: row.maybe_int(7)?,
        reason: open("reason", row.maybe_text(8)?.unwrap_or_default())?,
        done_ms: row.maybe_int(9)?,
        id,
    })
}
