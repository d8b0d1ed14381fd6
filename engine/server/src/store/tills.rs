//! Tills: opened by whoever takes money over a counter, counted by the same, confirmed by another. Where the
//! owner is absent, somebody else counts, and a third person confirms.

use std::collections::BTreeMap;

use engine::base::{Day, Money};
use engine::billing::CASH;
use engine::ledger::Voucher;
use engine::registry::Serials;
use engine::till::{Count, ModeSum, Pieces};
use serde_json::{Value as Json, json};

use super::db::{Row, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;
use super::{serials, vouchers};

pub(super) const SHEET: Sheet = Sheet {
    table: "tills",
    key: "number",
    added: 0,
    columns: "number, person, counter, on_day, opened_ms, float_paise, state, counted_ms, count, decided_by, decided_ms, answer, voucher",
};

/// Where a till stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TillState {
    /// Money goes into it.
    Open,
    /// It was counted, and waits for another person.
    Counted,
    /// Another person did not agree with the count: it is counted again.
    Again,
    /// Another person confirmed the count. Nothing changes it any more.
    Closed,
}

impl TillState {
    /// Its name in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Counted => "counted",
            Self::Again => "again",
            Self::Closed => "closed",
        }
    }

    fn read(word: &str) -> Result<Self> {
        let all = [Self::Open, Self::Counted, Self::Again, Self::Closed];
        all.into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| Error::Corrupt(format!("a till that is `{word}`")))
    }
}

/// A till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Till {
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub person: String,
    /// The counter it stands at, by its name in the definitions; empty where the town tells none apart.
    pub counter: String,
    /// The day whose money it holds.
    pub on: Day,
    /// When it was opened.
    pub opened_ms: i64,
    /// The cash that was in it at first.
    pub float: Money,
    /// Where it stands.
    pub state: TillState,
    /// What was counted last.
    pub counted: Option<Counted>,
    /// Who confirmed the count or sent it back, and when.
    pub decided: Option<(String, i64)>,
    /// What was said with that.
    pub answer: String,
    /// The voucher of what was missing or left over, where one was posted.
    pub voucher: Option<String>,
}

impl Till {
    /// Who counted it last in the place of its owner; nobody if the owner did.
    pub fn stood_in(&self) -> Option<&Instead> {
        self.counted.as_ref()?.instead.as_ref()
    }
}

/// What was counted in a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When.
    pub at_ms: i64,
    /// Piece by piece.
    pub count: Count,
    /// By mode, with what ought to be there.
    pub sums: Vec<ModeSum>,
    /// Why something is missing, or there beyond what ought to be.
    pub reason: String,
    /// Who counted it in the place of its owner; nobody if the owner did.
    pub instead: Option<Instead>,
}

/// Who counted a till whose owner was absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// Who.
    pub person: String,
    /// Why the owner did not.
    pub why: String,
}

impl Counted {
    /// The cash that is there beyond what ought to be; less than nothing if some is missing.
    pub fn cash_difference(&self) -> Money {
        self.sums.iter().find(|sum| sum.mode == CASH).map(ModeSum::difference).unwrap_or_default()
    }

    fn to_json(&self) -> Json {
        let pieces: Vec<Json> =
            self.count.pieces.iter().map(|pieces| json!([pieces.worth.paise(), pieces.number])).collect();
        let others: BTreeMap<&str, i64> =
            self.count.others.iter().map(|(mode, sum)| (mode.as_str(), sum.paise())).collect();
        let sums: Vec<Json> = self
            .sums
            .iter()
            .map(|sum| json!([sum.mode, sum.receipts, sum.expected.paise(), sum.counted.paise()]))
            .collect();
        let mut count = json!({ "v": 1, "pieces": pieces, "coins": self.count.coins.paise(), "others": others, "sums": sums, "reason": self.reason });
        if let Some(Instead { person, why }) = &self.instead {
            count["instead"] = json!([person, why]);
        }
        count
    }

