//! What is owed on a record, for anybody who knows its number: found, read and paid without signing in.
//! Of the person who holds it nothing is told but a mask; how often anybody may look is limited.

pub mod bill;
pub mod find;
pub mod paid;
pub mod paper;

pub(crate) mod known;

use super::ask::Ask;
use super::limits;
use crate::auth::otp;
use crate::problem::Problem;
use crate::store::throttles;

/// Counts a look at somebody's dues: of the network it comes from, and of the town.
pub(crate) async fn count(ask: &Ask) -> Result<(), Problem> {
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if connectors::control::holds("az_03_dues") {
        otp::throttle(&mut tx, &of_network(ask), now_ms, limits::DUES).await?;
    }
    otp::throttle(&mut tx, "dues", now_ms, limits::DUES_IN_ALL).await?;
    Ok(tx.commit().await?)
}

/// Refuses a look where the next could not be counted any more, and counts none.
async fn may_look(ask: &Ask) -> Result<(), Problem> {
    let (most, window_ms) = limits::DUES;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let counted = throttles::count(&mut tx, &of_network(ask), ask.app.clock.now_ms(), window_ms).await?;
    drop(tx);
    if counted < most { Ok(()) } else { count(ask).await }
}

fn of_network(ask: &Ask) -> String {
    format!("dues-from:{}", otp::network(ask.remote))
}
