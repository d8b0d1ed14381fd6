//! What waits to be done: messages, papers, payments to be asked after, and clocks that are due.
//!
//! Everything here is done at least once and changes nothing the second time. [`run_due`] does what
//! is due now and never sleeps, so that tests and the demonstration drive it with a clock of their
//! own; [`run`] does the same every second, in four lanes: what this installation does by itself never
//! waits for what others must answer, nor for a program that takes long, and a code that somebody waits for at a page
//! never for the messages of a whole register. Each job and each clock is looked at apart: if one of them panics, it
//! has failed, and the others go on.

pub mod codes;
pub mod notices;
pub mod papers;
pub mod payments;
pub mod programs;
pub mod story;
pub mod timers;
pub mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::app::App;
use crate::problem::Problem;
use crate::store::jobs::{self, Job, Kind};
use crate::store::{self, EVERYBODY, devices, idempotency, otps, rounds, sessions, throttles};

/// Jobs that are claimed at a time: few enough to be done before the claim runs out.
const BATCH: i64 = 16;
/// Jobs that wait for others, done at once.
const AT_ONCE: usize = 4;
/// What this installation does by itself.
const INSIDE: [Kind; 1] = [Kind::Paper];
/// What others must answer.
const OUTSIDE: [Kind; 2] = [Kind::Notice, Kind::Payment];
/// What somebody waits for at a page.
const CODES: [Kind; 1] = [Kind::Code];
/// What may take seconds of a processor: none of the others waits for it.
const LONG: [Kind; 1] = [Kind::Program];
/// How long a claim holds, in milliseconds. Whoever works renews it every [`BEAT`]; whoever goes silent for
/// longer is thought dead, and somebody else does the work.
const LEASE_MS: i64 = 12_000;
/// How often a claim is renewed.
const BEAT: Duration = Duration::from_secs(4);
/// Tries before a job waits for a person.
const TRIES: i64 = 12;

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

/// Does everything that is due by the app's clock, one after the other.
pub async fn run_due(app: &Arc<App>) -> Result<Done, store::Error> {
    let cases = timers::run(app, 0).await?;
    let all = [INSIDE.as_slice(), OUTSIDE.as_slice(), CODES.as_slice(), LONG.as_slice()].concat();
    Ok(Done { cases, ..work_off(app, &all, 1).await? })
}

/// Does the jobs of these kinds that are due, so many at once, until the node is asked to stop.
async fn work_off(app: &Arc<App>, kinds: &[Kind], at_once: usize) -> Result<Done, store::Error> {
    let mut done = Done::default();
    while !app.stopping.asked() {
        let mut tx = app.store.begin(EVERYBODY).await?;
        let claimed = jobs::claim_of(&mut tx, kinds, app.clock.now_ms(), LEASE_MS, BATCH).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        batch(app, claimed, at_once, &mut done).await?;
    }
    Ok(done)
}

/// Does the jobs that were claimed, so many at once, and renews their claims meanwhile. Those that were not begun
/// when the node was asked to stop are given back.
async fn batch(app: &Arc<App>, claimed: Vec<Job>, at_once: usize, done: &mut Done) -> Result<(), store::Error> {
    let mut beat = tokio::time::interval_at(Instant::now() + BEAT, BEAT);
    let (mut waiting, mut running) = (claimed.clone().into_iter(), JoinSet::new());
    loop {
        if !app.stopping.asked() {
            for job in waiting.by_ref().take(at_once - running.len()) {
                running.spawn(one(Arc::clone(app), job));
            }
        }
        tokio::select! {
            ended = running.join_next() => match ended {
                None => break,
                Some(Ok(succeeded)) => *(if succeeded? { &mut done.jobs } else { &mut done.failed }) += 1,
                Some(Err(error)) => tracing::error!(%error, "what became of a job could not be kept"),
            },
            _ = beat.tick() => {
                if let Err(error) = renew(app, &claimed).await {
                    tracing::warn!(%error, "claims could not be renewed");
                }
            }
        }
    }
    let left: Vec<Job> = waiting.collect();
    if !left.is_empty() {
        let mut tx = app.store.begin(EVERYBODY).await?;
        jobs::give_back(&mut tx, &left).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn renew(app: &App, claimed: &[Job]) -> Result<(), store::Error> {
    let mut tx = app.store.begin(EVERYBODY).await?;
    jobs::renew(&mut tx, claimed, app.clock.now_ms(), LEASE_MS).await?;
    tx.commit().await
}

/// Does something apart from the worker: if it panics, it alone has failed.
async fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, Problem> {
    let mut alone = JoinSet::new();
    alone.spawn(work);
    let ended = alone.join_next().await.expect("the task was just spawned");
    ended.map_err(|error| anyhow::anyhow!("it broke off: {error}").into())
}

/// Does one job; whether it succeeded.
async fn one(app: Arc<App>, job: Job) -> Result<bool, store::Error> {
    let (with, what) = (Arc::clone(&app), job.clone());
    let outcome = apart(async move {
        match what.kind {
            Kind::Notice => notices::send(&with, &what).await,
            Kind::Paper => papers::issue(&with, &what).await,
            Kind::Payment => payments::ask_again(&with, &what).await,
            Kind::Program => programs::answer(&with, &what).await,
            Kind::Code => codes::send(&with, &what).await,
        }
    })
    .await
    .and_then(|outcome| outcome);
    let mut tx = app.store.begin(&job.tenant).await?;
    let (done, own) = match outcome {
        Ok(()) if job.kind == Kind::Code => (true, jobs::done_without_trace(&mut tx, &job).await?),
        Ok(()) => (true, jobs::done(&mut tx, &job).await?),
        Err(problem) => {
            let why = in_words(&problem);
            let own = jobs::fail(&mut tx, &job, &why, app.clock.now_ms(), TRIES).await?;
            if own {
                tracing::warn!(tenant = job.tenant, job = job.id, tries = job.tries, why, "a job did not succeed");
            }
            (false, own)
        }
    };
    tx.commit().await?;
    if !own {
        // This worker was thought dead: another one has the job, and what is said here no longer counts.
        tracing::warn!(tenant = job.tenant, job = job.id, epoch = job.epoch, "the claim of a job was lost");
    }
    Ok(done && own)
}

fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::Fault(error) => format!("{error:#}"),
        Problem::Unavailable(why) => why.clone(),
        Problem::Refused(refusal) => format!("refused: {}", refusal.word()),
        other => other.word().to_owned(),
    }
}

