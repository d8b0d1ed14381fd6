//! Rounds: what comes again at set times, a row for each schedule and time. Of all nodes one claims it, for a
//! while; if that node goes silent, another takes it over with the next epoch.

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;

/// A round that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// What comes again.
    pub schedule: String,
    /// The time that it is for.
    pub period_ms: i64,
    /// The claim: counts up with each.
    pub epoch: i64,
}

/// The latest time of a schedule for which there is a row, and whether that is over.
pub async fn last(tx: &mut Tx, schedule: &str) -> Result<Option<(i64, bool)>> {
    let sql = "select period_ms, state from rounds where tenant = $1 and schedule = $2 order by period_ms desc limit 1";
    let found = tx.first(sql, vals![schedule]).await?;
    found.map(|row| Ok((row.int(0)?, row.text(1)? != "begun"))).transpose()
}

/// Notes a time as over without anything having been done: from here on the schedule counts.
pub async fn pass(tx: &mut Tx, schedule: &str, period_ms: i64) -> Result<()> {
    let sql = "insert into rounds (tenant, schedule, period_ms, claimed_until_ms, epoch, state) values ($1, $2, $3, 0, 0, 'done') \
               on conflict (tenant, schedule, period_ms) do nothing";
    tx.execute(sql, vals![schedule, period_ms]).await?;
    Ok(())
}

/// Claims a round for `lease_ms`, if nobody has it and it is not over.
pub async fn claim(
    tx: &mut Tx,
    schedule: &str,
    period_ms: i64,
    (now_ms, lease_ms): (i64, i64),
) -> Result<Option<Round>> {
    let sql = "insert into rounds (tenant, schedule, period_ms, claimed_until_ms, epoch, state) values ($1, $2, $3, $4, 1, 'begun') \
               on conflict (tenant, schedule, period_ms) do update set claimed_until_ms = excluded.claimed_until_ms, epoch = rounds.epoch + 1 \
               where rounds.state = 'begun' and rounds.claimed_until_ms <= $5 returning epoch";
    let found = tx.first(sql, vals![schedule, period_ms, now_ms + lease_ms, now_ms]).await?;
    found.map(|row| Ok(Round { schedule: schedule.to_owned(), period_ms, epoch: row.int(0)? })).transpose()
}

/// Rounds that somebody began and went silent over: schedule and time.
pub async fn abandoned(tx: &mut Tx, now_ms: i64) -> Result<Vec<(String, i64)>> {
    let sql = "select schedule, period_ms from rounds where tenant = $1 and state = 'begun' and claimed_until_ms <= $2 order by schedule, period_ms";
    let read = |row: &Row| Ok((row.text(0)?, row.int(1)?));
    tx.fetch(sql, vals![now_ms]).await?.iter().map(read).collect()
}

/// Goes on claiming a round; `false` if the claim was lost, and somebody else has it.
pub async fn renew(tx: &mut Tx, round: &Round, until_ms: i64) -> Result<bool> {
    let sql = "update rounds set claimed_until_ms = $5 where tenant = $1 and schedule = $2 and period_ms = $3 and epoch = $4 and state = 'begun'";
    Ok(tx.execute(sql, vals![&round.schedule, round.period_ms, round.epoch, until_ms]).await? == 1)
}

/// A round is over, well or not; `false` if the claim was lost, and somebody else has it.
pub async fn end(tx: &mut Tx, round: &Round, well: bool) -> Result<bool> {
    let sql = "update rounds set state = $5 where tenant = $1 and schedule = $2 and period_ms = $3 and epoch = $4 and state = 'begun'";
    let state = if well { "done" } else { "failed" };
    Ok(tx.execute(sql, vals![&round.schedule, round.period_ms, round.epoch, state]).await? == 1)
}

/// Forgets rounds that are over and lie before `before_ms`; how many.
pub async fn forget(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    tx.execute("delete from rounds where tenant = $1 and state <> 'begun' and period_ms < $2", vals![before_ms]).await
}
