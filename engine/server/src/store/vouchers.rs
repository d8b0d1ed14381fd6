//! The books: vouchers and their lines. Only added to; balances are sums, never rows.

use std::collections::BTreeMap;

use engine::base::{Day, Name};
use engine::ledger::Voucher;

use super::db::{Row, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::json;
use super::tx::Tx;

pub(super) const SHEET: Sheet =
    Sheet { table: "vouchers", key: "number", added: 0, columns: "number, on_day, fund, kind, event_seq, case_id" };

pub(super) const LINES: Sheet =
    Sheet { table: "lines", key: "voucher", added: 0, columns: "voucher, account, amount_paise" };

/// Adds the statements that write a voucher and its lines; `from` is the event and its case.
pub(super) fn write<'a>(writes: &mut Writes<'a>, marks: &mut Marks, from: (i64, &'a str), voucher: &'a Voucher) {
    let row = vals![voucher.number(), voucher.on(), voucher.fund(), voucher.kind().word(), from.0, from.1];
    marks.add(&SHEET, &row);
    writes.add(
        "insert into vouchers (tenant, number, on_day, fund, kind, event_seq, case_id) values ($1, $2, $3, $4, $5, $6, $7)",
        row,
    );
    for line in voucher.lines() {
        let row = vals![voucher.number(), &line.account, line.amount.paise()];
        marks.add(&LINES, &row);
        writes.add("insert into lines (tenant, voucher, account, amount_paise) values ($1, $2, $3, $4)", row);
    }
}

/// A voucher as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherRow {
    /// Its number.
    pub number: String,
    /// The day it counts for.
    pub on: Day,
    /// The fund.
    pub fund: Name,
    /// What it records: a word of `engine::ledger::VoucherKind`.
    pub kind: String,
    /// The event that made it.
    pub event: i64,
    /// The case of that event.
    pub case: String,
    /// Account and paise; debit is plus. They sum to nothing.
    pub lines: Vec<(String, i64)>,
}

const JOINED: &str = "select v.number, v.on_day, v.fund, v.kind, v.event_seq, v.case_id, l.account, l.amount_paise \
                      from vouchers v join lines l on l.tenant = v.tenant and l.voucher = v.number where v.tenant = $1";

/// Rows of [`JOINED`], which must be in the order of vouchers, as vouchers.
fn gather(rows: &[Row]) -> Result<Vec<VoucherRow>> {
    let mut vouchers: Vec<VoucherRow> = Vec::new();
    for row in rows {
        let (number, line) = (row.text(0)?, (row.text(6)?, row.int(7)?));
        match vouchers.last_mut() {
            Some(last) if last.number == number => last.lines.push(line),
            _ => vouchers.push(VoucherRow {
                number,
                on: row.day(1)?,
                fund: Name::new(&row.text(2)?),
                kind: row.text(3)?,
                event: row.int(4)?,
                case: row.text(5)?,
                lines: vec![line],
            }),
        }
    }
    Ok(vouchers)
}

/// The vouchers of a case, in the order they were made.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<VoucherRow>> {
    let sql = format!("{JOINED} and v.case_id = $2 order by v.event_seq, v.number, l.account");
    gather(&tx.fetch(sql, vals![case]).await?)
}

/// A voucher.
pub async fn find(tx: &mut Tx, number: &str) -> Result<Option<VoucherRow>> {
    let sql = format!("{JOINED} and v.number = $2 order by l.account");
    Ok(gather(&tx.fetch(sql, vals![number]).await?)?.pop())
}

/// The journal, page by page: at most `limit` vouchers after the last one of the page before, in the
/// order they were made.
pub async fn journal(tx: &mut Tx, after: Option<&VoucherRow>, limit: i64) -> Result<Vec<VoucherRow>> {
    let (event, number) = after.map_or((0, ""), |last| (last.event, last.number.as_str()));
    let sql = "select v.number, v.on_day, v.fund, v.kind, v.event_seq, v.case_id, l.account, l.amount_paise from \
               (select * from vouchers where tenant = $1 and (event_seq, number) > ($2, $3) order by event_seq, number limit $4) v \
               join lines l on l.tenant = v.tenant and l.voucher = v.number order by v.event_seq, v.number, l.account";
    gather(&tx.fetch(sql, vals![event, number, limit]).await?)
}

