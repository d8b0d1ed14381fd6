//! Records: what approvals left behind, version by version. Only added to.

use std::collections::BTreeMap;

use engine::base::{Day, Moment, Money, Name};
use engine::registry::{Record, RecordStatus, Standing};

use super::db::{Row, Val, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::kept::RecordBody;
use super::tx::Tx;
use super::vault::{self, Cells, Place};
use super::{found, inbox, written};

pub(super) const SHEET: Sheet = Sheet {
    table: "records",
    key: "registry, number, version",
    added: 4,
    columns: "registry, number, version, service, case_id, holder, valid_from, valid_until, revoked, at_ms, body, \
              from_day, standing, actor, role",
};

/// Where sealed documents stand in a row of [`SHEET`]. A register outlives the cases that made it: it is sealed
/// with the key of the tenant.
pub(super) const CELLS: Cells = Cells {
    table: "records",
    columns: &[(10, "body")],
    row: |row| Ok(called(&row.text(0)?, &row.text(1)?, row.int(2)?)),
    case: |_| Ok(None),
};

/// What tells a version from all others of the tenant.
fn called(registry: &str, number: &str, version: i64) -> String {
    format!("{registry} {number} {version}")
}

/// Adds the statement that writes a version of a record.
pub(super) fn write<'a>(
    tx: &Tx,
    writes: &mut Writes<'a>,
    marks: &mut Marks,
    (record, at_ms): (&'a Record, i64),
) -> Result<()> {
    let (body, said) = written::record(record, vault::seals(tx));
    let name = called(&record.registry, &record.number, record.version);
    let body = vault::document(tx, None, Place { table: "records", column: "body", row: &name }, body, said)?;
    let row = vals![
        &record.registry,
        &record.number,
        record.version,
        &record.service,
        &record.case,
        &record.holder,
        record.valid_from,
        record.valid_until,
        if record.has_ended() { "yes" } else { "no" },
        at_ms,
        body,
        record.from,
        record.standing.word(),
        &record.actor,
        record.role.as_ref().map(Name::as_str),
    ];
    marks.add(&SHEET, &row);
    writes.add(
        "insert into records (tenant, registry, number, version, service, case_id, holder, valid_from, valid_until, revoked, at_ms, body, \
         from_day, standing, actor, role) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        row,
    );
    Ok(())
}

/// Reads the versions that a statement found.
async fn read_all(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Record>> {
    tx.open(&CELLS, rows).await?.iter().map(read).collect()
}

/// Reads a row of [`SHEET`]. A row of the first form does not say from when it holds: a first version
/// does from its first day, a later one from the day on which it was made.
fn read(row: &Row) -> Result<Record> {
    let mut body = RecordBody::read(&row.text(10)?)?;
    let (version, case, valid_from, ended) = (row.int(2)?, row.text(4)?, row.day(6)?, row.text(8)? == "yes");
    let made = Moment { ms: row.int(9)?, offset_minutes: 0 }.day();
    let of_first_form = if version == 1 { valid_from } else { made };
    let standing = match row.maybe_text(12)? {
        Some(word) => Standing::of_word(&word).ok_or_else(|| Error::Corrupt(format!("a record that is `{word}`")))?,
        None if ended => Standing::Revoked,
        None => Standing::Active,
    };
    Ok(Record {
        registry: Name::new(&row.text(0)?),
        number: row.text(1)?,
        version,
        service: row.text(3)?,
        validity_by: body.validity_by.take().unwrap_or_else(|| case.clone()),
        case,
        actor: row.maybe_text(13)?.unwrap_or_default(),
        role: row.maybe_text(14)?.map(|role| Name::new(&role)),
        from: row.maybe_day(11)?.unwrap_or(of_first_form),
        holder: row.text(5)?,
        answers: body.answers(),
        valid_from,
        valid_until: row.maybe_day(7)?,
        standing,
        came_of: body.came_of,
        became: body.became,
    })
}

/// The versions that a case made.
pub(super) async fn made_by(tx: &mut Tx, case: &str) -> Result<Vec<Record>> {
    let sql = format!("select {} from records where tenant = $1 and case_id = $2", SHEET.columns);
    let rows = tx.fetch(sql, vals![case]).await?;
    read_all(tx, rows).await
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
    let rows = tx.fetch(sql, vals![registry, number]).await?;
    Ok(read_all(tx, rows).await?.pop())
}

/// The latest version of the record with the number that somebody typed, in whichever case.
pub async fn load_typed(tx: &mut Tx, registry: &str, typed: &str) -> Result<Option<Record>> {
    let sql = format!(
        "select {} from records where tenant = $1 and registry = $2 and typed = $3 order by version desc limit 1",
        SHEET.columns
    );
    let rows = tx.fetch(sql, vals![registry, inbox::term(typed)]).await?;
    Ok(read_all(tx, rows).await?.pop())
}

/// The version that holds on `day`, by what was known at the instant `known_ms`: the latest of those
/// that hold from that day or an earlier one. A record has few versions.
pub async fn as_on(tx: &mut Tx, registry: &str, number: &str, day: Day, known_ms: i64) -> Result<Option<Record>> {
    let known = history(tx, registry, number).await?.into_iter().filter(|(_, at_ms)| *at_ms <= known_ms);
    let versions: Vec<Record> = known.map(|(version, _)| version).collect();
    Ok(Record::as_on(&versions, day).cloned())
}

/// Every version of a record, the first first, each with the instant it was made.
pub async fn history(tx: &mut Tx, registry: &str, number: &str) -> Result<Vec<(Record, i64)>> {
    let sql = format!(
        "select {} from records where tenant = $1 and registry = $2 and number = $3 order by version",
        SHEET.columns
    );
    let rows = tx.fetch(sql, vals![registry, number]).await?;
    tx.open(&CELLS, rows).await?.iter().map(|row| Ok((read(row)?, row.int(9)?))).collect()
}

/// The records a person holds, latest versions, the latest first.
pub async fn by_holder(tx: &mut Tx, holder: &str) -> Result<Vec<Record>> {
    let sql = format!(
        "select {} from records r where tenant = $1 and holder = $2 and not exists (select 1 from records n where n.tenant = r.tenant \
         and n.registry = r.registry and n.number = r.number and n.version > r.version) order by at_ms desc, registry, number",
        SHEET.columns
    );
    let rows = tx.fetch(sql, vals![holder]).await?;
    read_all(tx, rows).await
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

/// A condition for records that stand so on `day`; its value is put after those that are there.
fn standing(chosen: Option<(RecordStatus, Day)>, values: &mut Vec<Val<'_>>) -> String {
    let Some((status, day)) = chosen else { return "1 = 1".to_owned() };
    let counts = "r.revoked = 'no' and coalesce(r.standing, '') <> 'suspended'";
    let mut hole = || {
        values.push(day.into());
        format!("${}", values.len() + 1)
    };
    match status {
        RecordStatus::Active | RecordStatus::NotYet => {
            format!("{counts} and (r.valid_until is null or r.valid_until >= {})", hole())
        }
        RecordStatus::Expired => format!("{counts} and r.valid_until < {}", hole()),
        RecordStatus::Suspended => "r.standing = 'suspended'".to_owned(),
        RecordStatus::Revoked | RecordStatus::Split | RecordStatus::Merged => "r.revoked = 'yes'".to_owned(),
    }
}

/// Latest versions of the records `r` that fit a condition, in the order of their numbers.
pub(super) async fn latest(tx: &mut Tx, condition: &str, values: Vec<Val<'_>>) -> Result<Vec<Record>> {
    let sql = format!(
        "select {} from records r where tenant = $1 and not exists (select 1 from records n where n.tenant = r.tenant \
         and n.registry = r.registry and n.number = r.number and n.version > r.version) and {condition}",
        SHEET.columns
    );
    let rows = tx.fetch(sql, values).await?;
    read_all(tx, rows).await
}

/// A page of 25 records of a register, latest versions, in the order of their numbers; and whether
/// there are more.
pub async fn search(tx: &mut Tx, search: &Search<'_>) -> Result<(Vec<Record>, bool)> {
    let mut values = vals![search.registry, inbox::PAGE + 1, search.page.max(0) * inbox::PAGE];
    let found_by = found::condition(tx, search.text, &mut values);
    let stands = standing(search.standing, &mut values);
    let condition = format!("r.registry = $2 and {found_by} and {stands} order by r.number limit $3 offset $4");
    let mut records = latest(tx, &condition, values).await?;
    let page = usize::try_from(inbox::PAGE).expect("a page is small");
    let more = records.len() > page;
    records.truncate(page);
    Ok((records, more))
}

/// What anybody looks for in a public list of records.
#[derive(Clone, Copy, Debug)]
pub struct Open<'a> {
    /// The registry.
    pub registry: &'a str,
    /// The services whose records may be shown.
    pub services: &'a [&'a str],
    /// The questions whose answers may be shown, and so may be searched.
    pub fields: &'a [&'a str],
    /// The beginning of a number or of such an answer; empty for all.
    pub text: &'a str,
    /// The day on which they are in force.
    pub day: Day,
    /// Whether the newest come first; else they come by number.
    pub newest_first: bool,
    /// Counted from 0.
    pub page: i64,
}

