//! Rows on their way from one store to another: every table of a tenant, row by row, the same text
//! whichever the database.
//!
//! What ends by itself stays behind: sessions, known devices, tokens of programs, one-time codes and counts of tries.
//! Who was signed in signs in again, and what somebody ended or took back meanwhile does not come back to life.
//! So do answers to surveys that wait to be put among others: of two archives, one from before and one from after an
//! answer, nobody shall learn whose it is. They are fewer than a survey shows. What is gathered of events is gathered anew.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::db::{Row, Val, Writes};
use super::error::{Error, Result};
use super::tx::Tx;
use super::{EVERYBODY, Store, roles};

/// A table whose rows are carried.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns but the tenant's, with commas; `#` marks numbers.
    columns: &'static str,
    /// What tells its rows of one tenant from each other, and puts them in order.
    key: &'static str,
}

/// Every table that is carried; none stands before one that its rows refer to.
#[rustfmt::skip]
pub const TABLES: [Table; 50] = [
    Table { name: "cases", columns: "id, number, service, definition, state, version#, applicant, language, opened_ms#, submitted_ms#, entered_ms#, due_ms#, promised_ms#, wake_ms#, assignee, record_registry, record_number, place, body", key: "id" },
    Table { name: "chains", columns: "seq#, hash", key: "seq" },
    Table { name: "events", columns: "seq#, case_id, case_version#, at_ms#, actor, actor_kind, command, outcome, idempotency_key, previous_hash, hash", key: "seq" },
    Table { name: "demands", columns: "case_id, seq#, raised_on, due_on, status, total_paise#, paid_paise#, body", key: "case_id, seq" },
    Table { name: "receipts", columns: "number, case_id, seq#, payment_key, amount_paise#, mode, reference, on_day, status, body, printed#, till", key: "number" },
    Table { name: "cancellations", columns: "receipt, asked_by, reason, at_ms#, state, decided_by, answer, dishonoured", key: "receipt" },
    Table { name: "vouchers", columns: "number, on_day, fund, kind, event_seq#, case_id", key: "number" },
    Table { name: "lines", columns: "voucher, account, amount_paise#", key: "voucher, account" },
    Table { name: "records", columns: "registry, number, version#, service, case_id, holder, valid_from, valid_until, revoked, at_ms#, body, from_day, standing, actor, role", key: "registry, number, version" },
    Table { name: "serials", columns: "series, last#", key: "series" },
    Table { name: "idempotency", columns: "key, body_hash, answer, at_ms#", key: "key" },
    Table { name: "jobs", columns: "id, kind, key, body, due_ms#, claimed_until_ms#, epoch#, tries#, state, last_error", key: "id" },
    Table { name: "files", columns: "id, sha256, size#, kind, name, case_id, field, person, at_ms#", key: "id" },
    Table { name: "people", columns: "id, kind, mobile, login, name, email, password_hash, language, disabled, at_ms#, mobile_key", key: "id" },
    Table { name: "appointments", columns: "person, service, role, place, from_day, until_day, departments, most_paise#, held_for", key: "person, service, role, place, from_day" },
    Table { name: "notices", columns: "id, case_id, notice, channel, to_masked, language, text, template_digest, state, at_ms#", key: "id" },
    Table { name: "papers", columns: "id, case_id, document, language, sha256, code, status, at_ms#, body", key: "id" },
    Table { name: "definitions", columns: "digest, service, files, at_ms#", key: "digest" },
    Table { name: "published", columns: "service, at_ms#, digest", key: "service, at_ms" },
    Table { name: "drafts", columns: "case_id, page, person, body, at_ms#", key: "case_id, page, person" },
    Table { name: "orders", columns: "reference, case_id, gateway, gateway_order, amount_paise#, currency, begun_ms#, state, note", key: "reference" },
    Table { name: "consents", columns: "person, at_ms#, town, version, language", key: "person, at_ms" },
    Table { name: "record_links", columns: "registry, number, case_id", key: "registry, number, case_id" },
    Table { name: "order_parts", columns: "reference, at#, case_id, amount_paise#", key: "reference, at" },
    Table { name: "saved_views", columns: "person, name, query, at_ms#", key: "person, name" },
    Table { name: "leaves", columns: "person, from_day, until_day, stand_in", key: "person" },
    Table { name: "feedback", columns: "id, at_ms#, service, stars#, words", key: "id" },
    Table { name: "tills", columns: "number, person, counter, on_day, opened_ms#, float_paise#, state, counted_ms#, count, decided_by, decided_ms#, answer, voucher", key: "number" },
    Table { name: "links", columns: "code, registry, number", key: "code" },
    Table { name: "index_terms", columns: "case_id, field, term", key: "case_id, field, term" },
    Table { name: "second_factors", columns: "person, secret, begun_ms#, confirmed_ms#, last_step#", key: "person" },
    Table { name: "recovery_codes", columns: "person, code, used_ms#", key: "person, code" },
    Table { name: "first_passwords", columns: "person, at_ms#", key: "person" },
    Table { name: "identities", columns: "person, issuer, subject, email, entered_ms#, bound_ms#", key: "person, issuer" },
    Table { name: "mobile_changes", columns: "person, at_ms#, mobile", key: "person, at_ms" },
    Table { name: "holds", columns: "case_id, reason, at_ms#", key: "case_id" },
    Table { name: "erasures", columns: "case_id, at_ms#, files", key: "case_id" },
    Table { name: "answer_erasures", columns: "case_id, field, at_ms#, files", key: "case_id, field" },
    Table { name: "seal_keys", columns: "id, wrapped", key: "id" },
    Table { name: "slots", columns: "calendar, resource, day, part, place#, case_id, until_ms#, at_ms#", key: "calendar, resource, day, part, place" },
    Table { name: "blocks", columns: "id, calendar, resource, from_day, until_day, reason, person, at_ms#, lifted_by, lifted_ms#", key: "id" },
    Table { name: "stock_moves", columns: "seq#, stock, kind, prefix, width#, from_serial#, to_serial#, holder, taker, of_seq#, case_id, reason, person, at_ms#", key: "seq, stock, prefix, from_serial" },
    Table { name: "stock_numbers", columns: "stock, prefix, serial#, width#, state, holder, seq#", key: "stock, prefix, serial" },
    Table { name: "record_terms", columns: "registry, number, field, term", key: "registry, number, field, term" },
    Table { name: "survey_tokens", columns: "survey, token", key: "survey, token" },
    Table { name: "survey_answers", columns: "survey, id, body", key: "survey, id" },
    Table { name: "survey_ends", columns: "survey, at_ms#", key: "survey" },
    Table { name: "mismatches", columns: "reference, case_id, kind, asked_paise#, came_paise#, currency, payment, about, at_ms#, state, decision, asked_by, asked_ms#, reason, sent_as, decided_by, decided_ms#, answer", key: "reference" },
    Table { name: "erasure_requests", columns: "id, person, language, words, asked_ms#, state, decided_by, decided_ms#, reason, done_ms#", key: "id" },
    // Behind the vouchers: what is closed takes none.
    Table { name: "closings", columns: "seq#, kind, closed_until, asked_until, person, reason, at_ms#", key: "seq" },
];

