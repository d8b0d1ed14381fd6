//! Cases: one row each, with their demands and receipts.

use std::collections::BTreeMap;

use engine::base::{Answers, Name};
use engine::case::Case;
use serde_json::json;

use super::db::{Row, Val, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By, NewEvent, RecordedEvent};
use super::tx::Tx;
use super::vault::{self, Cells, Place};
use super::{inbox, json, kept, terms, written};

pub(super) const SHEET: Sheet = Sheet {
    table: "cases",
    key: "id",
    added: 0,
    columns: "id, number, service, definition, state, version, applicant, language, opened_ms, submitted_ms, entered_ms, due_ms, \
              promised_ms, wake_ms, assignee, record_registry, record_number, place, body",
};

/// Where sealed documents stand in a row of [`SHEET`].
pub(super) const CELLS: Cells =
    Cells { table: "cases", columns: &[(18, "body")], row: |row| row.text(0), case: |row| row.maybe_text(0) };

pub(super) const TERMS: Sheet =
    Sheet { table: "index_terms", key: "case_id", added: 0, columns: "case_id, field, term" };

/// The field of the search terms of a case in which the applicant's mobile number stands.
pub const APPLICANT: &str = "applicant";

/// Where a case is looked for besides its own columns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finding<'a> {
    /// The code of the place it concerns; empty for none.
    pub place: &'a str,
    /// Answers to fields that may be searched: path of the field, what was answered. `None` leaves
    /// what the store has.
    pub terms: Option<&'a [(String, String)]>,
}

/// The row of a case, in the order of [`SHEET`]. What was said in it is sealed if the transaction holds its key.
pub(super) fn values<'a>(tx: &Tx, case: &'a Case, place: &'a str) -> Result<Vec<Val<'a>>> {
    let (body, said) = written::case_body(case, vault::seals_case(tx, Some(&case.id)));
    let at = Place { table: "cases", column: "body", row: &case.id };
    let body = vault::document(tx, Some(&case.id), at, body, said)?;
    Ok(vals![
        &case.id,
        &case.number,
        &case.service,
        &case.definition,
        &case.state,
        case.version,
        &case.applicant,
        &case.language,
        case.opened_ms,
        case.submitted_ms,
        case.entered_ms,
        case.due_ms,
        case.promised_ms,
        case.wake_ms,
        &case.assignee,
        case.record.as_ref().map(|(registry, _)| registry.as_str()),
        case.record.as_ref().map(|(_, number)| number.as_str()),
        place,
        body,
    ])
}

/// The statement that writes a new case; its values are those of [`values`].
pub(super) const INSERT: &str = "insert into cases (tenant, id, number, service, definition, state, version, applicant, language, opened_ms, submitted_ms, \
     entered_ms, due_ms, promised_ms, wake_ms, assignee, record_registry, record_number, place, body) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";

/// Writes a new case, and the event that opened it.
pub async fn insert_open(
    tx: &mut Tx,
    case: &Case,
    by: By<'_>,
    key: Option<&str>,
    finding: Finding<'_>,
) -> Result<RecordedEvent> {
    vault::hold_key(tx, &case.id, true).await?;
    events::hold_head(tx).await?;
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    let row = values(tx, case, finding.place)?;
    marks.add(&SHEET, &row);
    writes.add(INSERT, row);
    let terms = terms::all_kept(tx, finding.terms.unwrap_or_default());
    write_terms(&mut writes, &mut marks, &case.id, &terms);
    let recorded = append_opening(tx, &mut writes, (case, &marks), by, key)?;
    tx.write(writes).await?;
    Ok(recorded)
}

/// Writes the event that opens a case whose row is written with the event that follows it at once.
pub(super) async fn tell_opening(tx: &mut Tx, case: &Case, by: By<'_>, place: &str) -> Result<()> {
    events::hold_head(tx).await?;
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    marks.add(&SHEET, &values(tx, case, place)?);
    marks.gone(&TERMS, case.id.clone());
    append_opening(tx, &mut writes, (case, &marks), by, None)?;
    tx.write(writes).await?;
    Ok(())
}

fn append_opening(
    tx: &mut Tx,
    writes: &mut Writes<'_>,
    (case, marks): (&Case, &Marks),
    by: By<'_>,
    key: Option<&str>,
) -> Result<RecordedEvent> {
    let command = json!({ "v": 1, "word": "open", "service": case.service });
    let outcome = (written::opening(case, marks), None);
    let event = NewEvent { case: Some(&case.id), version: Some(case.version), by, command: &command, outcome, key };
    events::append_to(tx, writes, event)
}