/// Runs once a second, until the node is asked to stop: what is in hand then is finished.
pub async fn run(app: Arc<App>) {
    tokio::join!(inside(&app), outside(&app), codes(&app), long(&app), upkeep::run(&app));
}

/// Clocks and papers.
async fn inside(app: &Arc<App>) {
    let mut tick = ticks(Duration::from_secs(1));
    // Nodes that look at the same cases begin at different ones, so that they seldom wait for each other.
    let begin_at = std::process::id() as usize;
    while next(app, &mut tick).await {
        let with = Arc::clone(app);
        let work = async move {
            timers::run(&with, begin_at).await?;
            work_off(&with, &INSIDE, 1).await
        };
        told("clocks and papers", apart(work).await);
    }
}

/// Messages and payments: each may wait long for its answer.
async fn outside(app: &Arc<App>) {
    let mut tick = ticks(Duration::from_secs(1));
    while next(app, &mut tick).await {
        let with = Arc::clone(app);
        told("messages and payments", apart(async move { work_off(&with, &OUTSIDE, AT_ONCE).await }).await);
    }
}

/// Codes by which applications are followed.
async fn codes(app: &Arc<App>) {
    let mut tick = ticks(Duration::from_secs(1));
    while next(app, &mut tick).await {
        let with = Arc::clone(app);
        told("codes", apart(async move { work_off(&with, &CODES, AT_ONCE).await }).await);
    }
}

/// Programs, one after the other.
async fn long(app: &Arc<App>) {
    let mut tick = ticks(Duration::from_secs(1));
    while next(app, &mut tick).await {
        let with = Arc::clone(app);
        told("programs", apart(async move { work_off(&with, &LONG, 1).await }).await);
    }
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tick
}

/// Waits for the next tick; `false` once the node is asked to stop.
async fn next(app: &App, tick: &mut tokio::time::Interval) -> bool {
    tokio::select! {
        biased;
        () = app.stopping.wait() => false,
        _ = tick.tick() => true,
    }
}

fn told<T, E: std::fmt::Debug>(what: &str, ended: Result<Result<T, E>, Problem>) {
    match ended {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(what, ?error, "what is due could not be done"),
        Err(problem) => tracing::error!(what, ?problem, "what is due could not be done"),
    }
}

/// Takes away sessions, codes, counts and kept answers whose time is over.
pub async fn sweep(app: &App, now_ms: i64) -> Result<(), store::Error> {
    const DAY_MS: i64 = engine::base::date::MS_PER_DAY;
    let mut tx = app.store.begin(EVERYBODY).await?;
    sessions::sweep(&mut tx, now_ms - crate::http::limits::ENDED_MS).await?;
    devices::sweep(&mut tx, now_ms).await?;
    otps::sweep(&mut tx, now_ms).await?;
    throttles::sweep(&mut tx, now_ms - 2 * DAY_MS).await?;
    idempotency::forget(&mut tx, now_ms - crate::http::limits::KEPT_MS).await?;
    rounds::forget(&mut tx, now_ms - upkeep::KEPT_MS).await?;
    tx.commit().await
}
