//! Erasing: what people said in a case is lost for good with the key of the case. The case stays with its number,
//! its money and its papers, and the events stay whole.

use std::collections::BTreeSet;

use engine::base::{Answers, Name};
use serde_json::{Value as Json, json};

use super::db::{Row, Val, vals};
use super::digest::Marks;
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;
use super::{cases, files, octets, records, vault, written};

/// A case of which something may be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its key.
    pub id: String,
    /// Its number; none if it was never sent.
    pub number: Option<String>,
    /// Since when it has stood where it stands.
    pub entered_ms: i64,
}

/// At most `limit` cases of a service, by their keys, from behind `after`: those that have stood since `before_ms` in
/// one of these states, or were not sent until then, and are neither erased nor held.
pub async fn ended(
    tx: &mut Tx,
    (service, ends): (&str, &[Name]),
    (before_ms, after): (i64, &str),
    limit: i64,
) -> Result<Vec<Ended>> {
    let holes: Vec<String> = (0..ends.len()).map(|at| format!(", ${}", at + 6)).collect();
    let holes = holes.concat();
    let sql = format!(
        "select id, number, entered_ms from cases where tenant = $1 and service = $2 and entered_ms <= $3 and id > $4 \
         and (number is null or state in (''{holes})) \
         and not exists (select 1 from erasures e where e.tenant = cases.tenant and e.case_id = cases.id) \
         and not exists (select 1 from holds h where h.tenant = cases.tenant and h.case_id = cases.id) order by id limit $5"
    );
    let mut values = vals![service, before_ms, after, limit];
    values.extend(ends.iter().map(Val::from));
    let read = |row: &Row| Ok(Ended { id: row.text(0)?, number: row.maybe_text(1)?, entered_ms: row.int(2)? });
    tx.fetch(sql, values).await?.iter().map(read).collect()
}

/// At most `limit` cases of a service, by their keys, from behind `after`: those that have stood since `before_ms` in
/// one of these states, and are neither erased nor held, and in which the files that answer `field` have not had their
/// time yet.
pub async fn with_files(
    tx: &mut Tx,
    (service, ends): (&str, &[Name]),
    field: &str,
    (before_ms, after): (i64, &str),
    limit: i64,
) -> Result<Vec<Ended>> {
    let holes: Vec<String> = (0..ends.len()).map(|at| format!(", ${}", at + 7)).collect();
    let holes = holes.concat();
    let sql = format!(
        "select id, number, entered_ms from cases where tenant = $1 and service = $2 and entered_ms <= $3 and id > $4 \
         and state in (''{holes}) and not exists \
         (select 1 from answer_erasures a where a.tenant = cases.tenant and a.case_id = cases.id and a.field = $6) \
         and not exists (select 1 from erasures e where e.tenant = cases.tenant and e.case_id = cases.id) \
         and not exists (select 1 from holds h where h.tenant = cases.tenant and h.case_id = cases.id) order by id limit $5"
    );
    let mut values = vals![service, before_ms, after, limit, field];
    values.extend(ends.iter().map(Val::from));
    let read = |row: &Row| Ok(Ended { id: row.text(0)?, number: row.maybe_text(1)?, entered_ms: row.int(2)? });
    tx.fetch(sql, values).await?.iter().map(read).collect()
}

/// Erases the files that answer a question of a case, with their answers, and writes down that they were; `facts` say
/// by which term. How many files: where there is none, nothing is written down, and nobody looks again. A file that a
/// register shows stays.
pub async fn erase_files(tx: &mut Tx, by: By<'_>, case: &str, field: &str, facts: Json) -> Result<usize> {
    let mut found = cases::load(tx, case).await?.ok_or(Error::Stale)?;
    let sql = "insert into answer_erasures (tenant, case_id, field, at_ms, files) values ($1, $2, $3, $4, '') \
               on conflict (tenant, case_id, field) do nothing";
    if tx.execute(sql, vals![case, field, by.at_ms]).await? == 0 {
        return Ok(0);
    }
    let answers = found.answers.to_json();
    let (mut gone, mut kept) = (files::answering(tx, case, field).await?, BTreeSet::new());
    name_answering(&answers, field, &mut gone);
    for record in records::made_by(tx, case).await? {
        name_files(&record.answers.to_json(), &mut kept);
    }
    gone.retain(|id| !kept.contains(id));
    if gone.is_empty() {
        return Ok(0);
    }
    let mut marks = Marks::default();
    let left: Vec<String> = files::take_away(tx, &mut marks, case, &gone).await?.into_iter().collect();
    leave(tx, (case, field), &left).await?;
    found.answers = Answers::from_json(&without(answers, &gone));
    let body = cases::values(tx, &found, "")?.pop().expect("a case has a body");
    let sql = format!("update cases set body = $3 where tenant = $1 and id = $2 returning {}", cases::SHEET.columns);
    let row = tx.first(sql, vec![case.into(), body]).await?.ok_or(Error::Stale)?;
    marks.add_cells(&cases::SHEET, &row.cells()?);
    events::append(tx, by, Some(case), ("erase_files", facts), &marks).await?;
    Ok(gone.len())
}

