//! Answers that were given, by the key of the request: a repeated request gets the same answer.
//!
//! They say again what somebody said, and are sealed with the key of the tenant. What was kept in the clear by an
//! earlier version is read as it stands, until it is forgotten.

use connectors::control::holds;

use super::db::vals;
use super::error::{Error, Result};
use super::tx::Tx;
use super::vault::{self, Place};

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The digest of the request: the same key with another request is a mistake of the sender.
    pub body_hash: String,
    /// The answer, as JSON.
    pub answer: String,
    /// When.
    pub at_ms: i64,
}

/// Where an answer is sealed.
fn place(key: &str) -> Place<'_> {
    Place { table: "idempotency", column: "answer", row: key }
}

/// The answer that was given to the request with this key.
pub async fn find(tx: &mut Tx, key: &str) -> Result<Option<Kept>> {
    let sql = "select body_hash, answer, at_ms from idempotency where tenant = $1 and key = $2";
    let Some(row) = tx.first(sql, vals![key]).await? else { return Ok(None) };
    let answer = vault::open_value(tx, tx.tenant(), place(key), row.text(1)?)?;
    Ok(Some(Kept { body_hash: row.text(0)?, answer, at_ms: row.int(2)? }))
}

/// Keeps an answer, in the transaction that earned it. [`Error::Taken`] if another request with this
/// key was quicker: begin again, and [`find`] its answer.
pub async fn keep(tx: &mut Tx, key: &str, kept: &Kept) -> Result<()> {
    let sql = "insert into idempotency (tenant, key, body_hash, answer, at_ms) values ($1, $2, $3, $4, $5) on conflict (tenant, key) do nothing";
    let answer = &kept.answer;
    let answer = if holds("priv_01_answers") { vault::value(tx, place(key), answer)? } else { answer.clone() };
    match tx.execute(sql, vals![key, &kept.body_hash, answer, kept.at_ms]).await? {
        1 => Ok(()),
        _ => Err(tx.spoil(Error::Taken(key.to_owned()))),
    }
}

/// Forgets answers given before `before_ms`; how many.
pub async fn forget(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("delete from idempotency where ($1 = '' or tenant = $1) and at_ms < $2", vals![before_ms]).await
}
