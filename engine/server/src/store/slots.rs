//! Places in calendars that cases have, and days that the office has closed.
//!
//! A place stands under a key that is there once. Two that want it at the same instant both write: one row is
//! changed, and whoever changed none decides anew.

use std::borrow::Cow;
use std::fmt::Write as _;

use engine::base::{Day, Name};
use engine::case::{Case, Look};
use engine::reserve::{Block, Reserved, Slot, Slots, Taken, changes};
use serde_json::json;

use super::db::{Row, Val, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet {
    table: "blocks",
    key: "id",
    added: 0,
    columns: "id, calendar, resource, from_day, until_day, reason, person, at_ms, lifted_by, lifted_ms",
};

/// Days that the office has closed, by whom, and whether they are open again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The key.
    pub id: String,
    /// What is closed, and why.
    pub block: Block,
    /// Who closed it.
    pub person: String,
    /// When.
    pub at_ms: i64,
    /// Who opened it again.
    pub lifted_by: Option<String>,
}

/// What is taken and closed of everything that a decision looks at.
pub async fn beside(tx: &mut Tx, looks: &[Look]) -> Result<Slots> {
    let mut slots = Slots::default();
    for look in looks {
        let since = look.since.map(|day| day.to_string()).unwrap_or_default();
        slots.taken.extend(taken(tx, (&look.calendar, &look.resource), &since, "9").await?);
        let closed = closed(tx, (&look.calendar, &look.resource), &since).await?;
        slots.blocks.extend(closed.into_iter().map(|closed| closed.block));
    }
    Ok(slots)
}

/// The same from one day to another, for a calendar that is looked at.
pub async fn between(tx: &mut Tx, of: (&str, &str), from: Day, until: Day) -> Result<Slots> {
    let (from, until) = (from.to_string(), until.to_string());
    let taken = taken(tx, of, &from, &until).await?;
    let blocks = closed(tx, of, &from).await?.into_iter().map(|closed| closed.block).collect();
    Ok(Slots { taken, blocks })
}

async fn taken(tx: &mut Tx, (calendar, resource): (&str, &str), from: &str, until: &str) -> Result<Vec<Taken>> {
    let sql = "select calendar, resource, day, part, place, case_id, until_ms from slots \
               where tenant = $1 and calendar = $2 and resource = $3 and day >= $4 and day <= $5 order by day, part, place";
    let read = |row: &Row| {
        let slot = Slot {
            calendar: Name::new(&row.text(0)?),
            resource: row.text(1)?,
            day: row.day(2)?,
            part: row.text(3)?,
            place: row.int(4)?,
        };
        Ok(Taken { slot, case: row.text(5)?, until_ms: row.maybe_int(6)? })
    };
    tx.fetch(sql, vals![calendar, resource, from, until]).await?.iter().map(read).collect()
}

/// The days that the office has closed, from a day on; what was opened again is not among them.
pub async fn closed(tx: &mut Tx, (calendar, resource): (&str, &str), from: &str) -> Result<Vec<Closed>> {
    let sql = format!(
        "select {} from blocks where tenant = $1 and calendar = $2 and resource = $3 and until_day >= $4 and lifted_ms is null \
         order by from_day, id",
        SHEET.columns
    );
    tx.fetch(sql, vals![calendar, resource, from]).await?.iter().map(read_closed).collect()
}

/// Days that are closed, by their key.
pub async fn closed_by_id(tx: &mut Tx, id: &str) -> Result<Option<Closed>> {
    let sql = format!("select {} from blocks where tenant = $1 and id = $2 and lifted_ms is null", SHEET.columns);
    tx.first(sql, vals![id]).await?.as_ref().map(read_closed).transpose()
}

fn read_closed(row: &Row) -> Result<Closed> {
    let block = Block {
        calendar: Name::new(&row.text(1)?),
        resource: row.text(2)?,
        from: row.day(3)?,
        until: row.day(4)?,
        reason: row.text(5)?,
    };
    Ok(Closed { id: row.text(0)?, block, person: row.text(6)?, at_ms: row.int(7)?, lifted_by: row.maybe_text(8)? })
}

