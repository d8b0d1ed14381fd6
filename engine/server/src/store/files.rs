//! Files: what was uploaded. The bytes are elsewhere, by their digest. What people called a file is sealed with the key
//! of the tenant: a file that a register shows keeps its name when its case is erased, and any other goes with its row.

use std::collections::BTreeSet;

use serde_json::json;

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;
use super::vault::{self, Place};

pub(super) const SHEET: Sheet = Sheet {
    table: "files",
    key: "id",
    added: 0,
    columns: "id, sha256, size, kind, name, case_id, field, person, at_ms",
};

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its key, unguessable.
    pub id: String,
    /// The digest of its bytes.
    pub sha256: String,
    /// How many bytes.
    pub size: i64,
    /// The media type, as it was recognised from the bytes.
    pub kind: String,
    /// What the person called it.
    pub name: String,
    /// The case it was uploaded for.
    pub case: Option<String>,
    /// The path of the field it answers.
    pub field: String,
    /// Who uploaded it.
    pub person: String,
    /// When.
    pub at_ms: i64,
}

/// Where the name of a file is sealed.
fn place(id: &str) -> Place<'_> {
    Place { table: SHEET.table, column: "name", row: id }
}

/// Keeps a file, and writes down that it came.
pub async fn insert(tx: &mut Tx, by: By<'_>, file: &File) -> Result<()> {
    let File { id, sha256, size, kind, name, case, field, person, at_ms } = file;
    let name = vault::value(tx, place(id), name)?;
    let row = vals![id, sha256, *size, kind, name, case, field, person, *at_ms];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into files (tenant, id, sha256, size, kind, name, case_id, field, person, at_ms) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    tx.execute(sql, row).await?;
    events::append(
        tx,
        by,
        case.as_deref(),
        ("upload", json!({ "file": id, "sha256": sha256, "field": field })),
        &marks,
    )
    .await?;
    Ok(())
}

/// A file.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<File>> {
    let sql = format!("select {} from files where tenant = $1 and id = $2", SHEET.columns);
    let found = tx.first(sql, vals![id]).await?;
    found.map(|row| read(tx, &row)).transpose()
}

/// How many octets the files take that were sent to the town, each as often as it was sent.
pub async fn taken(tx: &mut Tx) -> Result<i64> {
    let sql = "select cast(coalesce(sum(size), 0) as bigint) from files where tenant = $1";
    tx.first(sql, Vec::new()).await?.map_or(Ok(0), |row| row.int(0))
}

/// The files of a case, in the order they came.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<File>> {
    let sql = format!("select {} from files where tenant = $1 and case_id = $2 order by at_ms, id", SHEET.columns);
    let found = tx.fetch(sql, vals![case]).await?;
    found.iter().map(|row| read(tx, row)).collect()
}

/// Takes away the rows of files that were sent for a case, and of those among `named` that were sent for none, save
/// for `kept`; what their bytes are called.
pub(super) async fn let_go(
    tx: &mut Tx,
    marks: &mut Marks,
    case: &str,
    (named, kept): (&BTreeSet<String>, &BTreeSet<String>),
) -> Result<BTreeSet<String>> {
    let sql = "select id from files where tenant = $1 and case_id = $2";
    let mut wanted: BTreeSet<String> =
        tx.fetch(sql, vals![case]).await?.iter().map(|row| row.text(0)).collect::<Result<_>>()?;
    wanted.extend(named.iter().cloned());
    let gone: BTreeSet<String> = wanted.difference(kept).cloned().collect();
    take_away(tx, marks, case, &gone).await
}

/// Takes away the rows of these files, of those that were sent for a case or for none; what their bytes are called.
pub(super) async fn take_away(
    tx: &mut Tx,
    marks: &mut Marks,
    case: &str,
    gone: &BTreeSet<String>,
) -> Result<BTreeSet<String>> {
    let mut digests = BTreeSet::new();
    for id in gone {
        let sql =
            "delete from files where tenant = $1 and id = $2 and (case_id is null or case_id = $3) returning sha256";
        if let Some(row) = tx.first(sql, vals![id, case]).await? {
            marks.gone(&SHEET, id.clone());
            digests.insert(row.text(0)?);
            // The key of its own, if it has one.
            vault::destroy(tx, id).await?;
        }
    }
    Ok(digests)
}

/// The files that were sent for a case as answers to a question, by the names that lead to it.
pub(super) async fn answering(tx: &mut Tx, case: &str, question: &str) -> Result<BTreeSet<String>> {
    let rows = tx.fetch("select id, field from files where tenant = $1 and case_id = $2", vals![case]).await?;
    let mut found = BTreeSet::new();
    for row in &rows {
        let field = row.text(1)?;
        let is_place = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let names: Vec<&str> = field.split('.').filter(|part| !is_place(part)).collect();
        if names.join(".") == question {
            found.insert(row.text(0)?);
        }
    }
    Ok(found)
}

/// Whether a row of a file or a paper names these bytes.
pub async fn is_named(tx: &mut Tx, sha256: &str) -> Result<bool> {
    let sql = "select 1 from files where tenant = $1 and sha256 = $2 \
               union all select 1 from papers where tenant = $1 and sha256 = $2 limit 1";
    Ok(tx.first(sql, vals![sha256]).await?.is_some())
}

/// What somebody sent for the own cases, the latest first, no more than `most`.
pub async fn of_applicant(tx: &mut Tx, person: &str, most: i64) -> Result<Vec<File>> {
    // By way of the cases, since files are found by them.
    let sql = format!(
        "select {} from files where tenant = $1 and person = $2 \
         and case_id in (select c.id from cases c where c.tenant = $1 and c.applicant = $2) \
         order by at_ms desc, id limit $3",
        SHEET.columns
    );
    let found = tx.fetch(sql, vals![person, most]).await?;
    found.iter().map(|row| read(tx, row)).collect()
}

fn read(tx: &Tx, row: &Row) -> Result<File> {
    let id = row.text(0)?;
    let name = vault::open_value(tx, tx.tenant(), place(&id), row.text(4)?)?;
    Ok(File {
        id,
        sha256: row.text(1)?,
        size: row.int(2)?,
        kind: row.text(3)?,
        name,
        case: row.maybe_text(5)?,
        field: row.text(6)?,
        person: row.text(7)?,
        at_ms: row.int(8)?,
    })
}
