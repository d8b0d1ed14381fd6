//! What records are found by, and which cases name them. Made anew whenever it changes, and vouched for
//! by nobody: it can be made again from the records and the cases.

use std::fmt::Write as _;
use std::sync::Arc;

use engine::base::{Name, fold};
use engine::registry::Record;

use super::db::{Row, Val, Writes, vals};
use super::error::Result;
use super::tx::Tx;
use super::{inbox, paired, records, terms};

/// Words that are looked for at once.
const WORDS: usize = 6;
/// Records in a list of those that name another.
const NAMING: i64 = 50;

/// How the key of a name is told from words as they were written.
const KEY: char = '~';

/// How the code of a place is told from words as they were written.
const PLACE: char = '@';

/// The term of a place, for [`put_terms`]: names are found together with it.
pub fn place_term(code: &str) -> String {
    format!("{PLACE}{code}")
}

/// Puts `terms` (field, text) in the place of those by which a record was found. Names are also found
/// by their keys, however they are written.
pub async fn put_terms(tx: &mut Tx, record: &Record, terms: &[(String, String)]) -> Result<()> {
    let mut writes = Writes::default();
    writes.add(
        "delete from record_terms where tenant = $1 and registry = $2 and number = $3",
        vals![&record.registry, &record.number],
    );
    write_terms(tx, &mut writes, record, terms);
    tx.write(writes).await?;
    Ok(())
}

/// The same for a record that was not found by anything yet.
pub async fn add_terms(tx: &mut Tx, record: &Record, terms: &[(String, String)]) -> Result<()> {
    let mut writes = Writes::default();
    write_terms(tx, &mut writes, record, terms);
    tx.write(writes).await?;
    Ok(())
}

/// Adds the statements that write what a record is found by.
fn write_terms(tx: &Tx, writes: &mut Writes<'_>, record: &Record, terms: &[(String, String)]) {
    let own = [("number".to_owned(), record.number.clone())];
    let mut rows: Vec<(&str, String)> = Vec::new();
    for (field, text) in own.iter().chain(terms) {
        rows.push((field, inbox::term(text)));
        // The letters in a number are no name: every record of a register has the same. Of what is found together
        // with another word the names are in it already.
        if field != "number" && !paired::is_pair(text) {
            rows.extend(fold::words(text).into_iter().map(|key| (field.as_str(), format!("{KEY}{key}"))));
        }
    }
    rows.extend(names_in_places(&rows));
    rows.retain(|row| !row.1.is_empty() && !is_place(row));
    for (field, term) in &mut rows {
        // The number of a record is no secret, and is found by its beginning.
        let hidden = if term.starts_with(PLACE) {
            // A name in a place is found by the whole of both alone.
            terms::hidden(tx, term)
        } else {
            terms::blind(tx, term).filter(|_| *field != "number")
        };
        if let Some(hidden) = hidden {
            *term = hidden;
        }
    }
    rows.sort();
    rows.dedup();
    // A record has some twenty, which have all but the term from each other.
    let (registry, number) = (Arc::<str>::from(record.registry.as_str()), Arc::<str>::from(record.number.as_str()));
    let mut shared = Arc::<str>::from("");
    for (field, term) in rows {
        if *shared != *field {
            shared = Arc::from(field);
        }
        writes.add(
            "insert into record_terms (tenant, registry, number, field, term) values ($1, $2, $3, $4, $5)",
            vals![Arc::clone(&registry), Arc::clone(&number), Arc::clone(&shared), term],
        );
    }
}

/// Every name in every place: a place, or a name, is a term of thousands of records, and both together of a
/// few. The name of a place, or of what is sold, is not the name of a person.
fn names_in_places<'a>(rows: &[(&'a str, String)]) -> Vec<(&'a str, String)> {
    let names = || rows.iter().filter(|(field, term)| !["number", "place"].contains(field) && term.starts_with(KEY));
    let places = rows.iter().filter(|row| is_place(row));
    places.flat_map(|(_, place)| names().map(move |(field, name)| (*field, format!("{place}{name}")))).collect()
}

/// Whether a term is that of a place alone, by which nobody looks for anything.
fn is_place((field, term): &(&str, String)) -> bool {
    *field == "place" && term.starts_with(PLACE)
}