/// Closes days, and writes that down. Who has them keeps them.
pub async fn close(tx: &mut Tx, by: By<'_>, id: &str, block: &Block) -> Result<()> {
    let sql = format!(
        "insert into blocks (tenant, id, calendar, resource, from_day, until_day, reason, person, at_ms) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning {}",
        SHEET.columns
    );
    let Block { calendar, resource, from, until, reason } = block;
    let row = tx.first(sql, vals![id, calendar, resource, *from, *until, reason, by.person, by.at_ms]).await?;
    let facts = json!({
        "calendar": calendar.as_str(), "resource": resource, "from": from.to_string(), "until": until.to_string(), "reason": reason,
    });
    note(tx, by, row.as_ref(), facts, "close_days").await.map(drop)
}

/// Opens days again that were closed, and writes that down. `false` if they are not closed.
pub async fn lift(tx: &mut Tx, by: By<'_>, id: &str) -> Result<bool> {
    let sql = format!(
        "update blocks set lifted_by = $3, lifted_ms = $4 where tenant = $1 and id = $2 and lifted_ms is null returning {}",
        SHEET.columns
    );
    let row = tx.first(sql, vals![id, by.person, by.at_ms]).await?;
    note(tx, by, row.as_ref(), json!({ "id": id }), "open_days").await
}

async fn note(tx: &mut Tx, by: By<'_>, row: Option<&Row>, facts: serde_json::Value, word: &str) -> Result<bool> {
    let Some(row) = row else { return Ok(false) };
    let mut marks = Marks::default();
    marks.add_cells(&SHEET, &row.cells()?);
    events::append(tx, by, None, (word, facts), &marks).await?;
    Ok(true)
}

/// Writes what a case gives back of what it had. Somebody else may have it by now, and keeps it.
pub(super) fn give_back<'a>(writes: &mut Writes<'a>, before: &'a [Reserved], after: &'a Case) {
    if before.is_empty() {
        return;
    }
    if after.reserved.is_empty() {
        writes.add("delete from slots where tenant = $1 and case_id = $2", vals![&after.id]);
        return;
    }
    let (given, _) = changes(before, &after.reserved);
    for Slot { calendar, resource, day, part, place } in given {
        writes.add(
            "delete from slots where tenant = $1 and calendar = $2 and resource = $3 and day = $4 and part = $5 and place = $6 \
             and case_id = $7",
            vals![calendar, resource, *day, part, *place, &after.id],
        );
    }
}

/// Writes what a case takes, or has for another time than before, if that is anything: where the statement stands,
/// and how many rows it changes unless somebody else has one of the places.
pub(super) fn take<'a>(
    writes: &mut Writes<'a>,
    before: &'a [Reserved],
    after: &'a Case,
    at_ms: i64,
) -> Option<(usize, u64)> {
    let (_, taken) = changes(before, &after.reserved);
    let rows = taken.len() as u64;
    if rows == 0 {
        return None;
    }
    let mut sql = String::from(
        "insert into slots (tenant, case_id, at_ms, calendar, resource, day, part, place, until_ms) values ",
    );
    let mut values: Vec<Val<'a>> = vals![&after.id, at_ms];
    for (Slot { calendar, resource, day, part, place }, until_ms) in taken {
        let comma = if values.len() > 2 { ", " } else { "" };
        let _ = write!(sql, "{comma}($1, $2, $3");
        for value in vals![calendar, resource, *day, part, *place, until_ms] {
            values.push(value);
            let _ = write!(sql, ", ${}", values.len() + 1);
        }
        sql.push(')');
    }
    sql.push_str(
        " on conflict (tenant, calendar, resource, day, part, place) do update \
         set case_id = excluded.case_id, until_ms = excluded.until_ms, at_ms = excluded.at_ms \
         where slots.case_id = excluded.case_id or (slots.until_ms is not null and slots.until_ms <= excluded.at_ms)",
    );
    writes.statements.push((Cow::Owned(sql), values));
    Some((writes.statements.len() - 1, rows))
}