/// What a voucher came of, by the numbers that stand on papers; each empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The number of the case, under which its demand was sent.
    pub case: String,
    /// The number of the record that the case is about.
    pub record: String,
    /// The number of the receipt that was written or taken back.
    pub receipt: String,
}

/// What the vouchers of a page of the [`journal`] came of, by their events.
pub async fn traces(tx: &mut Tx, page: &[VoucherRow]) -> Result<BTreeMap<i64, Trace>> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(BTreeMap::new()) };
    // Of what came of a command only a receipt is wanted; most say none, and are left where they are.
    let sql = "select e.seq, coalesce(c.number, ''), coalesce(c.record_number, ''), \
               case when e.outcome like '%\"receipt\":{%' then e.outcome else '' end \
               from events e left join cases c on c.tenant = e.tenant and c.id = e.case_id \
               where e.tenant = $1 and e.seq >= $2 and e.seq <= $3 \
               and exists (select 1 from vouchers v where v.tenant = e.tenant and v.event_seq = e.seq)";
    let read = |row: &Row| {
        let outcome = row.text(3)?;
        let receipt = if outcome.is_empty() { String::new() } else { receipt_of(&outcome)? };
        Ok((row.int(0)?, Trace { case: row.text(1)?, record: row.text(2)?, receipt }))
    };
    tx.fetch(sql, vals![first.event, last.event]).await?.iter().map(read).collect()
}

fn receipt_of(outcome: &str) -> Result<String> {
    Ok(json::parse(outcome, "an event")?["receipt"]["number"].as_str().unwrap_or_default().to_owned())
}

/// What moved on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSum {
    /// The account's code.
    pub account: String,
    /// All debits, in paise.
    pub debit_paise: i64,
    /// All credits, in paise; not negative.
    pub credit_paise: i64,
}

/// What moved on every account from `from` to `until`, both included and both optional; of one fund,
/// or of all. Debits equal credits.
pub async fn trial_balance(
    tx: &mut Tx,
    from: Option<Day>,
    until: Option<Day>,
    fund: Option<&str>,
) -> Result<Vec<AccountSum>> {
    let sql = "select l.account, cast(sum(case when l.amount_paise > 0 then l.amount_paise else 0 end) as bigint), \
               cast(sum(case when l.amount_paise < 0 then -l.amount_paise else 0 end) as bigint) \
               from vouchers v join lines l on l.tenant = v.tenant and l.voucher = v.number \
               where v.tenant = $1 and v.on_day >= $2 and v.on_day <= $3 and ($4 = '' or v.fund = $4) \
               group by l.account order by l.account";
    let from = from.map_or_else(String::new, |day| day.to_string());
    let until = until.map_or_else(|| "9999".to_owned(), |day| day.to_string());
    let read =
        |row: &Row| Ok(AccountSum { account: row.text(0)?, debit_paise: row.int(1)?, credit_paise: row.int(2)? });
    tx.fetch(sql, vals![from, until, fund.unwrap_or("")]).await?.iter().map(read).collect()
}

/// By how much vouchers do not balance, in paise, each way added up; 0 in whole books.
pub async fn imbalance(tx: &mut Tx) -> Result<i64> {
    let sql = "select cast(coalesce(sum(abs(l.amount)), 0) as bigint) from (select sum(amount_paise) as amount from lines \
               where ($1 = '' or tenant = $1) group by tenant, voucher) l where l.amount <> 0";
    tx.first(sql, Vec::new()).await?.map_or(Ok(0), |row| row.int(0))
}
