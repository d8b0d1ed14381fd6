//! Throttles: how often something was tried in a while. In the store, so that a restart or a second
//! machine does not begin to count anew.

use super::db::vals;
use super::error::Result;
use super::tx::Tx;

/// How often something was tried, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How often, the latest included.
    pub count: i64,
    /// When counting began.
    pub from_ms: i64,
}

/// Counts a try of `key`, and returns how many there were since it began to be counted, this one
/// included. Counting begins anew with the first try more than `window_ms` after that.
pub async fn hit(tx: &mut Tx, key: &str, now_ms: i64, window_ms: i64) -> Result<Tries> {
    let sql = "insert into throttles (tenant, key, from_ms, count) values ($1, $2, $3, 1) on conflict (tenant, key) do update set \
               count = case when throttles.from_ms < $4 then 1 else throttles.count + 1 end, \
               from_ms = case when throttles.from_ms < $4 then excluded.from_ms else throttles.from_ms end returning count, from_ms";
    let row = tx.first(sql, vals![key, now_ms, now_ms - window_ms]).await?;
    let row = row.expect("an insert that returns has a row");
    Ok(Tries { count: row.int(0)?, from_ms: row.int(1)? })
}

/// Forgets the tries of `key`: it succeeded.
pub async fn clear(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute("delete from throttles where tenant = $1 and key = $2", vals![key]).await?;
    Ok(())
}

/// Takes back the latest try of `key`: it was none of those that are counted.
pub async fn take_back(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute("update throttles set count = count - 1 where tenant = $1 and key = $2 and count > 0", vals![key])
        .await?;
    Ok(())
}

/// Takes away what began before `before_ms`; how many.
pub async fn sweep(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("delete from throttles where ($1 = '' or tenant = $1) and from_ms < $2", vals![before_ms]).await
}

/// How often `key` was tried in the present window, without counting a try.
pub async fn count(tx: &mut Tx, key: &str, now_ms: i64, window_ms: i64) -> Result<i64> {
    let sql = "select count from throttles where tenant = $1 and key = $2 and from_ms >= $3";
    tx.first(sql, vals![key, now_ms - window_ms]).await?.map_or(Ok(0), |row| row.int(0))
}
