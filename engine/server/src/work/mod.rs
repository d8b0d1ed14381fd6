//! What waits to be done: messages, papers, payments to be asked after, and clocks that are due.
//!
//! Everything here is done at least once and changes nothing the second time. [`run_due`] does what
//! is due now and never sleeps, so that tests and the demonstration drive it with a clock of their
//! own; [`run`] calls it every second.

pub mod notices;
pub mod papers;
pub mod payments;
pub mod story;
pub mod timers;

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::problem::Problem;
use crate::store::jobs::{self, Job, Kind};
use crate::store::{self, EVERYBODY, idempotency, otps, sessions, throttles};

/// Jobs that are claimed at a time.
const BATCH: i64 = 64;
/// How long a claim holds, in milliseconds: whoever takes longer is thought dead.
const LEASE_MS: i64 = 120_000;
/// Tries before a job waits for a person.
const TRIES: i64 = 12;
/// How often what has run out is swept away, in milliseconds.
const SWEEP_MS: i64 = 10 * 60_000;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Jobs that were done.
    pub jobs: usize,
    /// Jobs that failed and are tried later.
    pub failed: usize,
    /// Cases that the clock looked at.
    pub cases: usize,
}

/// Does everything that is due by the app's clock.
pub async fn run_due(app: &Arc<App>) -> Result<Done, store::Error> {
    let mut done = Done { cases: timers::run(app).await?, ..Done::default() };
    loop {
        let mut tx = app.store.begin(EVERYBODY).await?;
        let claimed = jobs::claim(&mut tx, app.clock.now_ms(), LEASE_MS, BATCH).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        for job in &claimed {
            if one(app, job).await? { done.jobs += 1 } else { done.failed += 1 }
        }
    }
}

/// Does one job; whether it succeeded.
async fn one(app: &Arc<App>, job: &Job) -> Result<bool, store::Error> {
    let outcome = match job.kind {
        Kind::Notice => notices::send(app, job).await,
        Kind::Paper => papers::issue(app, job).await,
        Kind::Payment => payments::ask_again(app, job).await,
    };
    let mut tx = app.store.begin(&job.tenant).await?;
    let done = match outcome {
        Ok(()) => {
            jobs::done(&mut tx, job).await?;
            true
        }
        Err(problem) => {
            let why = in_words(&problem);
            tracing::warn!(tenant = job.tenant, job = job.id, tries = job.tries, why, "a job did not succeed");
            jobs::fail(&mut tx, job, &why, app.clock.now_ms(), TRIES).await?;
            false
        }
    };
    tx.commit().await?;
    Ok(done)
}

fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::Fault(error) => format!("{error:#}"),
        Problem::Unavailable(why) => why.clone(),
        Problem::Refused(refusal) => format!("refused: {}", refusal.word()),
        other => other.word().to_owned(),
    }
}

/// Runs for ever, once a second.
pub async fn run(app: Arc<App>) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut swept_ms = 0;
    loop {
        tick.tick().await;
        if let Err(error) = run_due(&app).await {
            tracing::error!(%error, "what is due could not be done");
        }
        let now_ms = app.clock.now_ms();
        if now_ms - swept_ms >= SWEEP_MS {
            swept_ms = now_ms;
            if let Err(error) = sweep(&app, now_ms).await {
                tracing::error!(%error, "what has run out could not be swept away");
            }
        }
    }
}

/// Takes away sessions, codes, counts and kept answers whose time is over.
pub async fn sweep(app: &App, now_ms: i64) -> Result<(), store::Error> {
    const DAY_MS: i64 = engine::base::date::MS_PER_DAY;
    let mut tx = app.store.begin(EVERYBODY).await?;
    sessions::sweep(&mut tx, now_ms - crate::http::limits::ENDED_MS).await?;
    otps::sweep(&mut tx, now_ms).await?;
    throttles::sweep(&mut tx, now_ms - 2 * DAY_MS).await?;
    idempotency::forget(&mut tx, now_ms - crate::http::limits::KEPT_MS).await?;
    tx.commit().await
}