/// Erases what people said in a case, and writes down that it was; `facts` say by which term. `false` if it was
/// erased before.
pub async fn erase(tx: &mut Tx, by: By<'_>, case: &str, facts: Json) -> Result<bool> {
    let mut found = cases::load(tx, case).await?.ok_or(Error::Stale)?;
    let sql = "insert into erasures (tenant, case_id, at_ms, files) values ($1, $2, $3, '') \
               on conflict (tenant, case_id) do nothing";
    if tx.execute(sql, vals![case, by.at_ms]).await? == 0 {
        return Ok(false);
    }
    let mut marks = Marks::default();
    let (mut named, mut kept) = (BTreeSet::new(), BTreeSet::new());
    name_files(&found.answers.to_json(), &mut named);
    // What a register shows, it goes on showing.
    for record in records::made_by(tx, case).await? {
        name_files(&record.answers.to_json(), &mut kept);
    }
    let files = files::let_go(tx, &mut marks, case, (&named, &kept)).await?;
    for id in &kept {
        octets::outlive(tx, case, id).await?;
    }
    let files: Vec<String> = files.into_iter().collect();
    leave(tx, (case, ""), &files).await?;
    vault::destroy(tx, case).await?;
    (found.answers, found.flags) = (Answers::default(), Vec::new());
    let (body, _) = written::case_body(&found, false);
    let sql = format!("update cases set body = $3 where tenant = $1 and id = $2 returning {}", cases::SHEET.columns);
    let row = tx.first(sql, vals![case, body]).await?.ok_or(Error::Stale)?;
    marks.add_cells(&cases::SHEET, &row.cells()?);
    marks.gone(&cases::TERMS, case.to_owned());
    tx.execute("delete from index_terms where tenant = $1 and case_id = $2", vals![case]).await?;
    tx.execute("delete from drafts where tenant = $1 and case_id = $2", vals![case]).await?;
    tx.execute("update notices set text = '', to_masked = '' where tenant = $1 and case_id = $2", vals![case]).await?;
    events::append(tx, by, Some(case), ("erase", facts), &marks).await?;
    Ok(true)
}

/// How erasing stands towards a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Whether it was erased.
    pub erased: bool,
    /// Whether a court or an audit needs it.
    pub held: bool,
}

/// How erasing stands towards a case.
pub async fn stand(tx: &mut Tx, case: &str) -> Result<Stand> {
    let sql = "select 'erased' as what from erasures where tenant = $1 and case_id = $2 \
               union all select 'held' from holds where tenant = $1 and case_id = $2";
    let mut stand = Stand { erased: false, held: false };
    for row in tx.fetch(sql, vals![case]).await? {
        match row.text(0)?.as_str() {
            "erased" => stand.erased = true,
            _ => stand.held = true,
        }
    }
    Ok(stand)
}

/// Which cases of an applicant were erased.
pub async fn of_applicant(tx: &mut Tx, person: &str) -> Result<BTreeSet<String>> {
    let sql = "select e.case_id from erasures e join cases c on c.tenant = e.tenant and c.id = e.case_id \
               where e.tenant = $1 and c.applicant = $2";
    tx.fetch(sql, vals![person]).await?.iter().map(|row| row.text(0)).collect()
}

