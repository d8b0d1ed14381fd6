//! Work that comes again at set times, in the notation of cron: sweeping away what has run out, billing
//! registers for periods that began, opening cases for what falls due, and proving chain, books and numbers while nobody works.
//!
//! Of several nodes one does it: each time is a row that is claimed, and renewed while it is worked at
//! ([`rounds`]). What a node left undone that went silent is done by another. A time to which nobody came, since every
//! node was busy or waited for the database, is made up for as soon as one can; of those that lie longer back, since no
//! node ran, only the latest, once.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use connectors::control::holds;
use connectors::files::{Digest, TakeError};
use cron::Schedule;
use engine::base::date::MS_PER_DAY;
use serde::Deserialize;
use tokio::time::Instant;

use super::{BEAT, LEASE_MS, apart, next, sweep, ticks};
use crate::app::App;
use crate::problem::Problem;
use crate::raise::{self, Asked};
use crate::store::rounds::{self, Round};
use crate::store::{self, EVERYBODY, carry, collected, retry, verify};
use crate::{ends, erasing, retain, surveys, turn};

/// When it is done: second, minute, hour, day of the month, month and day of the week, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Upkeep {
    /// Sessions, codes, counts and kept answers whose time is over are taken away; surveys that are over are ended; what
    /// came in of demands is gathered for the figures of the desk.
    pub sweep: String,
    /// Chain, books and numbers of every town are proved, and the ends of the chains published; what does not fit is
    /// logged as an error.
    pub verify: String,
    /// Kept files are read and held against their hashes, each once a week however often this comes round; what was
    /// altered or is missing is logged as an error.
    pub scrub: String,
    /// Registers are billed for the period of the day, record by record; who was billed is passed over.
    pub bill: String,
    /// Cases are opened for what falls due in registers, record by record; what was opened is passed over.
    pub turn: String,
    /// What people said in cases that were kept as long as their services say is erased, and what they asked to have
    /// erased and an officer has granted.
    pub retain: String,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self {
            sweep: "0 */10 * * * *".to_owned(),
            verify: "0 0 21 * * *".to_owned(),
            scrub: "0 30 22 * * *".to_owned(),
            bill: "0 40 18 * * *".to_owned(),
            turn: "0 50 18 * * *".to_owned(),
            retain: "0 10 20 * * *".to_owned(),
        }
    }
}

impl Upkeep {
    /// Refuses times that are none.
    ///
    /// # Errors
    /// Says which, and why.
    pub fn check(&self) -> anyhow::Result<()> {
        self.schedules().map(|_| ())
    }

    /// The schedules, in the order of their names.
    pub fn schedules(&self) -> anyhow::Result<[Schedule; SCHEDULES.len()]> {
        let read = |key: &str, text: &str| {
            Schedule::from_str(text).with_context(|| format!("upkeep.{key} `{text}` is no time in cron's notation"))
        };
        Ok([
            read("sweep", &self.sweep)?,
            read("verify", &self.verify)?,
            read("scrub", &self.scrub)?,
            read("bill", &self.bill)?,
            read("turn", &self.turn)?,
            read("retain", &self.retain)?,
        ])
    }
}

const WEEK_MS: i64 = 7 * MS_PER_DAY;

/// How long it is remembered which times are over, in milliseconds: longer than any schedule takes to come round.
pub(super) const KEPT_MS: i64 = 400 * MS_PER_DAY;

/// How far back times are made up for one by one, in milliseconds. No node that is alive is kept from looking for
/// longer; what lies further back fell due while none was.
const LATE_MS: i64 = 2 * 60_000;

/// What comes again, by the names that rounds have in the store.
const SCHEDULES: [&str; 6] = ["sweep", "verify", "scrub", "bill", "turn", "retain"];

/// Does what falls due, until the node is asked to stop.
pub(super) async fn run(app: &Arc<App>) {
    let schedules = app.config.upkeep.schedules().expect("the settings were checked when they were read");
    let mut over = [i64::MIN; SCHEDULES.len()];
    let mut tick = ticks(Duration::from_secs(1));
    while next(app, &mut tick).await {
        if let Err(error) = look(app, &schedules, &mut over).await {
            tracing::error!(%error, "what comes round could not be looked at");
        }
    }
}

/// Does once what the worker does every second: what is due by the app's clock. So tests drive it with a clock of their
/// own; it sees to nothing that the calendar has not brought.
///
/// # Errors
/// When the database does not answer. What came round and could not be done is no error; its row says so.
pub async fn run_due(app: &Arc<App>) -> Result<(), store::Error> {
    let schedules = app.config.upkeep.schedules().expect("the settings were checked when they were read");
    look(app, &schedules, &mut [i64::MIN; SCHEDULES.len()]).await
}

