//! Work that comes again at set times, in the notation of cron: sweeping away what has run out, billing
//! registers for periods that began, and proving chain, books and numbers while nobody works.

use std::str::FromStr as _;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use cron::Schedule;
use serde::Deserialize;

use super::{apart, sweep, ticks, told};
use crate::app::App;
use crate::problem::Problem;
use crate::raise::{self, Asked};
use crate::store::{self, verify};

/// When it is done: second, minute, hour, day of the month, month and day of the week, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Upkeep {
    /// Sessions, codes, counts and kept answers whose time is over are taken away.
    pub sweep: String,
    /// Chain, books and numbers of every town are proved; what does not fit is logged as an error.
    pub verify: String,
    /// Registers are billed for the period of the day, record by record; who was billed is passed over.
    pub bill: String,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { sweep: "0 */10 * * * *".to_owned(), verify: "0 0 21 * * *".to_owned(), bill: "0 40 18 * * *".to_owned() }
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

    fn schedules(&self) -> anyhow::Result<[Schedule; 3]> {
        let read = |key: &str, text: &str| {
            Schedule::from_str(text).with_context(|| format!("upkeep.{key} `{text}` is no time in cron's notation"))
        };
        Ok([read("sweep", &self.sweep)?, read("verify", &self.verify)?, read("bill", &self.bill)?])
    }
}

/// Runs for ever, and does what falls due.
pub(super) async fn run(app: &Arc<App>) {
    let [sweeps, proofs, bills] = app.config.upkeep.schedules().expect("the settings were checked when they were read");
    let mut tick = ticks(std::time::Duration::from_secs(1));
    let mut since_ms = app.clock.now_ms();
    loop {
        tick.tick().await;
        let now_ms = app.clock.now_ms();
        if falls_due(&sweeps, since_ms, now_ms) {
            let with = Arc::clone(app);
            told("what has run out", apart(async move { sweep(&with, now_ms).await }).await);
        }
        if falls_due(&proofs, since_ms, now_ms) {
            let with = Arc::clone(app);
            told("the proof of the books", apart(async move { prove(&with).await }).await);
        }
        if falls_due(&bills, since_ms, now_ms) {
            let with = Arc::clone(app);
            told("billing the registers", apart(async move { bill(&with).await }).await);
        }
        since_ms = now_ms;
    }
}

/// Whether a time of the schedule lies after `since_ms` and not after `now_ms`.
fn falls_due(schedule: &Schedule, since_ms: i64, now_ms: i64) -> bool {
    let Some(since) = DateTime::<Utc>::from_timestamp_millis(since_ms) else { return false };
    schedule.after(&since).next().is_some_and(|next| next.timestamp_millis() <= now_ms)
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

/// Reads everything of every tenant again; how many rows do not fit.
pub async fn prove(app: &App) -> Result<usize, store::Error> {
    let mut wrong = 0;
    for tenant in app.store.tenants().await? {
        let mut tx = app.store.read(&tenant).await?;
        for finding in verify::verify(&mut tx, None).await? {
            wrong += 1;
            tracing::error!(tenant, ?finding, "the proof of the books failed");
        }
    }
    tracing::info!(wrong, "the books were proved");
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-28T20:59:59Z.
    const EVENING: i64 = 1_795_899_599_000;

    #[test]
    fn a_time_falls_due_once_and_not_before() {
        let [sweeps, proofs, _] = Upkeep::default().schedules().unwrap();
        assert!(!falls_due(&proofs, EVENING - 1_000, EVENING));
        assert!(falls_due(&proofs, EVENING, EVENING + 1_000));
        assert!(!falls_due(&proofs, EVENING + 1_000, EVENING + 2_000));
        assert!(falls_due(&sweeps, EVENING, EVENING + 1_000));
        assert!(falls_due(&sweeps, EVENING - 600_000, EVENING), "a pause does not lose it");
    }

    #[test]
    fn a_time_that_is_none_is_named() {
        let wrong = Upkeep { verify: "every night".to_owned(), ..Upkeep::default() };
        assert!(format!("{:#}", wrong.check().unwrap_err()).contains("upkeep.verify `every night`"));
    }
}
