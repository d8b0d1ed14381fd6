//! Devices on which a citizen signs in without a code. Only a hash of the device's cookie is kept.

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The hash of its cookie.
    pub hash: String,
    /// Whose.
    pub person: String,
    /// The browser, in a few words.
    pub agent: String,
    /// When a code was typed on it.
    pub trusted_ms: i64,
    /// When it was last used to sign in.
    pub seen_ms: i64,
    /// Until when it is known.
    pub expires_ms: i64,
}

/// Knows a device from now on.
pub async fn insert(tx: &mut Tx, device: &Device) -> Result<()> {
    let Device { hash, person, agent, trusted_ms, seen_ms, expires_ms } = device;
    let sql = "insert into devices (tenant, hash, person, agent, trusted_ms, seen_ms, expires_ms) values ($1, $2, $3, $4, $5, $6, $7)";
    tx.execute(sql, vals![hash, person, agent, *trusted_ms, *seen_ms, *expires_ms]).await?;
    Ok(())
}

/// The device of this hash that is known at `now_ms`, taken away: whoever signs in with it gets a new cookie,
/// so that of two who have the same one only the first gets in.
pub async fn take(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<Device>> {
    let sql = "delete from devices where tenant = $1 and hash = $2 and expires_ms > $3 \
               returning hash, person, agent, trusted_ms, seen_ms, expires_ms";
    tx.first(sql, vals![hash, now_ms]).await?.as_ref().map(read).transpose()
}

/// The devices of a person, the latest used first.
pub async fn of_person(tx: &mut Tx, person: &str, now_ms: i64) -> Result<Vec<Device>> {
    let sql = "select hash, person, agent, trusted_ms, seen_ms, expires_ms from devices \
               where tenant = $1 and person = $2 and expires_ms > $3 order by seen_ms desc, hash";
    tx.fetch(sql, vals![person, now_ms]).await?.iter().map(read).collect()
}

/// Forgets all devices of a person.
pub async fn forget(tx: &mut Tx, person: &str) -> Result<u64> {
    tx.execute("delete from devices where tenant = $1 and person = $2", vals![person]).await
}

/// Takes away what is no longer known at `now_ms`; how many.
pub async fn sweep(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    tx.execute("delete from devices where ($1 = '' or tenant = $1) and expires_ms <= $2", vals![now_ms]).await
}

fn read(row: &Row) -> Result<Device> {
    Ok(Device {
        hash: row.text(0)?,
        person: row.text(1)?,
        agent: row.text(2)?,
        trusted_ms: row.int(3)?,
        seen_ms: row.int(4)?,
        expires_ms: row.int(5)?,
    })
}
