//! Money that came through a gateway and is not what was asked. Nothing of it is booked until one person has said what
//! becomes of it, and another has agreed: it is received as it came, or it goes back.

use engine::base::Money;
use engine::ledger::Voucher;
use engine::registry::Serials;
use serde_json::{Value as Json, json};

use super::db::{Row, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::orders::{self, MISMATCH, Order};
use super::tx::Tx;
use super::{serials, vouchers};

pub(super) const SHEET: Sheet = Sheet {
    table: "mismatches",
    key: "reference",
    added: 0,
    columns: "reference, case_id, kind, asked_paise, came_paise, currency, payment, about, at_ms, state, decision, asked_by, \
              asked_ms, reason, sent_as, decided_by, decided_ms, answer",
};

/// Only the amount is another.
pub const AMOUNT: &str = "amount";
/// The currency is another.
pub const CURRENCY: &str = "currency";
/// The gateway tells of another order, or of another town.
pub const ORDER: &str = "order";
/// The gateway says that it was play, where nobody plays.
pub const TEST: &str = "test";

/// Nobody has said what becomes of it.
pub const WAITING: &str = "waiting";
/// Somebody has, and another person is yet to agree.
pub const ASKED: &str = "asked";

/// It is received as it came.
pub const ACCEPT: &str = "accept";
/// It goes back.
pub const RETURN: &str = "return";

/// Money that is not what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Our own name for the payment: the reference of its order.
    pub reference: String,
    /// The case for which it was asked; the first of several.
    pub case: String,
    /// What is another: `amount`, `currency`, `order` or `test`.
    pub kind: String,
    /// What was asked, in paise.
    pub asked_paise: i64,
    /// What the gateway says came, in hundredths of its currency.
    pub came_paise: i64,
    /// In which currency.
    pub currency: String,
    /// What the gateway calls the payment.
    pub payment: Option<String>,
    /// What the gateway says that it was for: town and reference.
    pub about: String,
    /// When it was found.
    pub at_ms: i64,
    /// `waiting`, `asked`, `accepted` or `returned`.
    pub state: String,
    /// What somebody wants done with it: `accept` or `return`.
    pub decision: Option<String>,
    /// Who: the person's key.
    pub asked_by: Option<String>,
    /// When.
    pub asked_ms: Option<i64>,
    /// Why.
    pub reason: Option<String>,
    /// By what the money that goes back is found again, as the gateway or the bank calls it.
    pub sent_as: Option<String>,
    /// Who decided on that: the person's key.
    pub decided_by: Option<String>,
    /// When.
    pub decided_ms: Option<i64>,
    /// What was said with the decision.
    pub answer: Option<String>,
}

impl Mismatch {
    /// What came, if it is money of the town's currency that was meant for this order, and so can be booked.
    pub fn came(&self) -> Option<Money> {
        let ours = self.kind == AMOUNT && self.payment.is_some();
        Money::from_paise(self.came_paise).filter(|came| ours && came.paise() > 0)
    }
}

/// What the gateway told of an order that is not what was asked.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What is another.
    pub kind: &'a str,
    /// What came, in hundredths of its currency.
    pub came_paise: i64,
    /// In which currency.
    pub currency: &'a str,
    /// What the gateway calls the payment.
    pub payment: Option<&'a str>,
    /// What it says that it was for.
    pub about: &'a str,
}

/// Keeps what the gateway told of an order, and writes that down.
pub(crate) async fn keep(tx: &mut Tx, by: By<'_>, order: &Order, told: Told<'_>) -> Result<()> {
    let sql = format!(
        "insert into mismatches (tenant, reference, case_id, kind, asked_paise, came_paise, currency, payment, about, at_ms, state) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting') returning {}",
        SHEET.columns
    );
    let Told { kind, came_paise, currency, payment, about } = told;
    let values =
        vals![&order.reference, &order.case, kind, order.amount_paise, came_paise, currency, payment, about, by.at_ms];
    let row = tx.first(sql, values).await?;
    let row = row.ok_or_else(|| Error::Corrupt("what was inserted is not there".to_owned()))?;
    let facts = json!({ "order": order.reference, "kind": kind, "asked": order.amount_paise, "came": came_paise });
    note(tx, by, &row, Marks::default(), ("mismatch", facts)).await
}

/// What somebody wants done with money, and why.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<'a> {
    /// `accept` or `return`.
    pub decision: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Keeps what one person wants done, and writes that down. `false` if somebody else has said so already, or if it is
/// decided.
pub async fn ask(tx: &mut Tx, by: By<'_>, reference: &str, proposal: Proposal<'_>) -> Result<bool> {
    let sql = format!(
        "update mismatches set state = 'asked', decision = $3, asked_by = $4, asked_ms = $5, reason = $6, sent_as = null, \
         decided_by = null, decided_ms = null, answer = null where tenant = $1 and reference = $2 and state = 'waiting' returning {}",
        SHEET.columns
    );
    let Proposal { decision, reason } = proposal;
    let row = tx.first(sql, vals![reference, decision, by.person, by.at_ms, reason]).await?;
    let Some(row) = row else { return Ok(false) };
    let facts = json!({ "order": reference, "decision": decision, "reason": reason });
    note(tx, by, &row, Marks::default(), ("ask_mismatch", facts)).await?;
    Ok(true)
}

/// What was asked for when, as whoever decides has seen it: nothing else is decided on.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The order.
    pub reference: &'a str,
    /// `accept` or `return`.
    pub decision: &'a str,
    /// When it was asked for.
    pub asked_ms: i64,
}

