//! Throttles: how often something was tried in a while. In the store, so that a restart or a second
//! machine does not begin to count anew.
//!
//! What is counted names numbers, users and networks: it is blind, a keyed hash stands in its place. What an earlier
//! version counted in the clear goes on counting, until it is swept away.

use connectors::control::holds;

use super::db::vals;
use super::error::Result;
use super::tx::Tx;
use super::vault;

/// How often something was tried, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How often, the latest included.
    pub count: i64,
    /// When counting began.
    pub from_ms: i64,
}

/// What stands in the place of `key`; itself in a store without keys.
fn blind(tx: &Tx, key: &str) -> String {
    let hidden = vault::index(tx, "throttles.key", key).filter(|_| holds("priv_01_counts"));
    hidden.unwrap_or_else(|| key.to_owned())
}

/// Counts a try of `key`, and returns how many there were since it began to be counted, this one
/// included. Counting begins anew with the first try more than `window_ms` after that.
pub async fn hit(tx: &mut Tx, key: &str, now_ms: i64, window_ms: i64) -> Result<Tries> {
    // What was counted under the key in the clear is where counting under the blind one begins.
    let sql = "insert into throttles (tenant, key, from_ms, count) values ($1, $2, \
               coalesce((select t.from_ms from throttles t where t.tenant = $1 and t.key = $5 and t.from_ms >= $4), $3), \
               1 + coalesce((select t.count from throttles t where t.tenant = $1 and t.key = $5 and t.from_ms >= $4), 0)) \
               on conflict (tenant, key) do update set \
               count = case when throttles.from_ms < $4 then 1 else throttles.count + 1 end, \
               from_ms = case when throttles.from_ms < $4 then $3 else throttles.from_ms end returning count, from_ms";
    let hidden = blind(tx, key);
    let row = tx.first(sql, vals![hidden, now_ms, now_ms - window_ms, key]).await?;
    let row = row.expect("an insert that returns has a row");
    Ok(Tries { count: row.int(0)?, from_ms: row.int(1)? })
}

/// Forgets the tries of `key`: it succeeded.
pub async fn clear(tx: &mut Tx, key: &str) -> Result<()> {
    let hidden = blind(tx, key);
    tx.execute("delete from throttles where tenant = $1 and key in ($2, $3)", vals![hidden, key]).await?;
    Ok(())
}

/// Takes back the latest try of `key`: it was none of those that are counted.
pub async fn take_back(tx: &mut Tx, key: &str) -> Result<()> {
    let hidden = blind(tx, key);
    tx.execute("update throttles set count = count - 1 where tenant = $1 and key = $2 and count > 0", vals![hidden])
        .await?;
    Ok(())
}

/// Takes away what began before `before_ms`; how many.
pub async fn sweep(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("delete from throttles where ($1 = '' or tenant = $1) and from_ms < $2", vals![before_ms]).await
}

/// How often `key` was tried in the present window, without counting a try.
pub async fn count(tx: &mut Tx, key: &str, now_ms: i64, window_ms: i64) -> Result<i64> {
    let sql = "select count from throttles where tenant = $1 and key in ($2, $4) and from_ms >= $3";
    let hidden = blind(tx, key);
    let found = tx.fetch(sql, vals![hidden, now_ms - window_ms, key]).await?;
    found.iter().try_fold(0, |most, row| Ok(row.int(0)?.max(most)))
}