/// Adds the statements that write the search terms of a case as they are kept, of which there must be none yet.
pub(super) fn write_terms<'a>(writes: &mut Writes<'a>, marks: &mut Marks, case: &'a str, terms: &[(String, String)]) {
    let mut terms: Vec<(String, String)> = terms
        .iter()
        .map(|(field, text)| (field.clone(), inbox::term(text)))
        .filter(|(_, term)| !term.is_empty())
        .collect();
    terms.sort();
    terms.dedup();
    marks.gone(&TERMS, case.to_owned());
    for (field, term) in terms {
        let row = vals![case, field, term];
        marks.add(&TERMS, &row);
        writes.add("insert into index_terms (tenant, case_id, field, term) values ($1, $2, $3, $4)", row);
    }
}

/// From now on cases of `applicant` that are found by anything are found by this mobile number, and by no other.
pub async fn renumber(tx: &mut Tx, by: By<'_>, applicant: &str, mobile: &str) -> Result<()> {
    events::hold_head(tx).await?;
    let sql = "select case_id, field, term from index_terms where tenant = $1 \
               and case_id in (select c.id from cases c where c.tenant = $1 and c.applicant = $2)";
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in tx.fetch(sql, vals![applicant]).await? {
        found.entry(row.text(0)?).or_default().push((row.text(1)?, row.text(2)?));
    }
    if found.is_empty() {
        return Ok(());
    }
    let sql = "delete from index_terms where tenant = $1 \
               and case_id in (select c.id from cases c where c.tenant = $1 and c.applicant = $2)";
    tx.execute(sql, vals![applicant]).await?;
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    for (case, terms) in &mut found {
        terms.retain(|(field, _)| field != APPLICANT);
        terms.push((APPLICANT.to_owned(), mobile.to_owned()));
        let terms = terms::all_kept(tx, terms);
        write_terms(&mut writes, &mut marks, case, &terms);
    }
    tx.write(writes).await?;
    events::append(tx, by, None, ("renumbered", json!({ "person": applicant })), &marks).await?;
    Ok(())
}

/// A case with all its demands and receipts. In a transaction that writes, the case is held until
/// the end: whoever else wants to change it waits.
pub async fn load(tx: &mut Tx, id: &str) -> Result<Option<Case>> {
    let case = format!("select {} from cases where tenant = $1 and id = $2{}", SHEET.columns, tx.lock());
    let parts = "select 'demand' as kind, seq, body from demands where tenant = $1 and case_id = $2 \
                 union all select 'receipt', seq, body from receipts where tenant = $1 and case_id = $2 order by kind, seq";
    let mut asked = vec![(case.into(), vals![id]), (parts.into(), vals![id])];
    // In the same call: a call costs as much as what is read by it.
    let key = vault::key_asked(tx, id);
    let wants_key = key.is_some();
    asked.extend(key);
    let mut found = tx.fetch_each(asked).await?;
    if wants_key {
        let rows = found.pop().expect("one set of rows for each statement");
        vault::take_key(tx, &rows)?;
    }
    let rows = tx.open(&CELLS, std::mem::take(&mut found[0])).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut case = read(row)?;
    for row in &found[1] {
        let body = json::parse(&row.text(2)?, "a demand or a receipt")?;
        match row.text(0)?.as_str() {
            "demand" => case.demands.push(json::read_demand(&body)?),
            _ => case.receipts.push(json::read_receipt(&body)?),
        }
    }
    Ok(Some(case))
}

