//! Sessions: who is signed in. Only a hash of the cookie is kept.

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of the cookie.
    pub hash: String,
    /// Whose rows the person belongs to.
    pub tenant: String,
    /// The person's key; empty before sign-in.
    pub person: String,
    /// `citizen` or `employee`.
    pub kind: String,
    /// When it began.
    pub created_ms: i64,
    /// When it was last used.
    pub seen_ms: i64,
    /// When it ends.
    pub expires_ms: i64,
    /// What every form must send back.
    pub csrf: String,
    /// What else is remembered, as JSON.
    pub data: String,
}

/// Begins a session of the transaction's tenant.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    let sql = "insert into sessions (tenant, hash, person, kind, created_ms, seen_ms, expires_ms, csrf, data) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Session { hash, tenant: _, person, kind, created_ms, seen_ms, expires_ms, csrf, data } = session;
    tx.execute(sql, vals![hash, person, kind, *created_ms, *seen_ms, *expires_ms, csrf, data]).await?;
    Ok(())
}

const SELECT: &str = "select hash, tenant, person, kind, created_ms, seen_ms, expires_ms, csrf, data from sessions where ($1 = '' or tenant = $1)";

fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        hash: row.text(0)?,
        tenant: row.text(1)?,
        person: row.text(2)?,
        kind: row.text(3)?,
        created_ms: row.int(4)?,
        seen_ms: row.int(5)?,
        expires_ms: row.int(6)?,
        csrf: row.text(7)?,
        data: row.text(8)?,
    })
}

/// The session of this hash that has not ended at `now_ms`; of whichever tenant, in a transaction of
/// [`super::EVERYBODY`].
pub async fn find(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<Session>> {
    tx.first(format!("{SELECT} and hash = $2 and expires_ms > $3"), vals![hash, now_ms])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The sessions of a person that have not ended at `now_ms`, the latest used first.
pub async fn by_person(tx: &mut Tx, person: &str, now_ms: i64) -> Result<Vec<Session>> {
    let sql = format!("{SELECT} and person = $2 and expires_ms > $3 order by seen_ms desc, hash");
    tx.fetch(sql, vals![person, now_ms]).await?.iter().map(read).collect()
}

/// The sessions of people that lasted into a span of time; those that ended long ago are swept away.
pub async fn within(tx: &mut Tx, from_ms: i64, until_ms: i64) -> Result<Vec<Session>> {
    let sql = format!("{SELECT} and person <> '' and created_ms <= $3 and seen_ms >= $2 order by created_ms, hash");
    tx.fetch(sql, vals![from_ms, until_ms]).await?.iter().map(read).collect()
}

/// Notes that a session was used, and until when it now lasts.
pub async fn seen(tx: &mut Tx, hash: &str, now_ms: i64, expires_ms: i64) -> Result<()> {
    let sql = "update sessions set seen_ms = $3, expires_ms = $4 where ($1 = '' or tenant = $1) and hash = $2";
    tx.execute(sql, vals![hash, now_ms, expires_ms]).await?;
    Ok(())
}

/// Remembers something else.
pub async fn remember(tx: &mut Tx, hash: &str, data: &str) -> Result<()> {
    tx.execute("update sessions set data = $3 where ($1 = '' or tenant = $1) and hash = $2", vals![hash, data]).await?;
    Ok(())
}

/// Ends a session.
pub async fn end(tx: &mut Tx, hash: &str) -> Result<()> {
    tx.execute("delete from sessions where ($1 = '' or tenant = $1) and hash = $2", vals![hash]).await?;
    Ok(())
}

/// Ends a session that is read at the same time: whoever else takes it finds none.
pub async fn take(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<Session>> {
    let found = find(tx, hash, now_ms).await?;
    let ended = tx.execute("delete from sessions where ($1 = '' or tenant = $1) and hash = $2", vals![hash]).await?;
    Ok(found.filter(|_| ended == 1))
}

/// Ends all sessions of a person but one; how many.
pub async fn end_others(tx: &mut Tx, person: &str, keep_hash: &str) -> Result<u64> {
    tx.execute("delete from sessions where tenant = $1 and person = $2 and hash <> $3", vals![person, keep_hash]).await
}

/// Takes away what ended before `now_ms`; how many.
pub async fn sweep(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    tx.execute("delete from sessions where ($1 = '' or tenant = $1) and expires_ms <= $2", vals![now_ms]).await
}
