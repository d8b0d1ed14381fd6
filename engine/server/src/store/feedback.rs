//! Feedback: how people found the pages and services of a town. Nobody is named.

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;

/// What one person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Its key: what is sent twice is kept once.
    pub id: String,
    /// When.
    pub at_ms: i64,
    /// The service it is about; empty for the pages as such.
    pub service: String,
    /// One to five.
    pub stars: i64,
    /// In words; may be empty.
    pub words: String,
}

/// Keeps what somebody said, once. `false` if something else was said under its key before.
pub async fn insert(tx: &mut Tx, said: &Feedback) -> Result<bool> {
    let sql = "insert into feedback (tenant, id, at_ms, service, stars, words) values ($1, $2, $3, $4, $5, $6) \
               on conflict (tenant, id) do nothing";
    if tx.execute(sql, vals![&said.id, said.at_ms, &said.service, said.stars, &said.words]).await? == 1 {
        return Ok(true);
    }
    let sql = "select id from feedback where tenant = $1 and id = $2 and service = $3 and stars = $4 and words = $5";
    Ok(tx.first(sql, vals![&said.id, &said.service, said.stars, &said.words]).await?.is_some())
}

/// How many gave how many stars: those that were given at all, the most stars first.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    let sql = "select stars, count(*) from feedback where tenant = $1 group by stars order by stars desc";
    tx.fetch(sql, Vec::new()).await?.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

/// At most `limit` of those who said something in words, the latest first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Feedback>> {
    let sql = "select id, at_ms, service, stars, words from feedback where tenant = $1 and words <> '' \
               order by at_ms desc, id limit $2";
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Feedback> {
    Ok(Feedback {
        id: row.text(0)?,
        at_ms: row.int(1)?,
        service: row.text(2)?,
        stars: row.int(3)?,
        words: row.text(4)?,
    })
}
