//! Everything that is kept about one person: of every table the rows that are that person's, as they stand.
//!
//! Every table that is carried in an archive is named here, so that none is forgotten when one is added: a
//! table of which nobody has said whose its rows are is an error.

use serde_json::{Map, Value as Json};

use super::carry::{TABLES, Table};
use super::db::{Row, vals};
use super::error::{Error, Result};
use super::tx::Tx;
use super::vault::{self, Cells, Place};
use super::{cases, drafts, events, mobiles, notices, records};

/// How the rows of a table belong to a person.
#[derive(Clone, Copy, Debug)]
enum Whose {
    /// The person's key stands in this column.
    Person(&'static str),
    /// The key of a case that the person applied for stands in this column.
    Case(&'static str),
    /// The first column has the person's key, or the second that of such a case.
    Either(&'static str, &'static str),
    /// The number of a receipt of such a case stands in this column.
    Receipt(&'static str),
    /// What happened: to such a case, by the person, or about the person.
    Happened,
    /// See [`NOBODY`].
    Nobody,
}

/// The cases that somebody applied for.
const APPLIED: &str = "select c.id from cases c where c.tenant = $1 and c.applicant = $2";

/// Columns that prove who somebody is, and are told to nobody.
const SECRET: [&str; 2] = ["password_hash", "mobile_key"];

/// Columns that hold documents: they are told as what they are, and not as text.
const DOCUMENTS: [&str; 3] = ["body", "command", "outcome"];

/// Tables whose rows are no person's, or say nothing that another table does not say.
const NOBODY: [&str; 30] = [
    // The town's books and counters, its definitions, its tills, its staff, the days on which its halls are closed,
    // and who of its staff holds what is in stock: the number that a case used up stands in its answers.
    "chains",
    "vouchers",
    "lines",
    "closings",
    "serials",
    "definitions",
    "published",
    "tills",
    "appointments",
    "saved_views",
    "leaves",
    "blocks",
    "stock_moves",
    "stock_numbers",
    "first_passwords",
    "identities",
    // The secrets of an authenticator, which its owner has: that there is one is among the events.
    "second_factors",
    "recovery_codes",
    // Made of cases and records, to find them by; the keys that open them.
    "seal_keys",
    "index_terms",
    "record_terms",
    "record_links",
    "links",
    // What courts and auditors have asked to be kept.
    "holds",
    // What is yet to be done; answers that are kept for two days in case they are asked for again; and words that
    // name nobody.
    "jobs",
    "idempotency",
    "feedback",
    // Of answers to a survey nobody can tell whose they are, and that is why.
    "survey_tokens",
    "survey_answers",
    "survey_ends",
];

/// Whose the rows of a table are.
fn whose(table: &str) -> Option<Whose> {
    Some(match table {
        "people" => Whose::Person("id"),
        "cases" => Whose::Person("applicant"),
        "records" => Whose::Person("holder"),
        "consents" | "mobile_changes" | "erasure_requests" => Whose::Person("person"),
        "demands" | "receipts" | "orders" | "order_parts" | "mismatches" | "notices" | "papers" | "erasures"
        | "answer_erasures" | "slots" => Whose::Case("case_id"),
        "drafts" | "files" => Whose::Either("person", "case_id"),
        "cancellations" => Whose::Receipt("receipt"),
        "events" => Whose::Happened,
        _ if NOBODY.contains(&table) => Whose::Nobody,
        _ => return None,
    })
}

/// The condition on rows that are those of the person `$2`; nothing for rows that are nobody's.
fn condition(whose: Whose) -> Option<String> {
    Some(match whose {
        Whose::Person(column) => format!("{column} = $2"),
        Whose::Case(column) => format!("{column} in ({APPLIED})"),
        Whose::Either(person, case) => format!("({person} = $2 or {case} in ({APPLIED}))"),
        Whose::Receipt(column) => {
            format!("{column} in (select p.number from receipts p where p.tenant = $1 and p.case_id in ({APPLIED}))")
        }
        Whose::Happened => format!(
            "(case_id in ({APPLIED}) or (case_id is null and (actor = $2 or command like '%\"person\":\"' || $2 || '\"%')))"
        ),
        Whose::Nobody => return None,
    })
}

/// Every row of the transaction's tenant that is about a person, table by table, in the order of their keys;
/// tables without such a row are left out.
///
/// # Errors
/// When a row cannot be read, or when nobody has said whose the rows of a table are.
pub async fn rows(tx: &mut Tx, person: &str) -> Result<Vec<(&'static str, Vec<Json>)>> {
    let mut found = Vec::new();
    for table in &TABLES {
        let whose = whose(table.name)
            .ok_or_else(|| Error::Corrupt(format!("nobody has said whose the rows of `{}` are", table.name)))?;
        let Some(condition) = condition(whose) else { continue };
        let columns: Vec<&str> = table.columns().collect();
        let sql = format!(
            "select {} from {} where tenant = $1 and {condition} order by {}",
            columns.join(", "),
            table.name,
            table.key()
        );
        let mut rows = tx.fetch(sql, vals![person]).await?;
        if let Some(cells) = sealed(table.name) {
            rows = tx.open(cells, rows).await?;
        }
        if table.name == notices::CELLS.table {
            rows = vault::opened_values(tx, &notices::CELLS, rows).await?;
        }
        if !rows.is_empty() {
            found.push((table.name, rows.iter().map(|row| told(tx, table, row)).collect::<Result<_>>()?));
        }
    }
    Ok(found)
}

/// Where sealed documents stand in the rows of a table; their columns have the same order everywhere.
fn sealed(table: &str) -> Option<&'static Cells> {
    [&cases::CELLS, &events::CELLS, &records::CELLS, &drafts::CELLS].into_iter().find(|cells| cells.table == table)
}

/// A row by the names of its columns.
fn told(tx: &Tx, table: &Table, row: &Row) -> Result<Json> {
    let mut told = Map::new();
    for (at, (column, number)) in table.cells().enumerate() {
        if SECRET.contains(&column) {
            continue;
        }
        let value = if number {
            row.maybe_int(at)?.map_or(Json::Null, Json::from)
        } else {
            row.maybe_text(at)?.map_or(Json::Null, |text| value(column, text))
        };
        told.insert(column.to_owned(), value);
    }
    let mut told = Json::Object(told);
    open_values(tx, table.name, &mut told)?;
    Ok(told)
}

/// Opens the sealed values of a row.
fn open_values(tx: &Tx, table: &'static str, told: &mut Json) -> Result<()> {
    let text = |column: &str| told[column].as_str().unwrap_or_default().to_owned();
    let (columns, row): (&[&'static str], String) = match table {
        "people" => (&["mobile", "name", "email"][..], text("id")),
        "erasure_requests" => (&["words", "reason"][..], text("id")),
        "files" => (&["name"][..], text("id")),
        "mobile_changes" => {
            (&["mobile"][..], mobiles::called(&text("person"), told["at_ms"].as_i64().unwrap_or_default()))
        }
        _ => return Ok(()),
    };
    for &column in columns {
        if let Some(stored) = told[column].as_str() {
            let place = Place { table, column, row: &row };
            let opened = vault::open_value(tx, tx.tenant(), place, stored.to_owned())?;
            told[column] = opened.into();
        }
    }
    Ok(())
}

fn value(column: &str, text: String) -> Json {
    let document = if DOCUMENTS.contains(&column) { serde_json::from_str(&text).ok() } else { None };
    document.unwrap_or(Json::String(text))
}
