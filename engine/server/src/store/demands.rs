//! Demands: what is owed, by case.

use engine::billing::Demand;

use super::db::{Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::tx::Tx;
use super::{json, written};

pub(super) const SHEET: Sheet = Sheet {
    table: "demands",
    key: "case_id, seq",
    added: 0,
    columns: "case_id, seq, raised_on, due_on, status, total_paise, paid_paise, body",
};

/// Adds the statement that writes a demand as it now is.
pub(super) fn write<'a>(writes: &mut Writes<'a>, marks: &mut Marks, case: &'a str, demand: &Demand) {
    let row = vals![
        case,
        demand.seq,
        demand.raised_on,
        demand.due_on,
        json::status_word(demand.status),
        demand.total().paise(),
        demand.paid().paise(),
        written::demand(demand),
    ];
    marks.add(&SHEET, &row);
    writes.add(
        "insert into demands (tenant, case_id, seq, raised_on, due_on, status, total_paise, paid_paise, body) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (tenant, case_id, seq) do update set \
         raised_on = excluded.raised_on, due_on = excluded.due_on, status = excluded.status, total_paise = excluded.total_paise, \
         paid_paise = excluded.paid_paise, body = excluded.body",
        row,
    );
}

/// The demands of a case, in the order they were raised.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<Demand>> {
    let sql = "select body from demands where tenant = $1 and case_id = $2 order by seq";
    tx.fetch(sql, vals![case])
        .await?
        .iter()
        .map(|row| json::read_demand(&json::parse(&row.text(0)?, "a demand")?))
        .collect()
}

/// A case that owes money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owing {
    /// The case's key.
    pub case: String,
    /// The earliest day by which something must be paid, ISO.
    pub due_on: String,
    /// How much is owed, in paise.
    pub owed_paise: i64,
}

/// At most `limit` cases that owe money, the longest due first.
pub async fn open(tx: &mut Tx, limit: i64) -> Result<Vec<Owing>> {
    let sql = "select case_id, min(due_on), cast(sum(total_paise - paid_paise) as bigint) from demands \
               where tenant = $1 and status = 'open' group by case_id order by 2, 1 limit $2";
    let read = |row: &super::db::Row| Ok(Owing { case: row.text(0)?, due_on: row.text(1)?, owed_paise: row.int(2)? });
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}