/// A condition on records `r` of the registry `$2` that `text` finds: by the beginning of a number or of an
/// answer, by all of its words as names, or by a number in it together with all other words. Its values are put after those that are there.
///
/// It begins with what is found, through the indexes of terms and numbers, and never looks at a whole register.
pub(super) fn condition(tx: &Tx, text: &str, values: &mut Vec<Val<'_>>) -> String {
    let term = inbox::term(text);
    if term.is_empty() {
        return "1 = 1".to_owned();
    }
    let mut hole = |value: String| {
        values.push(value.into());
        format!("${}", values.len() + 1)
    };
    let end = hole(inbox::after_all(&term));
    let keys: Vec<String> = fold::words(text).into_iter().take(WORDS).collect();
    let start = hole(term);
    let with_term = |start: &str, end: &str| {
        format!(
            "select t.number from record_terms t where t.tenant = $1 and t.registry = $2 and t.term >= {start} and t.term < {end}"
        )
    };
    let mut ways = vec![
        format!(
            "select k.number from records k where k.tenant = $1 and k.registry = $2 and k.typed >= {start} and k.typed < {end}"
        ),
        with_term(&start, &end),
        // Records that were made before they were found by terms of their own. They are looked up by their
        // cases: an index by their registry would find all.
        format!(
            "select k.number from index_terms t join records k on k.tenant = t.tenant and k.case_id = t.case_id \
             where t.tenant = $1 and k.registry || '' = $2 and t.term >= {start} and t.term < {end}"
        ),
    ];
    if let Some(blind) = terms::looked_for(tx, text) {
        let blind = hole(blind);
        ways.push(format!(
            "select t.number from record_terms t where t.tenant = $1 and t.registry = $2 and t.term = {blind}"
        ));
        ways.push(format!(
            "select k.number from index_terms t join records k on k.tenant = t.tenant and k.case_id = t.case_id \
             where t.tenant = $1 and k.registry || '' = $2 and t.term = {blind}"
        ));
    }
    // A word that is no name must be found as it is written, with the whole text.
    if !keys.is_empty() && keys.len() == text.split_whitespace().count() {
        let each = keys.into_iter().map(|key| {
            let (start, end) = (hole(format!("{KEY}{key}")), hole(inbox::after_all(&format!("{KEY}{key}"))));
            with_term(&start, &end)
        });
        ways.push(format!("select n.number from ({}) n", each.collect::<Vec<_>>().join(" intersect ")));
    }
    for pairs in paired::asked(text) {
        let each = pairs.into_iter().map(|pair| {
            let (start, end) = (hole(pair.clone()), hole(inbox::after_all(&pair)));
            with_term(&start, &end)
        });
        ways.push(format!("select p.number from ({}) p", each.collect::<Vec<_>>().join(" intersect ")));
    }
    format!("r.number in ({})", ways.join(" union "))
}

/// The same for anybody who reads a public list: by the beginning of a number, or of an answer to one of `fields`, or
/// by all of its words as they stand in these answers. By what is not shown nobody is found.
pub(super) fn openly(tx: &Tx, text: &str, fields: &[&str], values: &mut Vec<Val<'_>>) -> String {
    let term = inbox::term(text);
    if term.is_empty() {
        return "1 = 1".to_owned();
    }
    let mut hole = |value: String| {
        values.push(value.into());
        format!("${}", values.len() + 1)
    };
    let (end, start) = (hole(inbox::after_all(&term)), hole(term));
    let mut ways = vec![format!(
        "select k.number from records k where k.tenant = $1 and k.registry = $2 and k.typed >= {start} and k.typed < {end}"
    )];
    let shown: Vec<String> = fields.iter().map(|field| hole((*field).to_owned())).collect();
    if shown.is_empty() {
        return format!("r.number in ({})", ways.join(" union "));
    }
    let shown = shown.join(", ");
    let with_term = |start: &str, end: &str| {
        format!(
            "select t.number from record_terms t where t.tenant = $1 and t.registry = $2 and t.term >= {start} and t.term < {end} \
             and t.field in ({shown})"
        )
    };
    ways.push(with_term(&start, &end));
    if let Some(blind) = terms::looked_for(tx, text) {
        let blind = hole(blind);
        ways.push(format!(
            "select t.number from record_terms t where t.tenant = $1 and t.registry = $2 and t.term = {blind} and t.field in ({shown})"
        ));
    }
    let keys: Vec<String> = fold::words(text).into_iter().take(WORDS).collect();
    if !keys.is_empty() && keys.len() == text.split_whitespace().count() {
        let each = keys.into_iter().map(|key| {
            let (start, end) = (hole(format!("{KEY}{key}")), hole(inbox::after_all(&format!("{KEY}{key}"))));
            with_term(&start, &end)
        });
        ways.push(format!("select n.number from ({}) n", each.collect::<Vec<_>>().join(" intersect ")));
    }
    format!("r.number in ({})", ways.join(" union "))
}

