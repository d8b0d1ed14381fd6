//! Definitions: every bundle of files that was ever published, by digest, and which is the present one.

use serde_json::json;

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet =
    Sheet { table: "definitions", key: "digest", added: 0, columns: "digest, service, files, at_ms" };

pub(super) const PUBLISHED: Sheet =
    Sheet { table: "published", key: "service, at_ms", added: 0, columns: "service, at_ms, digest" };

/// A definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Names it.
    pub digest: String,
    /// The service.
    pub service: String,
    /// Everything it was made of, as JSON.
    pub files: String,
    /// When it was first published.
    pub at_ms: i64,
}

/// Publishes a definition: from now on new cases of its service begin with it. Writes that down.
/// Publishing what is the present one already changes nothing and returns `false`.
pub async fn publish(tx: &mut Tx, by: By<'_>, definition: &Definition) -> Result<bool> {
    let Definition { digest, service, files, at_ms } = definition;
    if current(tx, service).await?.as_deref() == Some(digest) {
        return Ok(false);
    }
    let mut marks = Marks::default();
    let row = vals![digest, service, files, *at_ms];
    let insert = "insert into definitions (tenant, digest, service, files, at_ms) values ($1, $2, $3, $4, $5) on conflict (tenant, digest) do nothing";
    if tx.execute(insert, row.clone()).await? == 1 {
        marks.add(&SHEET, &row);
    }
    // What is published within the same millisecond comes one after the other all the same.
    let at_ms = latest_ms(tx, service).await?.map_or(by.at_ms, |latest| by.at_ms.max(latest + 1));
    let row = vals![service, at_ms, digest];
    marks.add(&PUBLISHED, &row);
    tx.execute("insert into published (tenant, service, at_ms, digest) values ($1, $2, $3, $4)", row).await?;
    events::append(tx, by, None, ("publish", json!({ "service": service, "digest": digest })), &marks).await?;
    Ok(true)
}

/// The definition with this digest.
pub async fn find(tx: &mut Tx, digest: &str) -> Result<Option<Definition>> {
    let sql = format!("select {} from definitions where tenant = $1 and digest = $2", SHEET.columns);
    tx.first(sql, vals![digest]).await?.as_ref().map(read).transpose()
}

/// The digests of all definitions of a service that cases began with, the first one first.
pub async fn digests(tx: &mut Tx, service: &str) -> Result<Vec<String>> {
    let sql = "select digest from definitions where tenant = $1 and service = $2 order by at_ms, digest";
    tx.fetch(sql, vals![service]).await?.iter().map(|row| row.text(0)).collect()
}

/// The digest of the present definition of a service.
pub async fn current(tx: &mut Tx, service: &str) -> Result<Option<String>> {
    let sql = "select digest from published where tenant = $1 and service = $2 order by at_ms desc limit 1";
    tx.first(sql, vals![service]).await?.map(|row| row.text(0)).transpose()
}

/// When the present definition of a service became that.
async fn latest_ms(tx: &mut Tx, service: &str) -> Result<Option<i64>> {
    let sql = "select at_ms from published where tenant = $1 and service = $2 order by at_ms desc limit 1";
    tx.first(sql, vals![service]).await?.map(|row| row.int(0)).transpose()
}

fn read(row: &Row) -> Result<Definition> {
    Ok(Definition { digest: row.text(0)?, service: row.text(1)?, files: row.text(2)?, at_ms: row.int(3)? })
}
