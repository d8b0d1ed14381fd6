//! Rules that anybody may try out, with nothing kept: what they cost is borne apart from everybody else. Each runs on
//! a thread beside those that answer requests, and so few run at once that a processor is left; the others wait for
//! their turn, and hold nothing up.

use connectors::control::holds;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::limits;
use crate::problem::Problem;

static TURNS: Semaphore = Semaphore::const_new(limits::TRIED);

/// A turn to try a rule out; it ends when it is dropped.
pub async fn turn() -> SemaphorePermit<'static> {
    TURNS.acquire().await.expect("the semaphore is never closed")
}

/// Reckons when there is a turn. Who no longer waits for the answer does not give the turn to another before the
/// rule has ended.
pub async fn reckon<T: Send + 'static>(rule: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let turn = if holds("def_14_turns") { Some(turn().await) } else { None };
    let work = move || {
        let reckoned = rule();
        drop(turn);
        reckoned
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
}
