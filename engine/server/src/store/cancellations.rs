//! Cancellations of receipts: asked for by one person, decided by another.

use serde_json::json;

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet {
    table: "cancellations",
    key: "receipt",
    added: 1,
    columns: "receipt, asked_by, reason, at_ms, state, decided_by, answer, dishonoured",
};

/// How the first part of a payment is written; the others by their place.
const FIRST: &str = "yes";

/// A request to take a receipt back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// The receipt's number.
    pub receipt: String,
    /// Who asked.
    pub asked_by: String,
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub at_ms: i64,
    /// `asked`, `agreed` or `refused`.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What was said with the decision.
    pub answer: Option<String>,
    /// The place, among the parts of its payment, of the cheque that the bank did not honour.
    pub dishonoured: Option<usize>,
}

/// Asks for a cancellation, and writes that down. `false` if it is asked for or agreed to already; what was
/// refused may be asked for again, and so may a receipt of which only a part was taken back.
pub async fn ask(tx: &mut Tx, by: By<'_>, receipt: &str, reason: &str, dishonoured: Option<usize>) -> Result<bool> {
    let sql = format!(
        "insert into cancellations (tenant, receipt, asked_by, reason, at_ms, state, decided_by, dishonoured) values ($1, $2, $3, $4, $5, 'asked', null, $6) \
         on conflict (tenant, receipt) do update set asked_by = excluded.asked_by, reason = excluded.reason, at_ms = excluded.at_ms, \
         state = 'asked', decided_by = null, answer = null, dishonoured = excluded.dishonoured where cancellations.state = 'refused' or (cancellations.state = 'agreed' and cancellations.dishonoured is not null and exists \
         (select 1 from receipts r where r.tenant = $1 and r.number = cancellations.receipt and r.status = 'valid')) returning {}",
        SHEET.columns
    );
    let dishonoured = dishonoured.map(|part| if part == 0 { FIRST.to_owned() } else { part.to_string() });
    let row = tx.first(sql, vals![receipt, by.person, reason, by.at_ms, dishonoured]).await?;
    note(tx, by, row.as_ref(), json!({ "receipt": receipt, "reason": reason }), "ask_cancellation").await
}

/// Agrees to a cancellation or refuses it, and writes that down. `false` if none is asked for, or if the
/// person who decides is the one who asked.
pub async fn decide(tx: &mut Tx, by: By<'_>, receipt: &str, agreed: bool, answer: &str) -> Result<bool> {
    let state = if agreed { "agreed" } else { "refused" };
    let second = if connectors::control::holds("az_08_second_person") { " and asked_by <> $4" } else { "" };
    let sql = format!(
        "update cancellations set state = $3, decided_by = $4, answer = $5 where tenant = $1 and receipt = $2 and state = 'asked'{second} \
         returning {}",
        SHEET.columns
    );
    let row = tx.first(sql, vals![receipt, state, by.person, answer]).await?;
    note(tx, by, row.as_ref(), json!({ "receipt": receipt, "state": state, "reason": answer }), "decide_cancellation")
        .await
}

async fn note(tx: &mut Tx, by: By<'_>, row: Option<&Row>, facts: serde_json::Value, word: &str) -> Result<bool> {
    let Some(row) = row else { return Ok(false) };
    let mut marks = Marks::default();
    marks.add_cells(&SHEET, &row.cells()?);
    let case = super::receipts::find(tx, &row.text(0)?).await?.map(|kept| kept.case);
    events::append(tx, by, case.as_deref(), (word, facts), &marks).await?;
    Ok(true)
}

/// The request for a receipt, if there was one.
pub async fn find(tx: &mut Tx, receipt: &str) -> Result<Option<Cancellation>> {
    let sql = format!("select {} from cancellations where tenant = $1 and receipt = $2", SHEET.columns);
    tx.first(sql, vals![receipt]).await?.as_ref().map(read).transpose()
}

/// The requests that nobody has decided, the oldest first.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<Cancellation>> {
    let sql = format!(
        "select {} from cancellations where tenant = $1 and state = 'asked' order by at_ms, receipt",
        SHEET.columns
    );
    tx.fetch(sql, Vec::new()).await?.iter().map(read).collect()
}

fn part(place: &str) -> Result<usize> {
    let place = if place == FIRST { Ok(0) } else { place.parse() };
    place.map_err(|_| Error::Corrupt("a cancellation for a cheque that is at no place".to_owned()))
}

fn read(row: &Row) -> Result<Cancellation> {
    Ok(Cancellation {
        receipt: row.text(0)?,
        asked_by: row.text(1)?,
        reason: row.text(2)?,
        at_ms: row.int(3)?,
        state: row.text(4)?,
        decided_by: row.maybe_text(5)?,
        answer: row.maybe_text(6)?,
        dishonoured: row.maybe_text(7)?.map(|place| part(&place)).transpose()?,
    })
}