/// What is said with a decision.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// Why, or what there is to know.
    pub answer: &'a str,
    /// By what money that went back is found again, as the gateway or the bank calls it.
    pub sent_as: Option<&'a str>,
}

/// Does not agree, or takes back what the same person proposed: what becomes of the money is open again. `false` if
/// that is not what waits.
pub async fn refuse(tx: &mut Tx, by: By<'_>, seen: Seen<'_>, answer: &str) -> Result<bool> {
    let answered = Answered { answer, sent_as: None };
    let Some(row) = decide(tx, by, seen, (WAITING, answered)).await? else { return Ok(false) };
    let facts = json!({ "order": seen.reference, "decision": seen.decision, "state": "refused", "reason": answer });
    note(tx, by, &row, Marks::default(), ("decide_mismatch", facts)).await?;
    Ok(true)
}

/// Agrees, and books what goes back at once, under numbers drawn from a series that this transaction holds. `false` as
/// with [`refuse`], and if the person who agrees is the one who asked.
pub async fn agree(
    tx: &mut Tx,
    by: By<'_>,
    seen: Seen<'_>,
    answered: Answered<'_>,
    booked: Option<(&[Voucher], &Serials)>,
) -> Result<bool> {
    let event = events::hold_head(tx).await?.seq + 1;
    let state = if seen.decision == RETURN { orders::RETURNED } else { orders::ACCEPTED };
    let Some(row) = decide(tx, by, seen, (state, answered)).await? else { return Ok(false) };
    let found = read(&row)?;
    let sent_as = found.sent_as.as_deref().unwrap_or_default();
    if !orders::step(tx, seen.reference, (MISMATCH, state), sent_as).await? {
        return Err(tx.spoil(Error::Stale));
    }
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    let mut numbers = Vec::new();
    if let Some((booked, drawn)) = booked {
        for voucher in booked {
            vouchers::write(&mut writes, &mut marks, (event, &found.case), voucher);
            numbers.push(voucher.number());
        }
        serials::write(tx, &mut writes, &mut marks, drawn)?;
        tx.write(writes).await?;
    }
    let facts = json!({
        "order": seen.reference, "decision": seen.decision, "state": "agreed", "reason": answered.answer, "sent_as": sent_as, "vouchers": numbers,
    });
    note(tx, by, &row, marks, ("decide_mismatch", facts)).await?;
    Ok(true)
}

async fn decide(
    tx: &mut Tx,
    by: By<'_>,
    seen: Seen<'_>,
    (state, answered): (&str, Answered<'_>),
) -> Result<Option<Row>> {
    let alone = state == WAITING || !connectors::control::holds("pay_03_second_person");
    let second = if alone { "" } else { " and asked_by <> $4" };
    let Answered { answer, sent_as } = answered;
    let sql = format!(
        "update mismatches set state = $3, decided_by = $4, decided_ms = $5, answer = $6, sent_as = $9 where tenant = $1 and reference = $2 \
         and state = 'asked' and decision = $7 and asked_ms = $8{second} returning {}",
        SHEET.columns
    );
    let Seen { reference, decision, asked_ms } = seen;
    tx.first(sql, vals![reference, state, by.person, by.at_ms, answer, decision, asked_ms, sent_as]).await
}

async fn note(tx: &mut Tx, by: By<'_>, row: &Row, mut marks: Marks, what: (&str, Json)) -> Result<()> {
    marks.add_cells(&SHEET, &row.cells()?);
    let case = row.text(1)?;
    events::append(tx, by, Some(&case), what, &marks).await?;
    Ok(())
}

/// What is kept of an order.
pub async fn find(tx: &mut Tx, reference: &str) -> Result<Option<Mismatch>> {
    let sql = format!("select {} from mismatches where tenant = $1 and reference = $2", SHEET.columns);
    tx.first(sql, vals![reference]).await?.as_ref().map(read).transpose()
}

/// At most `limit`: those that are yet to be decided before the others, the latest first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Mismatch>> {
    let sql = format!(
        "select {} from mismatches where tenant = $1 \
         order by case when state in ('waiting', 'asked') then 0 else 1 end, at_ms desc, reference limit $2",
        SHEET.columns
    );
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}

/// At most `limit` of those that are yet to be decided, the oldest first.
pub async fn undecided(tx: &mut Tx, limit: i64) -> Result<Vec<Mismatch>> {
    let sql = format!(
        "select {} from mismatches where tenant = $1 and state in ('waiting', 'asked') order by at_ms, reference limit $2",
        SHEET.columns
    );
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}

/// How many are yet to be decided; of all tenants, if the transaction is [`super::EVERYBODY`]'s.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    let sql = "select count(*) from mismatches where ($1 = '' or tenant = $1) and state in ('waiting', 'asked')";
    tx.first(sql, Vec::new()).await?.map_or(Ok(0), |row| row.int(0))
}

fn read(row: &Row) -> Result<Mismatch> {
    Ok(Mismatch {
        reference: row.text(0)?,
        case: row.text(1)?,
        kind: row.text(2)?,
        asked_paise: row.int(3)?,
        came_paise: row.int(4)?,
        currency: row.text(5)?,
        payment: row.maybe_text(6)?,
        about: row.text(7)?,
        at_ms: row.int(8)?,
        state: row.text(9)?,
        decision: row.maybe_text(10)?,
        asked_by: row.maybe_text(11)?,
        asked_ms: row.maybe_int(12)?,
        reason: row.maybe_text(13)?,
        sent_as: row.maybe_text(14)?,
        decided_by: row.maybe_text(15)?,
        decided_ms: row.maybe_int(16)?,
        answer: row.maybe_text(17)?,
    })
}
