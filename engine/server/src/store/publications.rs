//! What is published for all nodes: whole readings of the definitions, and which of them is the present one.
//!
//! A publication is a row that is only ever added to; the present one has the greatest number. It is no town's
//! own, so it is written in a transaction of [`super::EVERYBODY`]. What a town's cases begin with is kept beside
//! them, with an event in its chain: see [`super::definitions`].

use super::db::{Row, vals};
use super::error::{Error, Result};
use super::tx::Tx;

/// A reading of the definitions that was made the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Counts up from 1.
    pub seq: i64,
    /// Names the files.
    pub digest: String,
    /// Who published it, as the machine calls that person.
    pub person: String,
    /// When.
    pub at_ms: i64,
}

fn read(row: &Row) -> Result<Publication> {
    Ok(Publication { seq: row.int(0)?, digest: row.text(1)?, person: row.text(2)?, at_ms: row.int(3)? })
}

/// The present one; nothing before anything was published.
pub async fn current(tx: &mut Tx) -> Result<Option<Publication>> {
    let sql = "select seq, digest, person, at_ms from publications where tenant = $1 order by seq desc limit 1";
    tx.first(sql, Vec::new()).await?.as_ref().map(read).transpose()
}

/// The latest `limit` publications, the present one first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Publication>> {
    let sql = "select seq, digest, person, at_ms from publications where tenant = $1 order by seq desc limit $2";
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}

/// The files of a digest, as they were published.
pub async fn files(tx: &mut Tx, digest: &str) -> Result<Option<String>> {
    let sql = "select files from bundles where tenant = $1 and digest = $2";
    tx.first(sql, vals![digest]).await?.map(|row| row.text(0)).transpose()
}

/// Keeps `files` under `digest`, if they are not kept yet, and makes them the present ones.
///
/// # Errors
/// [`Error::Taken`] if somebody else published meanwhile.
pub async fn publish(tx: &mut Tx, digest: &str, files: &str, person: &str, at_ms: i64) -> Result<Publication> {
    let sql = "insert into bundles (tenant, digest, files, at_ms) values ($1, $2, $3, $4) on conflict (tenant, digest) do nothing";
    tx.execute(sql, vals![digest, files, at_ms]).await?;
    let seq = current(tx).await?.map_or(0, |publication| publication.seq) + 1;
    let sql = "insert into publications (tenant, seq, digest, person, at_ms) values ($1, $2, $3, $4, $5) on conflict (tenant, seq) do nothing";
    match tx.execute(sql, vals![seq, digest, person, at_ms]).await? {
        1 => Ok(Publication { seq, digest: digest.to_owned(), person: person.to_owned(), at_ms }),
        _ => Err(tx.spoil(Error::Taken(format!("publication {seq}")))),
    }
}