/// The cases with these keys, with all their demands and receipts; at most 500 keys. In a transaction that
/// writes they are held until the end.
pub async fn load_all(tx: &mut Tx, ids: &[String]) -> Result<BTreeMap<String, Case>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let holes: Vec<String> = (0..ids.len()).map(|at| format!("${}", at + 2)).collect();
    let holes = holes.join(", ");
    let cases =
        format!("select {} from cases where tenant = $1 and id in ({holes}) order by id{}", SHEET.columns, tx.lock());
    let parts = format!(
        "select 'demand' as kind, case_id, seq, body from demands where tenant = $1 and case_id in ({holes}) union all \
         select 'receipt', case_id, seq, body from receipts where tenant = $1 and case_id in ({holes}) order by 1, 2, 3"
    );
    let keys = || ids.iter().map(Val::from).collect::<Vec<_>>();
    let mut found = BTreeMap::new();
    let rows = tx.fetch(cases, keys()).await?;
    for row in tx.open(&CELLS, rows).await? {
        let case = read(&row)?;
        found.insert(case.id.clone(), case);
    }
    for row in tx.fetch(parts, keys()).await? {
        let Some(case) = found.get_mut(&row.text(1)?) else { continue };
        let body = json::parse(&row.text(3)?, "a demand or a receipt")?;
        match row.text(0)?.as_str() {
            "demand" => case.demands.push(json::read_demand(&body)?),
            _ => case.receipts.push(json::read_receipt(&body)?),
        }
    }
    Ok(found)
}

/// The key of the case with this number.
pub async fn id_of(tx: &mut Tx, number: &str) -> Result<Option<String>> {
    let found = tx.first("select id from cases where tenant = $1 and number = $2", vals![number]).await?;
    found.map(|row| row.text(0)).transpose()
}

/// The same, if it is a case of this applicant.
pub async fn id_of_own(tx: &mut Tx, number: &str, applicant: &str) -> Result<Option<String>> {
    let sql = "select id from cases where tenant = $1 and number = $2 and applicant = $3";
    let found = tx.first(sql, vals![number, applicant]).await?;
    found.map(|row| row.text(0)).transpose()
}

/// Cases that a record was the subject of, the latest first: registry and number of the record.
pub async fn about_record(tx: &mut Tx, registry: &str, number: &str) -> Result<Vec<inbox::CaseRow>> {
    let sql = inbox::select("record_registry = $2 and record_number = $3", "opened_ms desc, id");
    tx.fetch(sql, vals![registry, number]).await?.iter().map(inbox::read).collect()
}

/// The cases of a service about records of a registry whose numbers lie from `first` to `last`: number
/// of the record, key and state of the case; the first that was opened first.
pub async fn of_records(
    tx: &mut Tx,
    service: &str,
    registry: &str,
    (first, last): (&str, &str),
) -> Result<Vec<(String, String, Name)>> {
    let sql = "select record_number, id, state from cases where tenant = $1 and service = $2 and record_registry = $3 \
               and record_number >= $4 and record_number <= $5 order by record_number, opened_ms, id";
    let read = |row: &Row| Ok((row.text(0)?, row.text(1)?, Name::new(&row.text(2)?)));
    tx.fetch(sql, vals![service, registry, first, last]).await?.iter().map(read).collect()
}

/// The cases of a service about records of a registry whose numbers lie from `first` to `last`, without drafts that
/// nobody sent: number of the record, definition and state of the case.
pub async fn sent_on_records(
    tx: &mut Tx,
    service: &str,
    registry: &str,
    (first, last): (&str, &str),
) -> Result<Vec<(String, String, Name)>> {
    let sql = "select record_number, definition, state from cases where tenant = $1 and service = $2 and record_registry = $3 \
               and record_number >= $4 and record_number <= $5 and number is not null";
    let read = |row: &Row| Ok((row.text(0)?, row.text(1)?, Name::new(&row.text(2)?)));
    tx.fetch(sql, vals![service, registry, first, last]).await?.iter().map(read).collect()
}

/// The keys of at most `limit` cases of these services that were sent between two instants, the latest first.
pub async fn sent_between(
    tx: &mut Tx,
    services: &[String],
    (from_ms, until_ms): (i64, i64),
    limit: i64,
) -> Result<Vec<String>> {
    if services.is_empty() {
        return Ok(Vec::new());
    }
    let holes: Vec<String> = (0..services.len()).map(|at| format!("${}", at + 5)).collect();
    let sql = format!(
        "select id from cases where tenant = $1 and number is not null and submitted_ms >= $2 and submitted_ms < $3 \
         and service in ({}) order by submitted_ms desc, id limit $4",
        holes.join(", ")
    );
    let mut values = vals![from_ms, until_ms, limit];
    values.extend(services.iter().map(Val::from));
    tx.fetch(sql, values).await?.iter().map(|row| row.text(0)).collect()
}

/// The cases of an applicant, the latest first; drafts included.
pub async fn by_applicant(tx: &mut Tx, person: &str) -> Result<Vec<inbox::CaseRow>> {
    let sql = inbox::select("applicant = $2", "opened_ms desc, id");
    tx.fetch(sql, vals![person]).await?.iter().map(inbox::read).collect()
}