/// Tables that have a tenant and are not carried: what ends by itself, what is made of events and can be made again of
/// them, and what belongs to the nodes of one database rather than to a town.
pub const LEFT_BEHIND: [&str; 12] = [
    "sessions",
    "devices",
    "program_tokens",
    "otps",
    "throttles",
    "survey_waiting",
    "collected",
    "collected_until",
    "bundles",
    "proposals",
    "publications",
    "rounds",
];

/// Values that one statement brings at most: SQLite takes 32,766.
const VALUES: usize = 16_000;
/// Rows that one statement brings at most.
const ROWS: usize = 500;

impl Table {
    /// The table of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// Its columns but the tenant's, in the order in which their cells stand in a row.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split(", ").map(|column| column.trim_end_matches('#'))
    }

    /// Its columns but the tenant's, and whether they hold numbers.
    pub fn cells(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.columns().zip(self.numbers())
    }

    /// What tells its rows of one tenant from each other, and puts them in order.
    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    /// Which of its columns hold numbers.
    fn numbers(&self) -> impl Iterator<Item = bool> {
        self.columns.split(", ").map(|column| column.ends_with('#'))
    }
}

impl Store {
    /// Reads on, however long it takes, what the store holds at this moment; of the tenant that
    /// [`turn_to`] names.
    pub async fn read_all(&self) -> Result<Tx> {
        let mut tx = self.read("-").await?;
        tx.patient().await?;
        Ok(tx)
    }

    /// Writes on, however long it takes: all of it with the commit, or nothing.
    pub async fn write_all(&self) -> Result<Tx> {
        let mut tx = self.begin("-").await?;
        tx.patient().await?;
        Ok(tx)
    }

    /// Which database it is: `sqlite` or `postgresql`.
    pub fn database(&self) -> &'static str {
        match self.pool {
            super::Pool::Lite { .. } => "sqlite",
            super::Pool::Pg(_) => "postgresql",
        }
    }
}

/// Turns a transaction of [`Store::read_all`] or [`Store::write_all`] to the rows of another tenant.
pub async fn turn_to(tx: &mut Tx, tenant: &str) -> Result<()> {
    if tenant == EVERYBODY {
        return Err(Error::Corrupt("rows of no tenant were to be carried".to_owned()));
    }
    tx.turn(tenant);
    if tx.is_pg() {
        tx.first(format!("select set_config('{}', $1, true)", roles::SETTING), Vec::new()).await?;
    }
    Ok(())
}

