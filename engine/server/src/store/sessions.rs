//! Sessions: who is signed in. Only a hash of the cookie is kept.
//!
//! What is remembered of a browser before anybody signed in with it, and forms that were typed into a page whose
//! session had ended, name people: they are sealed with the key of the tenant. What is remembered of a session is its
//! browser and how it came about. It is read with every request, and stands in the clear.

use connectors::control::holds;

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;
use super::vault::{self, Place};

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

/// Where what is remembered is sealed.
fn place(hash: &str) -> Place<'_> {
    Place { table: "sessions", column: "data", row: hash }
}

/// Begins a session of the transaction's tenant.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    let sql = "insert into sessions (tenant, hash, person, kind, created_ms, seen_ms, expires_ms, csrf, data) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Session { hash, tenant: _, person, kind, created_ms, seen_ms, expires_ms, csrf, data } = session;
    let sealed = person.is_empty() && holds("priv_01_remembered");
    let data = if sealed { vault::value(tx, place(hash), data)? } else { data.clone() };
    tx.execute(sql, vals![hash, person, kind, *created_ms, *seen_ms, *expires_ms, csrf, data]).await?;
    Ok(())
}

const SELECT: &str = "select hash, tenant, person, kind, created_ms, seen_ms, expires_ms, csrf, data from sessions where ($1 = '' or tenant = $1)";

fn read(tx: &Tx, row: &Row) -> Result<Session> {
    let (hash, tenant) = (row.text(0)?, row.text(1)?);
    let data = vault::open_value(tx, &tenant, place(&hash), row.text(8)?)?;
    Ok(Session {
        hash,
        tenant,
        person: row.text(2)?,
        kind: row.text(3)?,
        created_ms: row.int(4)?,
        seen_ms: row.int(5)?,
        expires_ms: row.int(6)?,
        csrf: row.text(7)?,
        data,
    })
}

/// The session of this hash that has not ended at `now_ms`; of whichever tenant, in a transaction of
/// [`super::EVERYBODY`]. What is sealed is looked for by its own tenant, whose key is open then.
pub async fn find(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<Session>> {
    let found = tx.first(format!("{SELECT} and hash = $2 and expires_ms > $3"), vals![hash, now_ms]).await?;
    found.map(|row| read(tx, &row)).transpose()
}

/// The sessions of a person that have not ended at `now_ms`, the latest used first.
pub async fn by_person(tx: &mut Tx, person: &str, now_ms: i64) -> Result<Vec<Session>> {
    let sql = format!("{SELECT} and person = $2 and expires_ms > $3 order by seen_ms desc, hash");
    let found = tx.fetch(sql, vals![person, now_ms]).await?;
    found.iter().map(|row| read(tx, row)).collect()
}

/// The sessions of people that lasted into a span of time; those that ended long ago are swept away.
pub async fn within(tx: &mut Tx, from_ms: i64, until_ms: i64) -> Result<Vec<Session>> {
    let sql = format!("{SELECT} and person <> '' and created_ms <= $3 and seen_ms >= $2 order by created_ms, hash");
    let found = tx.fetch(sql, vals![from_ms, until_ms]).await?;
    found.iter().map(|row| read(tx, row)).collect()
}

/// Notes that a session was used, and until when it now lasts.
pub async fn seen(tx: &mut Tx, hash: &str, now_ms: i64, expires_ms: i64) -> Result<()> {
    let sql = "update sessions set seen_ms = $3, expires_ms = $4 where ($1 = '' or tenant = $1) and hash = $2";
    tx.execute(sql, vals![hash, now_ms, expires_ms]).await?;
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