/// A page of 25 records that anybody may read, latest versions, and how many there are in all.
pub async fn open(tx: &mut Tx, asked: &Open<'_>) -> Result<(Vec<Record>, i64)> {
    let mut values = vals![asked.registry, asked.day];
    let found_by = found::openly(tx, asked.text, asked.fields, &mut values);
    let mut holes = Vec::new();
    for service in asked.services {
        values.push((*service).into());
        holes.push(format!("${}", values.len() + 1));
    }
    if holes.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let condition = format!(
        "r.registry = $2 and {found_by} and r.service in ({}) and r.revoked = 'no' and coalesce(r.standing, '') <> 'suspended' \
         and r.valid_from <= $3 and (r.valid_until is null or r.valid_until >= $3)",
        holes.join(", ")
    );
    let counting = format!(
        "select count(*) from records r where tenant = $1 and not exists (select 1 from records n where n.tenant = r.tenant \
         and n.registry = r.registry and n.number = r.number and n.version > r.version) and {condition}"
    );
    let total = tx.first(counting, values.clone()).await?.map_or(Ok(0), |row| row.int(0))?;
    let order = if asked.newest_first { "r.valid_from desc, r.number desc" } else { "r.number" };
    let (limit, offset) = (values.len() + 2, values.len() + 3);
    values.extend(vals![inbox::PAGE, asked.page.max(0) * inbox::PAGE]);
    let shown = latest(tx, &format!("{condition} order by {order} limit ${limit} offset ${offset}"), values).await?;
    Ok((shown, total))
}