    fn read(at_ms: i64, text: &str) -> Result<Self> {
        let body = super::json::parse(text, "a count")?;
        let wrong = || Error::Corrupt("a count that cannot be read".to_owned());
        let money = |part: &Json| part.as_i64().and_then(Money::from_paise).ok_or_else(wrong);
        let number = |part: &Json| part.as_u64().and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong);
        let list = |key: &str| body[key].as_array().ok_or_else(wrong);
        let pieces = |part: &Json| Ok(Pieces { worth: money(&part[0])?, number: number(&part[1])? });
        let sum = |part: &Json| {
            Ok(ModeSum {
                mode: part[0].as_str().ok_or_else(wrong)?.to_owned(),
                receipts: number(&part[1])?,
                expected: money(&part[2])?,
                counted: money(&part[3])?,
            })
        };
        let others = body["others"].as_object().ok_or_else(wrong)?;
        let count = Count {
            pieces: list("pieces")?.iter().map(pieces).collect::<Result<_>>()?,
            coins: money(&body["coins"])?,
            others: others.iter().map(|(mode, sum)| Ok((mode.clone(), money(sum)?))).collect::<Result<_>>()?,
        };
        let sums = list("sums")?.iter().map(sum).collect::<Result<_>>()?;
        let text = |part: &Json| part.as_str().map(str::to_owned).ok_or_else(wrong);
        let reason = text(&body["reason"])?;
        let instead = match &body["instead"] {
            Json::Null => None,
            told => Some(Instead { person: text(&told[0])?, why: text(&told[1])? }),
        };
        Ok(Self { at_ms, count, sums, reason, instead })
    }
}

/// A till that is opened.
#[derive(Clone, Copy, Debug)]
pub struct NewTill<'a> {
    /// Its number, drawn from a series that this transaction holds.
    pub number: &'a str,
    /// The counter.
    pub counter: &'a str,
    /// The day.
    pub on: Day,
    /// The cash in it.
    pub float: Money,
}

/// Opens a till for the person who asks, and writes that down. `false` if the person has one open.
pub async fn open(tx: &mut Tx, by: By<'_>, till: NewTill<'_>, drawn: &Serials) -> Result<bool> {
    let sql = format!(
        "insert into tills (tenant, number, person, counter, on_day, opened_ms, float_paise, state) \
         values ($1, $2, $3, $4, $5, $6, $7, 'open') on conflict do nothing returning {}",
        SHEET.columns
    );
    let NewTill { number, counter, on, float } = till;
    let row = tx.first(sql, vals![number, by.person, counter, on, by.at_ms, float.paise()]).await?;
    let Some(row) = row else { return Ok(false) };
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    serials::write(tx, &mut writes, &mut marks, drawn)?;
    tx.write(writes).await?;
    let facts = json!({ "till": number, "counter": counter, "on": on.to_string(), "float": float.paise() });
    note(tx, by, &row, marks, ("open_till", facts)).await?;
    Ok(true)
}

/// Keeps what the person whose till it is counted, or another in that person's place, and writes that down.
/// `false` if it does not wait to be counted, is another's, or is one's own and counted in another's place.
pub async fn count(tx: &mut Tx, by: By<'_>, number: &str, counted: &Counted) -> Result<bool> {
    let whose = match &counted.instead {
        None => "person = $3",
        Some(instead) if instead.person == by.person => "person <> $3",
        Some(_) => return Ok(false),
    };
    let sql = format!(
        "update tills set state = 'counted', counted_ms = $4, count = $5 where tenant = $1 and number = $2 and {whose} \
         and state in ('open', 'again') returning {}",
        SHEET.columns
    );
    let row = tx.first(sql, vals![number, by.person, counted.at_ms, counted.to_json().to_string()]).await?;
    let Some(row) = row else { return Ok(false) };
    let mut facts =
        json!({ "till": number, "difference": counted.cash_difference().paise(), "reason": counted.reason });
    if let Some(Instead { why, .. }) = &counted.instead {
        facts["absent"] = json!(why);
    }
    note(tx, by, &row, Marks::default(), ("count_till", facts)).await?;
    Ok(true)
}

/// Sends a count back to whoever counted. `false` if none waits, or if it is of the person's own till or the
/// person's own count.
pub async fn send_back(tx: &mut Tx, by: By<'_>, number: &str, answer: &str) -> Result<bool> {
    decide(tx, by, (number, TillState::Again), answer, None, Marks::default()).await
}

/// Confirms a count, and posts what was missing or left over. `false` if none waits, or if it is of the
/// person's own till or the person's own count. The voucher's number is drawn from a series that this
/// transaction holds.
pub async fn close(
    tx: &mut Tx,
    by: By<'_>,
    number: &str,
    answer: &str,
    booked: Option<(&Voucher, &Serials)>,
) -> Result<bool> {
    let event = events::hold_head(tx).await?.seq + 1;
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    if let Some((voucher, drawn)) = booked {
        // It belongs to no case.
        vouchers::write(&mut writes, &mut marks, (event, ""), voucher);
        serials::write(tx, &mut writes, &mut marks, drawn)?;
        tx.write(writes).await?;
    }
    let closed =
        decide(tx, by, (number, TillState::Closed), answer, booked.map(|(voucher, _)| voucher.number()), marks).await?;
    if !closed && booked.is_some() {
        // The voucher must not be left without its till.
        return Err(tx.spoil(Error::Stale));
    }
    Ok(closed)
}

