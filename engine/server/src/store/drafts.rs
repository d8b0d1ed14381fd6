//! Drafts: what was typed into a page and not yet accepted, so that it can be taken up again.

use serde_json::{Value as Json, json as make};

use super::db::vals;
use super::error::Result;
use super::json;
use super::tx::Tx;

/// Keeps what was typed into a page, in place of what was kept before.
pub async fn keep(tx: &mut Tx, case: &str, page: &str, typed: &Json, at_ms: i64) -> Result<()> {
    let sql = "insert into drafts (tenant, case_id, page, body, at_ms) values ($1, $2, $3, $4, $5) \
               on conflict (tenant, case_id, page) do update set body = excluded.body, at_ms = excluded.at_ms";
    tx.execute(sql, vals![case, page, make!({ "v": 1, "typed": typed }).to_string(), at_ms]).await?;
    Ok(())
}

/// What was typed into a page and not yet accepted.
pub async fn find(tx: &mut Tx, case: &str, page: &str) -> Result<Option<Json>> {
    let sql = "select body from drafts where tenant = $1 and case_id = $2 and page = $3";
    tx.first(sql, vals![case, page])
        .await?
        .map(|row| Ok(json::parse(&row.text(0)?, "a draft")?["typed"].take()))
        .transpose()
}

/// Takes a draft away: it was accepted.
pub async fn remove(tx: &mut Tx, case: &str, page: &str) -> Result<()> {
    tx.execute("delete from drafts where tenant = $1 and case_id = $2 and page = $3", vals![case, page]).await?;
    Ok(())
}
