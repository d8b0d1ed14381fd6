//! Clocks: cases whose time has come.

use std::sync::Arc;

use super::apart;
use crate::act;
use crate::app::App;
use crate::problem::Problem;
use crate::store::cases::Due;
use crate::store::{self, By, EVERYBODY, cases};

/// Cases that are looked at in one round.
const BATCH: i64 = 500;
/// After how long a case is looked at again whose clock could not be, in milliseconds: whoever fails
/// stands behind those who do not.
const LATER_MS: i64 = 15 * 60_000;

/// Looks at every case whose clock is due; how many. Of those that are found at a time, the one at `begin_at` is
/// looked at first.
pub async fn run(app: &Arc<App>, begin_at: usize) -> Result<usize, store::Error> {
    let mut looked = 0;
    loop {
        if app.stopping.asked() {
            return Ok(looked);
        }
        let mut tx = app.store.read(EVERYBODY).await?;
        let mut found = cases::due_to_wake(&mut tx, app.clock.now_ms(), BATCH).await?;
        drop(tx);
        let first = begin_at.checked_rem(found.len()).unwrap_or_default();
        found.rotate_left(first);
        let (mut moved, mut put_off) = (0, 0);
        for due in &found {
            if app.stopping.asked() {
                return Ok(looked + moved);
            }
            match apart(elapse(Arc::clone(app), due.clone())).await.and_then(|ended| ended) {
                Ok(()) => moved += 1,
                Err(problem) => {
                    let (tenant, case) = (&due.tenant, &due.case);
                    tracing::error!(tenant, case, ?problem, "a clock could not be looked at");
                    put_off += usize::from(look_later(app, due).await?);
                }
            }
        }
        looked += moved;
        // A case that is neither moved nor put off would be found again at once.
        if found.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) || moved + put_off == 0 {
            return Ok(looked);
        }
    }
}

async fn elapse(app: Arc<App>, due: Due) -> Result<(), Problem> {
    let library = app.library.now();
    let tenant = library.tenant(&due.tenant).ok_or(Problem::NotFound)?;
    let mut tx = app.store.read(&tenant.id).await?;
    let mut case = cases::load(&mut tx, &due.case).await?.ok_or(Problem::NotFound)?;
    drop(tx);
    if (case.version, case.wake_ms) != (due.version, due.wake_ms) {
        // Somebody else has looked at it since it was found.
        return Ok(());
    }
    act::follow_up(&app, tenant, &mut case).await?;
    Ok(())
}

/// Lets the clock look at a case later; whether it was still as it was found.
async fn look_later(app: &App, due: &Due) -> Result<bool, store::Error> {
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&due.tenant).await?;
    let put_off = cases::put_off(&mut tx, By::system(now_ms), due, now_ms + LATER_MS).await?;
    tx.commit().await?;
    Ok(put_off)
}