/// Does what is due now and what others left undone; `over` are the latest times known to be over.
async fn look(app: &Arc<App>, schedules: &[Schedule], over: &mut [i64]) -> Result<(), store::Error> {
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.read(EVERYBODY).await?;
    let mut due = rounds::abandoned(&mut tx, now_ms).await?;
    drop(tx);
    for ((name, schedule), over) in SCHEDULES.into_iter().zip(schedules).zip(over) {
        let Some(time) = latest(schedule, now_ms).filter(|time| time > over) else { continue };
        match stand(app, name, time).await? {
            Stand::Over => *over = time,
            Stand::Due { last } => {
                let missed = times(schedule, last.max(time - LATE_MS), time);
                due.extend(missed.map(|time| (name.to_owned(), time)));
            }
            Stand::Begun => {}
        }
    }
    for (name, time) in due {
        let mut tx = app.store.begin(EVERYBODY).await?;
        let claimed = rounds::claim(&mut tx, &name, time, (app.clock.now_ms(), LEASE_MS)).await?;
        tx.commit().await?;
        if let Some(round) = claimed {
            come_round(app, &round).await?;
        }
    }
    Ok(())
}

/// How a time of a schedule stands.
enum Stand {
    /// Nobody has come to it, nor to any after the `last`.
    Due {
        last: i64,
    },
    Begun,
    Over,
}

/// Before anything ever came round here, the present time counts as over: a new installation has missed nothing.
async fn stand(app: &App, name: &str, time: i64) -> Result<Stand, store::Error> {
    let mut tx = app.store.begin(EVERYBODY).await?;
    let stand = match rounds::last(&mut tx, name).await? {
        None => {
            rounds::pass(&mut tx, name, time).await?;
            Stand::Over
        }
        Some((last, over)) if last >= time => {
            if over {
                Stand::Over
            } else {
                Stand::Begun
            }
        }
        Some((last, _)) => Stand::Due { last },
    };
    tx.commit().await?;
    Ok(stand)
}

/// Does what was claimed, and renews the claim meanwhile. Whoever has lost it breaks off; whoever is asked to stop
/// hands it on.
async fn come_round(app: &Arc<App>, round: &Round) -> Result<(), store::Error> {
    let work = apart(work_of(Arc::clone(app), round.schedule.clone(), round.period_ms));
    tokio::pin!(work);
    let mut beat = tokio::time::interval_at(Instant::now() + BEAT, BEAT);
    let ended = loop {
        tokio::select! {
            ended = &mut work => break ended.and_then(|ended| ended),
            () = app.stopping.wait() => return keep(app, round, 0).await.map(drop),
            _ = beat.tick() => {
                if !keep(app, round, app.clock.now_ms() + LEASE_MS).await? {
                    tracing::warn!(schedule = round.schedule, time_ms = round.period_ms, "a round was taken over by another node");
                    return Ok(());
                }
            }
        }
    };
    if let Err(problem) = &ended {
        tracing::error!(
            schedule = round.schedule,
            time_ms = round.period_ms,
            ?problem,
            "what came round could not be done"
        );
    }
    let mut tx = app.store.begin(EVERYBODY).await?;
    let own = rounds::end(&mut tx, round, ended.is_ok()).await?;
    tx.commit().await?;
    tracing::info!(schedule = round.schedule, time_ms = round.period_ms, epoch = round.epoch, own, "came round");
    Ok(())
}

async fn keep(app: &App, round: &Round, until_ms: i64) -> Result<bool, store::Error> {
    let mut tx = app.store.begin(EVERYBODY).await?;
    let kept = rounds::renew(&mut tx, round, until_ms).await?;
    tx.commit().await?;
    Ok(kept)
}

async fn work_of(app: Arc<App>, schedule: String, time_ms: i64) -> Result<(), Problem> {
    match schedule.as_str() {
        "sweep" => {
            // Two nodes may sweep at once, for times that follow each other.
            retry(store::Error::is_passing, || sweep(&app, app.clock.now_ms())).await?;
            surveys::end_over(&app).await;
            gather(&app).await
        }
        "verify" => {
            prove(&app).await?;
            ends::write_down(&app).await
        }
        "scrub" if holds("file_07_calendar") => {
            let [_, _, scrubs, ..] =
                app.config.upkeep.schedules().expect("the settings were checked when they were read");
            scrub(&app, Share::of_round(&scrubs, time_ms)).await.map(drop)
        }
        "bill" => bill(&app).await.map(drop),
        "turn" => open_turns(&app).await.map(drop),
        "retain" => {
            erasing::all(&app).await;
            retain::all(&app).await.map(drop)
        }
        // A later version of the program may know more; it does them itself.
        _ => Ok(()),
    }
}

/// The latest time of a schedule that is not after `now_ms`, in milliseconds.
pub fn latest(schedule: &Schedule, now_ms: i64) -> Option<i64> {
    // A millisecond into the second, so that the second itself counts.
    let now = DateTime::<Utc>::from_timestamp_millis(now_ms - now_ms.rem_euclid(1_000) + 1)?;
    schedule.after(&now).next_back().map(|time| time.timestamp_millis())
}

/// The times of a schedule after one and up to another, in milliseconds. Whoever claims them does so in this order, so
/// that before the last one that anybody came to there is none to which nobody came.
fn times(schedule: &Schedule, after_ms: i64, until_ms: i64) -> impl Iterator<Item = i64> {
    let after = DateTime::<Utc>::from_timestamp_millis(after_ms);
    let all = after.into_iter().flat_map(move |after| schedule.after(&after));
    all.map(|time| time.timestamp_millis()).take_while(move |time| *time <= until_ms)
}

