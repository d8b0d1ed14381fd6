//! Records: what approvals left behind, version by version. Only added to.

use engine::base::{Answers, Day, Name};
use engine::registry::{Record, RecordStatus};

use super::db::{Row, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::tx::Tx;
use super::{inbox, json};

pub(super) const SHEET: Sheet = Sheet {
    table: "records",
    key: "registry, number, version",
    columns: "registry, number, version, service, case_id, holder, valid_from, valid_until, revoked, at_ms, body",
};

/// Adds the statement that writes a version of a record.
pub(super) fn write<'a>(writes: &mut Writes<'a>, marks: &mut Marks, record: &'a Record, at_ms: i64) {
    let body = serde_json::json!({ "v": 1, "answers": record.answers.to_json() });
    let row = vals![
        &record.registry,
        &record.number,
        record.version,
        &record.service,
        &record.case,
        &record.holder,
        record.valid_from,
        record.valid_until,
        if record.revoked { "yes" } else { "no" },
        at_ms,
        body.to_string(),
    ];
    marks.add(&SHEET, &row);
    writes.add(
        "insert into records (tenant, registry, number, version, service, case_id, holder, valid_from, valid_until, revoked, at_ms, body) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row,
    );
}

fn read(row: &Row) -> Result<Record> {
    let body = json::parse(&row.text(10)?, "a record")?;
    Ok(Record {
        registry: Name::new(&row.text(0)?),
        number: row.text(1)?,
        version: row.int(2)?,
        service: row.text(3)?,
        case: row.text(4)?,
        holder: row.text(5)?,
        answers: Answers::from_json(&body["answers"]),
        valid_from: row.day(6)?,
        valid_until: row.maybe_day(7)?,
        revoked: row.text(8)? == "yes",
    })
}

/// How many records cases of `service` made: those that were prolonged or ended later count once.
pub async fn granted(tx: &mut Tx, service: &str) -> Result<i64> {
    let sql = "select count(*) from records where tenant = $1 and service = $2 and version = 1";
    tx.first(sql, vals![service]).await?.map_or(Ok(0), |row| row.int(0))
}

/// The latest version of a record.
pub async fn load(tx: &mut Tx, registry: &str, number: &str) -> Result<Option<Record>> {
    let sql = format!(
        "select {} from records where tenant = $1 and registry = $2 and number = $3 order by version desc limit 1",
        SHEET.columns
    );
    tx.first(sql, vals![registry, number]).await?.as_ref().map(read).transpose()
}

/// The record as it applied on `day`, by what was known at the instant `known_ms`.
pub async fn as_on(tx: &mut Tx, registry: &str, number: &str, day: Day, known_ms: i64) -> Result<Option<Record>> {
    let sql = format!(
        "select {} from records where tenant = $1 and registry = $2 and number = $3 and valid_from <= $4 and at_ms <= $5 \
         order by version desc limit 1",
        SHEET.columns
    );
    tx.first(sql, vals![registry, number, day, known_ms]).await?.as_ref().map(read).transpose()
}

/// Every version of a record, the first first, each with the instant it was made.
pub async fn history(tx: &mut Tx, registry: &str, number: &str) -> Result<Vec<(Record, i64)>> {
    let sql = format!(
        "select {} from records where tenant = $1 and registry = $2 and number = $3 order by version",
        SHEET.columns
    );
    tx.fetch(sql, vals![registry, number]).await?.iter().map(|row| Ok((read(row)?, row.int(9)?))).collect()
}

/// The records a person holds, latest versions, the latest first.
pub async fn by_holder(tx: &mut Tx, holder: &str) -> Result<Vec<Record>> {
    let sql = format!(
        "select {} from records r where tenant = $1 and holder = $2 and not exists (select 1 from records n where n.tenant = r.tenant \
         and n.registry = r.registry and n.number = r.number and n.version > r.version) order by at_ms desc, registry, number",
        SHEET.columns
    );
    tx.fetch(sql, vals![holder]).await?.iter().map(read).collect()
}

/// What is looked for in a register.
#[derive(Clone, Debug, Default)]
pub struct Search<'a> {
    /// The registry.
    pub registry: &'a str,
    /// The beginning of a number, or of an answer to a field that may be searched; empty for all.
    pub text: &'a str,
    /// Only those that stand so on a day; all of them if nothing is said.
    pub standing: Option<(RecordStatus, Day)>,
    /// Counted from 0.
    pub page: i64,
}

/// A condition for records that stand so on the day `$7`.
fn standing(status: Option<RecordStatus>) -> &'static str {
    match status {
        None => "$7 = $7",
        Some(RecordStatus::Active | RecordStatus::NotYet) => {
            "revoked = 'no' and (valid_until is null or valid_until >= $7)"
        }
        Some(RecordStatus::Expired) => "revoked = 'no' and valid_until < $7",
        Some(RecordStatus::Revoked) => "revoked = 'yes' and $7 = $7",
    }
}

/// A page of 25 records of a register, latest versions, in the order of their numbers; and whether
/// there are more.
pub async fn search(tx: &mut Tx, search: &Search<'_>) -> Result<(Vec<Record>, bool)> {
    let term = inbox::term(search.text);
    let sql = format!(
        "select {} from records r where tenant = $1 and registry = $2 and ($3 = '' or (lower(number) >= $3 and lower(number) < $4) or exists \
         (select 1 from index_terms t where t.tenant = r.tenant and t.case_id = r.case_id and t.term >= $3 and t.term < $4)) \
         and not exists (select 1 from records n where n.tenant = r.tenant and n.registry = r.registry and n.number = r.number \
         and n.version > r.version) and {} order by number limit $5 offset $6",
        SHEET.columns,
        standing(search.standing.map(|(status, _)| status))
    );
    let end = inbox::after_all(&term);
    let values = vals![
        search.registry,
        term,
        end,
        inbox::PAGE + 1,
        search.page.max(0) * inbox::PAGE,
        search.standing.map_or_else(String::new, |(_, day)| day.to_string())
    ];
    let mut found = tx.fetch(sql, values).await?.iter().map(read).collect::<Result<Vec<Record>>>()?;
    let page = usize::try_from(inbox::PAGE).expect("a page is small");
    let more = found.len() > page;
    found.truncate(page);
    Ok((found, more))
}

/// At most `limit` records of a register after the number `after`, latest versions, in the order of
/// their numbers.
pub async fn page(tx: &mut Tx, registry: &str, after: &str, limit: i64) -> Result<Vec<Record>> {
    let sql = format!(
        "select {} from records r where tenant = $1 and registry = $2 and number > $3 and not exists (select 1 from records n \
         where n.tenant = r.tenant and n.registry = r.registry and n.number = r.number and n.version > r.version) \
         order by number limit $4",
        SHEET.columns
    );
    tx.fetch(sql, vals![registry, after, limit]).await?.iter().map(read).collect()
}

/// How many records a register has.
pub async fn count(tx: &mut Tx, registry: &str) -> Result<i64> {
    let sql = "select count(*) from records where tenant = $1 and registry = $2 and version = 1";
    tx.first(sql, vals![registry]).await?.map_or(Ok(0), |row| row.int(0))
}