/// At most `limit` cases of a service in which a question that is searched by was answered alike, the
/// latest first.
pub async fn answered_alike(
    tx: &mut Tx,
    service: &str,
    field: &str,
    text: &str,
    limit: i64,
) -> Result<Vec<inbox::CaseRow>> {
    let condition = "service = $2 and number is not null and exists (select 1 from index_terms t \
                     where t.tenant = cases.tenant and t.case_id = cases.id and t.field = $3 and t.term in ($4, $6))";
    let sql = format!("{} limit $5", inbox::select(condition, "opened_ms desc, id"));
    // The second as it was kept before long numbers were blind.
    let (kept, plain) = (terms::kept(tx, text), inbox::term(text));
    tx.fetch(sql, vals![service, field, kept, limit, plain]).await?.iter().map(inbox::read).collect()
}

/// At most `limit` cases of a service that were handed in and answered all of `terms` (field, text)
/// alike, the latest first.
pub async fn answered_all_alike(
    tx: &mut Tx,
    service: &str,
    terms: &[(String, String)],
    limit: i64,
) -> Result<Vec<inbox::CaseRow>> {
    let mut values = vals![service, limit];
    let mut conditions = vec!["service = $2 and number is not null".to_owned()];
    for (field, text) in terms {
        let hole = values.len() + 2;
        values.push(field.clone().into());
        values.push(terms::kept(tx, text).into());
        values.push(inbox::term(text).into());
        let known = "select 1 from index_terms t where t.tenant = cases.tenant and t.case_id = cases.id";
        conditions.push(format!("exists ({known} and t.field = ${hole} and t.term in (${}, ${}))", hole + 1, hole + 2));
    }
    let sql = format!("{} limit $3", inbox::select(&conditions.join(" and "), "opened_ms desc, id"));
    tx.fetch(sql, values).await?.iter().map(inbox::read).collect()
}

/// At most `limit` drafts that are being written at the counter, the latest first: whoever writes one
/// has it, which nobody has of a draft that an applicant writes. What was erased is no draft any more.
pub async fn at_counter(tx: &mut Tx, limit: i64) -> Result<Vec<inbox::CaseRow>> {
    let condition = "number is null and assignee is not null and not exists \
                     (select 1 from erasures e where e.tenant = cases.tenant and e.case_id = cases.id)";
    let sql = format!("{} limit $2", inbox::select(condition, "entered_ms desc, id"));
    tx.fetch(sql, vals![limit]).await?.iter().map(inbox::read).collect()
}

/// The cases with these keys; at most 500 keys.
pub async fn among(tx: &mut Tx, ids: &[String]) -> Result<Vec<inbox::CaseRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let holes: Vec<String> = (0..ids.len()).map(|at| format!("${}", at + 2)).collect();
    let sql = inbox::select(&format!("id in ({})", holes.join(", ")), "id");
    tx.fetch(sql, ids.iter().map(Val::from).collect()).await?.iter().map(inbox::read).collect()
}

/// A case that the clock must look at, as it was when it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub tenant: String,
    /// The case.
    pub case: String,
    /// Its version.
    pub version: i64,
    /// Since when it has been due.
    pub wake_ms: Option<i64>,
}

/// At most `limit` cases that the clock must look at by `now_ms`, the longest due first. Of all
/// tenants, in a transaction of [`super::EVERYBODY`].
pub async fn due_to_wake(tx: &mut Tx, now_ms: i64, limit: i64) -> Result<Vec<Due>> {
    let sql = "select tenant, id, version, wake_ms from cases where ($1 = '' or tenant = $1) and wake_ms is not null and wake_ms <= $2 \
               order by wake_ms, tenant, id limit $3";
    let read = |row: &Row| {
        Ok(Due { tenant: row.text(0)?, case: row.text(1)?, version: row.int(2)?, wake_ms: row.maybe_int(3)? })
    };
    tx.fetch(sql, vals![now_ms, limit]).await?.iter().map(read).collect()
}

/// How many cases the clock ought to have looked at by `now_ms`, and since when the longest of them has been due.
pub async fn overdue(tx: &mut Tx, now_ms: i64) -> Result<(i64, Option<i64>)> {
    let sql = "select count(*), min(wake_ms) from cases where ($1 = '' or tenant = $1) and wake_ms is not null and wake_ms <= $2";
    let rows = tx.fetch(sql, vals![now_ms]).await?;
    rows.first().map_or(Ok((0, None)), |row| Ok((row.int(0)?, row.maybe_int(1)?)))
}

