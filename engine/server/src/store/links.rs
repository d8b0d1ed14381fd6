//! Short addresses of bills: a code for each record, which tells nothing of it and cannot be guessed.

use super::db::vals;
use super::error::Result;
use super::tx::Tx;

/// The code of a record, if it has one.
pub async fn of(tx: &mut Tx, registry: &str, number: &str) -> Result<Option<String>> {
    let sql = "select code from links where tenant = $1 and registry = $2 and number = $3";
    tx.first(sql, vals![registry, number]).await?.map(|row| row.text(0)).transpose()
}

/// Gives a record a code, unless it has one.
pub async fn put(tx: &mut Tx, registry: &str, number: &str, code: &str) -> Result<()> {
    let sql = "insert into links (tenant, code, registry, number) values ($1, $2, $3, $4) on conflict do nothing";
    tx.execute(sql, vals![code, registry, number]).await?;
    Ok(())
}

/// The record with this code: registry, number.
pub async fn find(tx: &mut Tx, code: &str) -> Result<Option<(String, String)>> {
    let sql = "select registry, number from links where tenant = $1 and code = $2";
    tx.first(sql, vals![code]).await?.map(|row| Ok((row.text(0)?, row.text(1)?))).transpose()
}
