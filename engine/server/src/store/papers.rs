//! Papers: what was issued, under which code it can be verified.

use engine::document::RECEIPT;
use serde_json::{Value as Json, json};

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet {
    table: "papers",
    key: "id",
    added: 0,
    columns: "id, case_id, document, language, sha256, code, status, at_ms, body",
};

/// The status of a paper that holds.
pub const VALID: &str = "valid";
/// The status of a paper that was taken back.
pub const CANCELLED: &str = "cancelled";

/// A paper that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its key, unguessable.
    pub id: String,
    /// The case.
    pub case: String,
    /// The document of the service.
    pub document: String,
    /// The language.
    pub language: String,
    /// The digest of the bytes that were issued.
    pub sha256: String,
    /// The code under which anybody can verify it.
    pub code: String,
    /// `valid` or `cancelled`.
    pub status: String,
    /// When.
    pub at_ms: i64,
    /// What it says, so that it can be shown again and compared.
    pub body: Json,
}

/// Keeps a paper, and writes down that it was issued.
pub async fn insert(tx: &mut Tx, by: By<'_>, paper: &Paper) -> Result<()> {
    let Paper { id, case, document, language, sha256, code, status, at_ms, body } = paper;
    let row = vals![id, case, document, language, sha256, code, status, *at_ms, body.to_string()];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into papers (tenant, id, case_id, document, language, sha256, code, status, at_ms, body) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    tx.execute(sql, row).await?;
    events::append(
        tx,
        by,
        Some(case),
        ("issue", json!({ "paper": id, "document": document, "sha256": sha256 })),
        &marks,
    )
    .await?;
    Ok(())
}

/// Cancels a paper, or makes it valid again, and writes that down. `false` if there is none.
pub async fn set_status(tx: &mut Tx, by: By<'_>, id: &str, status: &str) -> Result<bool> {
    let sql = format!("update papers set status = $3 where tenant = $1 and id = $2 returning {}", SHEET.columns);
    let Some(row) = tx.first(sql, vals![id, status]).await? else { return Ok(false) };
    let mut marks = Marks::default();
    marks.add_cells(&SHEET, &row.cells()?);
    events::append(tx, by, Some(&row.text(1)?), ("paper_status", json!({ "paper": id, "status": status })), &marks)
        .await?;
    Ok(true)
}

/// Cancels the papers that show a receipt of a case.
pub(super) async fn cancel_receipt(tx: &mut Tx, by: By<'_>, case: &str, receipt: &str) -> Result<()> {
    for paper in by_case(tx, case).await? {
        if paper.document == RECEIPT && paper.body["number"].as_str() == Some(receipt) && paper.status == VALID {
            set_status(tx, by, &paper.id, CANCELLED).await?;
        }
    }
    Ok(())
}

async fn select(tx: &mut Tx, condition: &str, value: &str) -> Result<Vec<Paper>> {
    let sql = format!("select {} from papers where tenant = $1 and {condition} order by at_ms, id", SHEET.columns);
    tx.fetch(sql, vals![value]).await?.iter().map(read).collect()
}

/// A paper.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Paper>> {
    Ok(select(tx, "id = $2", id).await?.pop())
}

/// The paper with this code.
pub async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Paper>> {
    Ok(select(tx, "code = $2", code).await?.pop())
}

/// The papers of a case, in the order they were issued.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<Paper>> {
    select(tx, "case_id = $2", case).await
}

fn read(row: &Row) -> Result<Paper> {
    Ok(Paper {
        id: row.text(0)?,
        case: row.text(1)?,
        document: row.text(2)?,
        language: row.text(3)?,
        sha256: row.text(4)?,
        code: row.text(5)?,
        status: row.text(6)?,
        at_ms: row.int(7)?,
        body: serde_json::from_str(&row.text(8)?).map_err(|error| Error::Corrupt(format!("a paper: {error}")))?,
    })
}