/// Gathers what came in of demands since it was gathered, town by town.
///
/// # Errors
/// When the database does not answer.
pub async fn gather(app: &App) -> Result<(), Problem> {
    for tenant in app.store.tenants().await? {
        // One that fails keeps no other waiting; the next time it goes on where it stopped.
        if let Err(error) = collected::keep(&app.store, &tenant, collected::MANY).await {
            tracing::error!(tenant, %error, "what came in could not be gathered");
        }
    }
    Ok(())
}

/// Bills the registers of every tenant for the period of today; how many records were billed.
pub async fn bill(app: &App) -> Result<u64, Problem> {
    let (library, mut billed) = (app.library.now(), 0);
    for tenant in library.catalogue.tenants.values() {
        for service in library.catalogue.services(tenant).filter(|service| service.opens.is_some()) {
            let asked = Asked { day: app.clock.now(tenant).day(), dry: false };
            let raised = raise::raise(app, tenant, service, asked, |_| {}).await?;
            billed += raised.billed;
            for (number, why) in &raised.not {
                tracing::warn!(tenant = tenant.id, service = service.id, number, ?why, "a record could not be billed");
            }
        }
    }
    Ok(billed)
}

/// Opens cases for what falls due today in the registers of every tenant; how many.
pub async fn open_turns(app: &App) -> Result<u64, Problem> {
    let (library, mut all) = (app.library.now(), 0);
    for tenant in library.catalogue.tenants.values() {
        for service in library.catalogue.services(tenant).filter(|service| service.turns.is_some()) {
            let turned = turn::open(app, tenant, service).await?;
            all += turned.opened;
            for (number, why) in &turned.not {
                tracing::warn!(
                    tenant = tenant.id,
                    service = service.id,
                    number,
                    ?why,
                    "no case could be opened for a turn"
                );
            }
        }
    }
    Ok(all)
}

/// Reads everything of every tenant again, and holds the chains against the ends that the file has of the night
/// before; how many rows do not fit.
pub async fn prove(app: &App) -> Result<usize, Problem> {
    let mut wrong = 0;
    let ends = ends::written(app).await?;
    for tenant in app.store.tenants().await? {
        let mut tx = app.store.read(&tenant).await?;
        for finding in verify::verify(&mut tx, ends.get(&tenant)).await? {
            wrong += 1;
            tracing::error!(tenant, ?finding, "the proof of the books failed");
        }
    }
    tracing::info!(wrong, "the books were proved");
    Ok(wrong)
}

/// Which kept files are read at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which part, counted from 0.
    pub part: usize,
    /// How many parts there are.
    pub of: usize,
}

impl Share {
    /// All of them.
    pub const WHOLE: Self = Self { part: 0, of: 1 };

    /// The part of the round at `time_ms`: the rounds of a week share the files, so that each is read once a week
    /// whether they come every hour or every night, and a single one reads them all. So does a round of a time
    /// that the schedule does not have, having been another then.
    pub fn of_round(schedule: &Schedule, time_ms: i64) -> Self {
        let week = time_ms - time_ms.rem_euclid(WEEK_MS);
        let Some(before) = DateTime::<Utc>::from_timestamp_millis(week - 1) else { return Self::WHOLE };
        let times = schedule.after(&before).map(|time| time.timestamp_millis());
        let times: Vec<i64> = times.take_while(|time| *time < week + WEEK_MS).collect();
        let part = times.iter().position(|time| *time == time_ms);
        part.map_or(Self::WHOLE, |part| Self { part, of: times.len() })
    }

    /// Whether the file with this hash belongs to it.
    pub fn has(self, hash: &str) -> bool {
        let head = hash.get(..7).and_then(|head| usize::from_str_radix(head, 16).ok());
        head.unwrap_or_default() % self.of == self.part
    }
}

/// Reads a share of the kept files of every tenant and holds each against its hash; how many are not what they were.
/// Which files there are is read first: no transaction waits for the disk.
pub async fn scrub(app: &App, share: Share) -> Result<usize, Problem> {
    let (mut read, mut wrong) = (0, 0);
    for tenant in app.store.tenants().await? {
        let mut tx = app.store.read(&tenant).await?;
        let digests = carry::files(&mut tx).await?;
        drop(tx);
        for text in digests.into_iter().filter(|text| share.has(text)) {
            read += 1;
            let found = match Digest::parse(&text) {
                Some(digest) => app.files.verify(&tenant, &digest).await,
                None => Err(TakeError::Missing),
            };
            match found {
                // A disk that does not answer says nothing about the file; the next night asks again.
                Err(TakeError::Fault(fault)) => return Err(fault.into()),
                Err(error) if holds("file_07_scrub") => {
                    wrong += 1;
                    tracing::error!(tenant, file = text, why = %error, alarm = true, "a kept file is not what it was");
                }
                Ok(()) | Err(_) => {}
            }
        }
    }
    tracing::info!(part = share.part, of = share.of, read, wrong, "kept files were read again");
    Ok(wrong)
}