/// At most `limit` cases of a service that run under a definition, by their keys, from behind `after`: key and
/// state of each.
pub async fn of_definition(
    tx: &mut Tx,
    (service, definition): (&str, &str),
    after: &str,
    limit: i64,
) -> Result<Vec<(String, Name)>> {
    let sql = "select id, state from cases where tenant = $1 and service = $2 and definition = $3 and id > $4 order by id limit $5";
    let read = |row: &Row| Ok((row.text(0)?, Name::new(&row.text(1)?)));
    tx.fetch(sql, vals![service, definition, after, limit]).await?.iter().map(read).collect()
}

/// When the clock must next look at any case.
pub async fn next_wake(tx: &mut Tx) -> Result<Option<i64>> {
    let sql =
        "select wake_ms from cases where ($1 = '' or tenant = $1) and wake_ms is not null order by wake_ms limit 1";
    tx.first(sql, Vec::new()).await?.map(|row| row.int(0)).transpose()
}

/// Moves the time at which the clock looks at a case, and writes that down: its record changed. The
/// case, which this transaction holds, stays as it was.
pub async fn set_wake(tx: &mut Tx, by: By<'_>, id: &str, wake_ms: Option<i64>) -> Result<()> {
    let sql = format!("update cases set wake_ms = $3 where tenant = $1 and id = $2 returning {}", SHEET.columns);
    let row = tx.first(sql, vals![id, wake_ms]).await?;
    note_wake(tx, by, row, wake_ms).await.map(drop)
}

/// Lets the clock look at a case later: what was due does not apply yet, or could not be done. `false`
/// if the case is no longer as it was found, so that its clock has been set meanwhile.
pub async fn put_off(tx: &mut Tx, by: By<'_>, due: &Due, wake_ms: i64) -> Result<bool> {
    let sql = format!(
        "update cases set wake_ms = $3 where tenant = $1 and id = $2 and version = $4 and wake_ms = $5 returning {}",
        SHEET.columns
    );
    let row = tx.first(sql, vals![&due.case, wake_ms, due.version, due.wake_ms]).await?;
    note_wake(tx, by, row, Some(wake_ms)).await
}

async fn note_wake(tx: &mut Tx, by: By<'_>, row: Option<Row>, wake_ms: Option<i64>) -> Result<bool> {
    let Some(row) = row else { return Ok(false) };
    let mut marks = Marks::default();
    marks.add_cells(&SHEET, &row.cells()?);
    let id = row.text(0)?;
    events::append(tx, by, Some(&id), ("wake", json!({ "wake_ms": wake_ms })), &marks).await?;
    Ok(true)
}

/// Reads a row of [`SHEET`]; demands and receipts are yet to be added.
fn read(row: &Row) -> Result<Case> {
    let record = match (row.maybe_text(15)?, row.maybe_text(16)?) {
        (Some(registry), Some(number)) => Some((Name::new(&registry), number)),
        (None, None) => None,
        _ => return Err(Error::Corrupt("a case with half a record".to_owned())),
    };
    let mut case = Case {
        id: row.text(0)?,
        number: row.maybe_text(1)?,
        service: row.text(2)?,
        definition: row.text(3)?,
        state: Name::new(&row.text(4)?),
        version: row.int(5)?,
        applicant: row.text(6)?,
        language: row.text(7)?,
        opened_ms: row.int(8)?,
        submitted_ms: row.maybe_int(9)?,
        entered_ms: row.int(10)?,
        clock_ms: None,
        due_ms: row.maybe_int(11)?,
        promised_ms: row.maybe_int(12)?,
        wake_ms: row.maybe_int(13)?,
        assignee: row.maybe_text(14)?,
        answers: Answers::default(),
        record,
        demands: Vec::new(),
        receipts: Vec::new(),
        acted: Vec::new(),
        fired: Vec::new(),
        flags: Vec::new(),
        waiting: Vec::new(),
        parent: None,
        children: Vec::new(),
        reserved: Vec::new(),
        programs: Vec::new(),
        offered: None,
    };
    kept::read_case_body(&mut case, &row.text(18)?)?;
    Ok(case)
}
