//! Tills of an invented history: opened by whoever takes money first on a day, counted in the evening, and
//! confirmed by whoever also agrees to cancellations.

use anyhow::{Result, anyhow};
use engine::base::{Moment, Money};
use engine::billing::{CASH, Receipt};
use engine::case::ActorKind;
use engine::registry::NumberFacts;
use engine::tenant::Tenant;
use engine::till::{self, Count, ModeSum, Pieces};

use super::cast::staff;
use crate::app::App;
use crate::store::tills::{self, Counted, NewTill, Till, TillState};
use crate::store::{By, receipts, serials};

/// When the office closes, in minutes after midnight, where the town does not say it.
const CLOSES: i64 = 17 * 60;
/// How many minutes after that tills are counted, and how long after that a count is confirmed.
const COUNTED_AFTER: i64 = 30;
const CONFIRMED_AFTER_MS: i64 = 20 * 60_000;
/// What a clerk is handed for change, in paise.
const FLOAT: i64 = 100_000;
/// Tills that a town has open at a time.
const MOST: i64 = 100;

/// Opens a till for whoever is about to take money, unless one is open.
pub(super) async fn ready(app: &App, tenant: &Tenant, person: &str) -> Result<()> {
    let now = app.clock.now(tenant);
    let mut tx = app.store.begin(&tenant.id).await?;
    if tills::open_of(&mut tx, person).await?.is_none() {
        let facts = NumberFacts { tenant: &tenant.code, day: now.day(), calendar: &tenant.calendar };
        let format = till::number();
        let mut drawn = serials::load(&mut tx, &[format.series(facts)]).await?;
        let number = format.draw(facts, &mut drawn);
        let counter = tenant.tills.counters.first().map_or("", |(name, _)| name.as_str());
        let float = Money::from_paise(FLOAT).unwrap_or_default();
        let new = NewTill { number: &number, counter, on: now.day(), float };
        tills::open(&mut tx, by(person, now), new, &drawn).await?;
    }
    Ok(tx.commit().await?)
}

fn by(person: &str, now: Moment) -> By<'_> {
    By { person, kind: ActorKind::Employee, at_ms: now.ms }
}

/// The evenings of a town.
pub(super) struct Evenings {
    /// When something happened last.
    last_ms: i64,
}

impl Evenings {
    pub(super) fn new() -> Self {
        Self { last_ms: i64::MIN }
    }

    /// Time goes on to `at_ms`: if an evening lies between, the tills are counted on it, and confirmed.
    pub(super) async fn pass(&mut self, app: &App, town: &str, at_ms: i64) -> Result<()> {
        let loaded = app.library.now();
        let tenant = loaded.tenant(town).ok_or_else(|| anyhow!("the town {town} is gone"))?;
        if let Some(evening_ms) = self.evening(tenant).filter(|evening_ms| *evening_ms <= at_ms) {
            count_all(app, tenant, evening_ms, Some((evening_ms + CONFIRMED_AFTER_MS).min(at_ms))).await?;
        }
        self.last_ms = at_ms;
        Ok(())
    }

    /// The history ends: what is still open is counted, and waits for a second person.
    pub(super) async fn end(self, app: &App, town: &str, now_ms: i64) -> Result<()> {
        let loaded = app.library.now();
        let tenant = loaded.tenant(town).ok_or_else(|| anyhow!("the town {town} is gone"))?;
        count_all(app, tenant, self.evening(tenant).unwrap_or(now_ms).min(now_ms), None).await
    }

    /// When the tills of the present day are counted, if that is to come. Nobody takes money after it.
    fn evening(&self, tenant: &Tenant) -> Option<i64> {
        if self.last_ms == i64::MIN {
            return None;
        }
        let last = Moment::new(self.last_ms, tenant.calendar.offset_minutes);
        let counted_at = tenant.hours.map_or(CLOSES, |(_, closes)| closes) + COUNTED_AFTER;
        Some(Moment::at(last.day(), counted_at, last.offset_minutes).ms).filter(|ms| *ms > self.last_ms)
    }
}

/// Everybody's open till is counted at a time, and confirmed at another.
async fn count_all(app: &App, tenant: &Tenant, at_ms: i64, confirmed_ms: Option<i64>) -> Result<()> {
    let mut tx = app.store.read(&tenant.id).await?;
    let open = tills::standing(&mut tx, TillState::Open, MOST).await?;
    drop(tx);
    for till in open {
        app.clock.set(at_ms);
        count(app, tenant, &till).await?;
        if let Some(confirmed_ms) = confirmed_ms {
            app.clock.set(confirmed_ms);
            close(app, tenant, &till).await?;
        }
    }
    Ok(())
}

/// Its owner counts a till, and finds in it what ought to be there.
async fn count(app: &App, tenant: &Tenant, till: &Till) -> Result<()> {
    let mut tx = app.store.begin(&tenant.id).await?;
    let receipts = receipts::of_till(&mut tx, &till.number).await?;
    let stand = receipts.iter().map(|kept| &kept.receipt).filter(|receipt| !receipt.cancelled);
    let taken = stand.flat_map(Receipt::by_mode);
    let sums = till::expected(till.float, taken).ok_or_else(|| anyhow!("the till {} is too full", till.number))?;
    let count = found(tenant, &sums);
    let sums = till::counted(sums, &count).ok_or_else(|| anyhow!("the till {} is too full", till.number))?;
    let now = app.clock.now(tenant);
    let counted = Counted { at_ms: now.ms, count, sums, reason: String::new(), instead: None };
    tills::count(&mut tx, by(&till.person, now), &till.number, &counted).await?;
    Ok(tx.commit().await?)
}

/// The fewest notes that make what ought to be there.
fn found(tenant: &Tenant, sums: &[ModeSum]) -> Count {
    let mut count = Count::default();
    for sum in sums {
        if sum.mode != CASH {
            count.others.insert(sum.mode.clone(), sum.expected);
            continue;
        }
        let mut left = sum.expected.paise();
        for worth in &tenant.currency.denominations {
            let number = u32::try_from(left / worth.paise().max(1)).unwrap_or(0);
            left -= worth.paise() * i64::from(number);
            count.pieces.push(Pieces { worth: *worth, number });
        }
        count.coins = Money::from_paise(left).unwrap_or_default();
    }
    count
}

/// Somebody who agrees to cancellations confirms the count; where the town has nobody, it waits.
async fn close(app: &App, tenant: &Tenant, till: &Till) -> Result<()> {
    let loaded = app.library.now();
    let roles = loaded.catalogue.services(tenant).filter_map(|service| service.billing.as_ref());
    let mut seconds = roles.flat_map(|billing| &billing.cancels).map(|role| staff(role));
    let Some(second) = seconds.find(|person| *person != till.person) else { return Ok(()) };
    let mut tx = app.store.begin(&tenant.id).await?;
    tills::close(&mut tx, by(&second, app.clock.now(tenant)), &till.number, "", None).await?;
    Ok(tx.commit().await?)
}