/// The cases that are about a record, or made a version of it, and have open demands. Demands are looked up by their
/// cases: an index by their standing would find those of the whole town.
pub async fn owing(tx: &mut Tx, registry: &str, number: &str) -> Result<Vec<String>> {
    let sql = "select distinct d.case_id from demands d where d.tenant = $1 and d.status || '' = 'open' \
               and d.case_id in (select c.id from cases c where c.tenant = $1 and c.record_registry = $2 and c.record_number = $3 \
               union select r.case_id from records r where r.tenant = $1 and r.registry = $2 and r.number = $3) \
               order by d.case_id";
    tx.fetch(sql, vals![registry, number]).await?.iter().map(|row| row.text(0)).collect()
}

/// Of what so much is owed.
fn owed(row: &Row) -> Result<(String, Money)> {
    let amount = Money::from_paise(row.int(1)?).ok_or_else(|| Error::Corrupt("dues beyond every amount".to_owned()))?;
    Ok((row.text(0)?, amount))
}

/// What is owed on a record by open demands of cases that are about it or made a version of it, save
/// those of the case `but`.
pub async fn dues(tx: &mut Tx, registry: &str, number: &str, but: &str) -> Result<Money> {
    let sql = "select cast(coalesce(sum(d.total_paise - d.paid_paise), 0) as bigint) from demands d where d.tenant = $1 and d.status || '' = 'open' \
               and d.case_id <> $4 and d.case_id in (select c.id from cases c where c.tenant = $1 and c.record_registry = $2 \
               and c.record_number = $3 union select r.case_id from records r where r.tenant = $1 and r.registry = $2 and r.number = $3)";
    let found = tx.first(sql, vals![registry, number, but]).await?;
    let paise = found.map_or(Ok(0), |row| row.int(0))?;
    Money::from_paise(paise).ok_or_else(|| Error::Corrupt("dues beyond every amount".to_owned()))
}

/// The same of many records of a register, with nothing left out, by their numbers; at most 500. What owes nothing is
/// not among them.
pub async fn dues_of_many(tx: &mut Tx, registry: &str, numbers: &[String]) -> Result<BTreeMap<String, Money>> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let holes: Vec<String> = (0..numbers.len()).map(|at| format!("${}", at + 3)).collect();
    let holes = holes.join(", ");
    // The cases come first, and each leads to its demands: an index by their standing would find those of the whole town.
    let sql = format!(
        "select k.number, cast(sum(d.total_paise - d.paid_paise) as bigint) from \
         (select c.record_number as number, c.id as case_id from cases c where c.tenant = $1 and c.record_registry = $2 and c.record_number in ({holes}) \
         union select r.number, r.case_id from records r where r.tenant = $1 and r.registry = $2 and r.number in ({holes})) k \
         cross join demands d where d.tenant = $1 and d.case_id = k.case_id and d.status || '' = 'open' group by k.number"
    );
    let values = std::iter::once(Val::from(registry)).chain(numbers.iter().map(Val::from)).collect();
    tx.fetch(sql, values).await?.iter().map(owed).collect()
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
    let rows = tx.fetch(sql, vals![registry, after, limit]).await?;
    read_all(tx, rows).await
}

/// The numbers of all records of a register.
pub async fn numbers(tx: &mut Tx, registry: &str) -> Result<Vec<String>> {
    let sql = "select number from records where tenant = $1 and registry = $2 and version = 1 order by number";
    tx.fetch(sql, vals![registry]).await?.iter().map(|row| row.text(0)).collect()
}

/// How many records a register has.
pub async fn count(tx: &mut Tx, registry: &str) -> Result<i64> {
    let sql = "select count(*) from records where tenant = $1 and registry = $2 and version = 1";
    tx.first(sql, vals![registry]).await?.map_or(Ok(0), |row| row.int(0))
}
