//! Clocks: cases whose time has come.

use std::sync::Arc;

use crate::act;
use crate::app::App;
use crate::problem::Problem;
use crate::store::{self, EVERYBODY, cases};

/// Cases that are looked at in one round.
const BATCH: i64 = 500;

/// Looks at every case whose clock is due; how many.
pub async fn run(app: &Arc<App>) -> Result<usize, store::Error> {
    let mut looked = 0;
    loop {
        let mut tx = app.store.read(EVERYBODY).await?;
        let due = cases::due_to_wake(&mut tx, app.clock.now_ms(), BATCH).await?;
        drop(tx);
        let mut moved = 0;
        for (tenant, id) in &due {
            match elapse(app, tenant, id).await {
                Ok(()) => moved += 1,
                Err(problem) => {
                    tracing::error!(tenant, case = id, problem = ?problem, "a clock could not be looked at");
                }
            }
        }
        looked += moved;
        // A case that cannot be moved would be found again at once.
        if due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) || moved == 0 {
            return Ok(looked);
        }
    }
}

async fn elapse(app: &App, tenant: &str, id: &str) -> Result<(), Problem> {
    let library = app.library.now();
    let tenant = library.tenant(tenant).ok_or(Problem::NotFound)?;
    let mut tx = app.store.read(&tenant.id).await?;
    let mut case = cases::load(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    drop(tx);
    act::follow_up(app, tenant, &mut case).await?;
    Ok(())
}