async fn decide(
    tx: &mut Tx,
    by: By<'_>,
    (number, state): (&str, TillState),
    answer: &str,
    voucher: Option<&str>,
    marks: Marks,
) -> Result<bool> {
    // The row is held from here on, so that whose count it is stays so until it is decided on.
    let counted = find(tx, number).await?.and_then(|till| till.counted?.instead);
    if counted.is_some_and(|instead| instead.person == by.person) {
        return Ok(false);
    }
    let sql = format!(
        "update tills set state = $3, decided_by = $4, decided_ms = $5, answer = $6, voucher = $7 where tenant = $1 and number = $2 \
         and state = 'counted' and person <> $4 returning {}",
        SHEET.columns
    );
    let row = tx.first(sql, vals![number, state.word(), by.person, by.at_ms, answer, voucher]).await?;
    let Some(row) = row else { return Ok(false) };
    let facts = json!({ "till": number, "state": state.word(), "reason": answer, "voucher": voucher });
    note(tx, by, &row, marks, ("decide_till", facts)).await?;
    Ok(true)
}

async fn note(tx: &mut Tx, by: By<'_>, row: &Row, mut marks: Marks, what: (&str, Json)) -> Result<()> {
    marks.add_cells(&SHEET, &row.cells()?);
    events::append(tx, by, None, what, &marks).await?;
    Ok(())
}

fn select(rest: &str) -> String {
    format!("select {} from tills where tenant = $1 {rest}", SHEET.columns)
}

/// The till that a person has open. In a transaction that writes it is held until the end: whoever wants to
/// count it waits until the money that is on its way is in it.
pub async fn open_of(tx: &mut Tx, person: &str) -> Result<Option<Till>> {
    let sql = format!("{}{}", select("and person = $2 and state = 'open'"), tx.lock());
    tx.first(sql, vals![person]).await?.as_ref().map(read).transpose()
}

/// A till; held as [`open_of`] holds it.
pub async fn find(tx: &mut Tx, number: &str) -> Result<Option<Till>> {
    let sql = format!("{}{}", select("and number = $2"), tx.lock());
    tx.first(sql, vals![number]).await?.as_ref().map(read).transpose()
}

/// The latest tills of a person, the newest first; of everybody, if nobody is named.
pub async fn latest(tx: &mut Tx, person: Option<&str>, limit: i64) -> Result<Vec<Till>> {
    let rows = match person {
        Some(person) => {
            let sql = select("and person = $2 order by opened_ms desc, number desc limit $3");
            tx.fetch(sql, vals![person, limit]).await?
        }
        None => tx.fetch(select("order by opened_ms desc, number desc limit $2"), vals![limit]).await?,
    };
    rows.iter().map(read).collect()
}

/// The tills in a state, the oldest first.
pub async fn standing(tx: &mut Tx, state: TillState, limit: i64) -> Result<Vec<Till>> {
    let sql = select("and state = $2 order by opened_ms, number limit $3");
    tx.fetch(sql, vals![state.word(), limit]).await?.iter().map(read).collect()
}

/// The statement that finds every till.
pub(super) fn select_all() -> String {
    select("order by number")
}

/// Reads a row of [`SHEET`]'s columns.
pub(super) fn read(row: &Row) -> Result<Till> {
    let counted = match (row.maybe_int(7)?, row.maybe_text(8)?) {
        (Some(at_ms), Some(count)) => Some(Counted::read(at_ms, &count)?),
        _ => None,
    };
    Ok(Till {
        number: row.text(0)?,
        person: row.text(1)?,
        counter: row.text(2)?,
        on: row.day(3)?,
        opened_ms: row.int(4)?,
        float: Money::from_paise(row.int(5)?).ok_or_else(|| Error::Corrupt("a float that is none".to_owned()))?,
        state: TillState::read(&row.text(6)?)?,
        counted,
        decided: row.maybe_text(9)?.zip(row.maybe_int(10)?),
        answer: row.maybe_text(11)?.unwrap_or_default(),
        voucher: row.maybe_text(12)?,
    })
}