/// Numbers of records of a register that have exactly this term, with the field that it stands in; at most
/// `limit`.
pub async fn with_term(tx: &mut Tx, registry: &str, text: &str, limit: i64) -> Result<Vec<(String, String)>> {
    let sql = "select number, field from record_terms where tenant = $1 and registry = $2 and term in ($3, $5) \
               order by number, field limit $4";
    // The second as it was kept before long numbers were blind, and as the numbers of records are.
    let (kept, plain) = (terms::kept(tx, text), inbox::term(text));
    let rows = tx.fetch(sql, vals![registry, kept, limit, plain]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Records of a register in a place whose term they were given, that have all words of `name`, however they are
/// written; at most `limit`, in the order of their numbers. Without a word that is a name there are none.
pub async fn named_in(tx: &mut Tx, registry: &str, name: &str, place: &str, limit: i64) -> Result<Vec<Record>> {
    let keys: Vec<String> = fold::words(name).into_iter().take(WORDS).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let place = inbox::term(&place_term(place));
    let (mut values, mut condition) = (vals![registry, limit], "r.registry = $2".to_owned());
    for key in keys {
        // The second as it was kept before.
        let plain = format!("{place}{KEY}{key}");
        values.push(terms::hidden(tx, &plain).unwrap_or_else(|| plain.clone()).into());
        values.push(plain.into());
        let hole = values.len();
        let _ = write!(
            condition,
            " and r.number in (select t.number from record_terms t \
              where t.tenant = $1 and t.registry = $2 and t.term in (${hole}, ${}))",
            hole + 1
        );
    }
    records::latest(tx, &format!("{condition} order by r.number limit $3"), values).await
}

/// Puts `links` (registry and number) in the place of the records that a case named.
pub async fn put_links(tx: &mut Tx, case: &str, links: &[(Name, String)]) -> Result<()> {
    let mut writes = Writes::default();
    writes.add("delete from record_links where tenant = $1 and case_id = $2", vals![case]);
    write_links(&mut writes, case, links);
    tx.write(writes).await?;
    Ok(())
}

/// The same for a case that was just opened, and named no record yet.
pub async fn add_links(tx: &mut Tx, case: &str, links: &[(Name, String)]) -> Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let mut writes = Writes::default();
    write_links(&mut writes, case, links);
    tx.write(writes).await?;
    Ok(())
}

/// Adds the statements that write which records a case names.
fn write_links<'a>(writes: &mut Writes<'a>, case: &'a str, links: &'a [(Name, String)]) {
    for (registry, number) in links {
        writes.add(
            "insert into record_links (tenant, registry, number, case_id) values ($1, $2, $3, $4)",
            vals![registry, number, case],
        );
    }
}

/// The cases whose answers name a record, the latest first.
pub async fn cases_naming(tx: &mut Tx, registry: &str, number: &str) -> Result<Vec<inbox::CaseRow>> {
    let condition = "exists (select 1 from record_links l where l.tenant = cases.tenant and l.case_id = cases.id \
                     and l.registry = $2 and l.number = $3)";
    let sql = format!("{} limit {NAMING}", inbox::select(condition, "opened_ms desc, id"));
    tx.fetch(sql, vals![registry, number]).await?.iter().map(inbox::read).collect()
}

/// Where cases stand that concern a record, save the case `but` and those that were never handed in: cases that are
/// about it, made a version of it or name it, and those that are about a record, or name one, of which a case that
/// names it made a version. By definition and state, each with how many there are.
pub async fn standing_on(tx: &mut Tx, (registry, number): (&str, &str), but: &str) -> Result<Vec<(String, Name, i64)>> {
    let sql = "with naming as (select l.case_id from record_links l where l.tenant = $1 and l.registry = $2 and l.number = $3), \
               linked as (select distinct r.registry, r.number from records r join naming n on n.case_id = r.case_id \
               where r.tenant = $1 and not (r.registry = $2 and r.number = $3)), \
               concerned as (select n.case_id from naming n \
               union select c.id from cases c where c.tenant = $1 and c.record_registry = $2 and c.record_number = $3 \
               union select r.case_id from records r where r.tenant = $1 and r.registry = $2 and r.number = $3 \
               union select c.id from linked k join cases c on c.tenant = $1 and c.record_registry = k.registry and c.record_number = k.number \
               union select l.case_id from linked k join record_links l on l.tenant = $1 and l.registry = k.registry and l.number = k.number) \
               select c.definition, c.state, count(*) from cases c where c.tenant = $1 and c.number is not null and c.id <> $4 \
               and c.id in (select o.case_id from concerned o) group by c.definition, c.state order by c.definition, c.state";
    let read = |row: &Row| Ok((row.text(0)?, Name::new(&row.text(1)?), row.int(2)?));
    tx.fetch(sql, vals![registry, number, but]).await?.iter().map(read).collect()
}

/// The records that were made or changed by cases whose answers name a record; latest versions.
pub async fn records_naming(tx: &mut Tx, registry: &str, number: &str) -> Result<Vec<Record>> {
    records::latest(
        tx,
        "exists (select 1 from record_links l where l.tenant = r.tenant and l.case_id = r.case_id and l.registry = $2 and l.number = $3) \
         and not (r.registry = $2 and r.number = $3)",
        vals![registry, number],
    )
    .await
}