/// Whether something of the tenant still needs whose it is: a case that was not erased, a record that the person
/// holds, or a request to erase, other than `request`, that is yet to be answered or carried out.
pub async fn is_needed(tx: &mut Tx, person: &str, request: &str) -> Result<bool> {
    let sql = "select 'case' as what from cases c where c.tenant = $1 and c.applicant = $2 \
               and not exists (select 1 from erasures e where e.tenant = c.tenant and e.case_id = c.id) \
               union all select 'record' from records r where r.tenant = $1 and r.holder = $2 \
               and not exists (select 1 from records n where n.tenant = r.tenant and n.registry = r.registry \
               and n.number = r.number and n.version > r.version) \
               union all select 'request' from erasure_requests \
               where tenant = $1 and person = $2 and id <> $3 and done_ms is null";
    Ok(tx.first(sql, vals![person, request]).await?.is_some())
}

/// The keys of the files that answers name.
fn name_files(answers: &Json, named: &mut BTreeSet<String>) {
    match answers {
        Json::Object(map) => {
            named.extend(map.get("id").and_then(Json::as_str).map(str::to_owned));
            map.values().for_each(|value| name_files(value, named));
        }
        Json::Array(items) => items.iter().for_each(|item| name_files(item, named)),
        _ => {}
    }
}

/// The keys of the files that answer a question, by the names that lead to it.
fn name_answering(answers: &Json, path: &str, named: &mut BTreeSet<String>) {
    match answers {
        Json::Array(items) => items.iter().for_each(|item| name_answering(item, path, named)),
        Json::Object(map) if !path.is_empty() => {
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            if let Some(inner) = map.get(first) {
                name_answering(inner, rest, named);
            }
        }
        file if path.is_empty() => name_files(file, named),
        _ => {}
    }
}

/// Answers without those that name one of these files.
fn without(answers: Json, gone: &BTreeSet<String>) -> Json {
    let is_gone = |answer: &Json| answer["id"].as_str().is_some_and(|id| gone.contains(id));
    match answers {
        Json::Object(map) => {
            let left = map.into_iter().filter(|(_, answer)| !is_gone(answer));
            Json::Object(left.map(|(name, answer)| (name, without(answer, gone))).collect())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(|item| without(item, gone)).collect()),
        other => other,
    }
}

/// Files that are yet to be taken away: their case, which was erased, or which question of it they answered, and what
/// the bytes are called.
pub async fn leftovers(tx: &mut Tx) -> Result<Vec<(String, String, Vec<String>)>> {
    let sql = "select case_id, '' as field, files from erasures where tenant = $1 and files <> '' union all \
               select case_id, field, files from answer_erasures where tenant = $1 and files <> '' order by 1, 2";
    let read = |row: &Row| Ok((row.text(0)?, row.text(1)?, row.text(2)?.split(' ').map(str::to_owned).collect()));
    tx.fetch(sql, Vec::new()).await?.iter().map(read).collect()
}

/// Leaves these bytes to be taken away of a case, or of a question of it where one is named, and no others.
pub async fn leave(tx: &mut Tx, (case, field): (&str, &str), files: &[String]) -> Result<()> {
    let files = files.join(" ");
    if field.is_empty() {
        tx.execute("update erasures set files = $3 where tenant = $1 and case_id = $2", vals![case, files]).await?;
    } else {
        let sql = "update answer_erasures set files = $4 where tenant = $1 and case_id = $2 and field = $3";
        tx.execute(sql, vals![case, field, files]).await?;
    }
    Ok(())
}

/// Keeps what was said in a case beyond its term, and writes down why.
pub async fn hold(tx: &mut Tx, by: By<'_>, case: &str, reason: &str) -> Result<()> {
    let sql = "insert into holds (tenant, case_id, reason, at_ms) values ($1, $2, $3, $4) \
               on conflict (tenant, case_id) do update set reason = excluded.reason, at_ms = excluded.at_ms";
    tx.execute(sql, vals![case, reason, by.at_ms]).await?;
    events::append(tx, by, Some(case), ("hold", json!({ "reason": reason })), &Marks::default()).await?;
    Ok(())
}

/// Lets the term of a case have its way again; `false` if nothing held it.
pub async fn release(tx: &mut Tx, by: By<'_>, case: &str) -> Result<bool> {
    if tx.execute("delete from holds where tenant = $1 and case_id = $2", vals![case]).await? == 0 {
        return Ok(false);
    }
    events::append(tx, by, Some(case), ("release", json!({})), &Marks::default()).await?;
    Ok(true)
}