/// How many rows of a table the tenant has.
pub async fn count(tx: &mut Tx, table: &Table) -> Result<u64> {
    let sql = format!("select count(*) from {} where tenant = $1", table.name);
    tx.first(sql, Vec::new()).await?.map_or(Ok(0), |row| Ok(row.int(0)?.unsigned_abs()))
}

/// Whether the tenant has any row of a table.
pub async fn any(tx: &mut Tx, table: &Table) -> Result<bool> {
    let sql = format!("select 1 from {} where tenant = $1 limit 1", table.name);
    Ok(tx.first(sql, Vec::new()).await?.is_some())
}

/// Shows every row of a table to `look`, in the order of its key: a JSON list of its cells.
pub async fn rows(tx: &mut Tx, table: &Table, mut look: impl FnMut(&str) -> Result<()> + Send) -> Result<()> {
    let columns: Vec<&str> = table.columns().collect();
    let numbers: Vec<bool> = table.numbers().collect();
    let sql = format!("select {} from {} where tenant = $1 order by {}", columns.join(", "), table.name, table.key);
    let mut line = String::new();
    tx.each(sql, Vec::new(), |row| {
        line.clear();
        write_row(row, &numbers, &mut line)?;
        look(&line)
    })
    .await
}

fn write_row(row: &Row, numbers: &[bool], line: &mut String) -> Result<()> {
    for (at, number) in numbers.iter().enumerate() {
        line.push(if at == 0 { '[' } else { ',' });
        let (text, int) = if *number { (None, row.maybe_int(at)?) } else { (row.maybe_text(at)?, None) };
        match (text, int) {
            (Some(text), _) => line.push_str(&Json::String(text).to_string()),
            (None, Some(int)) => {
                let _ = write!(line, "{int}");
            }
            (None, None) => line.push_str("null"),
        }
    }
    line.push(']');
    Ok(())
}

/// How many rows of a table one call of [`put`] should bring.
pub fn batch(table: &Table) -> usize {
    (VALUES / table.columns().count()).min(ROWS)
}

/// Writes rows of the tenant: cells as [`rows`] shows them, under these of the table's columns.
///
/// # Errors
/// [`Error::Corrupt`] when a cell is of the wrong kind, or a row has too many or too few of them;
/// [`Error::Taken`] when a row is there already.
pub async fn put(tx: &mut Tx, table: &Table, columns: &[&str], lines: &[Json]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let numbers: Vec<bool> = columns
        .iter()
        .map(|column| {
            let found = table.columns().zip(table.numbers()).find(|(name, _)| name == column);
            found.map(|(_, number)| number).ok_or_else(|| wrong(table, "there is no such column"))
        })
        .collect::<Result<_>>()?;
    let mut values: Vec<Val<'_>> = Vec::with_capacity(lines.len() * columns.len());
    let mut sql = format!("insert into {} (tenant, {}) values ", table.name, columns.join(", "));
    for (at, line) in lines.iter().enumerate() {
        let cells = line.as_array().filter(|cells| cells.len() == columns.len());
        let cells = cells.ok_or_else(|| wrong(table, "a row does not fit its columns"))?;
        sql.push_str(if at == 0 { "($1" } else { ", ($1" });
        for (cell, number) in cells.iter().zip(&numbers) {
            values.push(value(cell, *number).ok_or_else(|| wrong(table, "a cell is of the wrong kind"))?);
            let _ = write!(sql, ", ${}", values.len() + 1);
        }
        sql.push(')');
    }
    let mut writes = Writes::default();
    writes.statements.push((Cow::Owned(sql), values));
    tx.write(writes).await.map(drop)
}

fn value(cell: &Json, number: bool) -> Option<Val<'_>> {
    match (cell, number) {
        (Json::Null, true) => Some(Val::Int(None)),
        (Json::Null, false) => Some(Val::Text(None)),
        (Json::String(text), false) => Some(Val::from(text)),
        (Json::Number(_), true) => cell.as_i64().map(Val::from),
        _ => None,
    }
}

fn wrong(table: &Table, what: &str) -> Error {
    Error::Corrupt(format!("{}: {what}", table.name))
}

/// The digests of all files that rows of the tenant name, in the order of their bytes.
pub async fn files(tx: &mut Tx) -> Result<Vec<String>> {
    let sql = "select sha256 from files where tenant = $1 union select sha256 from papers where tenant = $1 order by 1";
    tx.fetch(sql, Vec::new()).await?.iter().map(|row| row.text(0)).collect()
}
