//! Drafts: what somebody typed into a page and that was not yet accepted, so that it can be taken up
//! again. Two people who fill in the same page have a draft each.

use serde_json::{Value as Json, json as make};

use super::db::vals;
use super::error::Result;
use super::json;
use super::tx::Tx;
use super::vault::{self, Cells, Place};

/// Whose page it is that was typed into.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The key of the case.
    pub case: &'a str,
    /// The page.
    pub page: &'a str,
    /// Who types: the person's key.
    pub person: &'a str,
}

/// Where sealed documents stand in a row of a draft: case, page, person, what was typed.
pub(super) const CELLS: Cells = Cells {
    table: "drafts",
    columns: &[(3, "body")],
    row: |row| Ok(called(&row.text(0)?, &row.text(1)?, &row.text(2)?)),
    case: |row| row.maybe_text(0),
};

/// What tells a draft from all others of the tenant.
fn called(case: &str, page: &str, person: &str) -> String {
    format!("{case} {page} {person}")
}

/// Keeps what was typed into a page, in place of what was kept before.
pub async fn keep(tx: &mut Tx, sheet: Sheet<'_>, typed: &Json, at_ms: i64) -> Result<()> {
    let sql = "insert into drafts (tenant, case_id, page, person, body, at_ms) values ($1, $2, $3, $4, $5, $6) \
               on conflict (tenant, case_id, page, person) do update set body = excluded.body, at_ms = excluded.at_ms";
    vault::hold_key(tx, sheet.case, false).await?;
    let (clear, said) = (make!({ "v": 1 }).to_string(), make!({ "typed": typed }).to_string());
    let name = called(sheet.case, sheet.page, sheet.person);
    let place = Place { table: "drafts", column: "body", row: &name };
    let body = vault::document(tx, Some(sheet.case), place, clear, Some(said))?;
    tx.execute(sql, vals![sheet.case, sheet.page, sheet.person, body, at_ms]).await?;
    Ok(())
}

/// What was typed into a page and not yet accepted.
pub async fn find(tx: &mut Tx, sheet: Sheet<'_>) -> Result<Option<Json>> {
    let sql = "select case_id, page, person, body from drafts \
               where tenant = $1 and case_id = $2 and page = $3 and person = $4";
    let rows = tx.fetch(sql, vals![sheet.case, sheet.page, sheet.person]).await?;
    let rows = tx.open(&CELLS, rows).await?;
    rows.first().map(|row| Ok(json::parse(&row.text(3)?, "a draft")?["typed"].take())).transpose()
}

/// Takes a draft away: it was accepted.
pub async fn remove(tx: &mut Tx, sheet: Sheet<'_>) -> Result<()> {
    let sql = "delete from drafts where tenant = $1 and case_id = $2 and page = $3 and person = $4";
    tx.execute(sql, vals![sheet.case, sheet.page, sheet.person]).await?;
    Ok(())
}
