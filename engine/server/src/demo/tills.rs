//! Tills of an invented history: opened by whoever takes money first on a day, counted in the evening, and
//! confirmed by whoever also agrees to cancellations.

use anyhow::{Result, anyhow};
use engine::base::{Moment, Money};
use engine::billing::CASH;
use engine::case::ActorKind;
use engine::registry::NumberFacts;
use engine::tenant::Tenant;
use engine::till::{self, Count, ModeSum, Pieces};

use super::cast::staff;
use crate::app::App;
use crate::store::tills::{self, Counted, NewTill, Till, TillState};
use crate::store::{By, receipts, serials};

/// Minutes after midnight at which tills are counted, and how long after that a count is confirmed.
const COUNTED_AT: i64 = 17 * 60 + 30;
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

    /// Time goes on to `at_ms`: if that is another day, the tills of the day before are counted on its
    /// evening, and confirmed.
    pub(super) async fn pass(&mut self, app: &App, town: &str, at_ms: i64) -> Result<()> {
        let loaded = app.library.now();
        let tenant = loaded.tenant(town).ok_or_else(|| anyhow!("the town {town} is gone"))?;
        let offset = tenant.calendar.offset_minutes;
        let day = |ms: i64| Moment::new(ms, offset).day();
        if self.last_ms != i64::MIN && day(self.last_ms) != day(at_ms) {
            count_all(app, tenant, self.evening(tenant).min(at_ms), true).await?;
        }
        self.last_ms = at_ms;
        Ok(())
    }

    /// The history ends: what is still open is counted, and waits for a second person.
    pub(super) async fn end(self, app: &App, town: &str, now_ms: i64) -> Result<()> {
        let loaded = app.library.now();
        let tenant = loaded.tenant(town).ok_or_else(|| anyhow!("the town {town} is gone"))?;
        if self.last_ms == i64::MIN {
            return Ok(());
        }
        count_all(app, tenant, self.evening(tenant).min(now_ms), false).await
    }

    /// When the tills of the last day are counted: in the evening, after everything that happened.
    fn evening(&self, tenant: &Tenant) -> i64 {
        let last = Moment::new(self.last_ms, tenant.calendar.offset_minutes);
        Moment::at(last.day(), COUNTED_AT, last.offset_minutes).ms.max(self.last_ms + 60_000)
    }
}

async fn count_all(app: &App, tenant: &Tenant, at_ms: i64, confirm: bool) -> Result<()> {
    let mut tx = app.store.read(&tenant.id).await?;
    let open = tills::standing(&mut tx, TillState::Open, MOST).await?;
    drop(tx);
    for till in open {
        app.clock.set(at_ms);
        count(app, tenant, &till).await?;
        if confirm {
            app.clock.set(at_ms + CONFIRMED_AFTER_MS);
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
    let taken = stand.map(|receipt| (receipt.payment.mode.as_str(), receipt.payment.amount));
    let sums = till::expected(till.float, taken).ok_or_else(|| anyhow!("the till {} is too full", till.number))?;
    let count = found(tenant, &sums);
    let sums = till::counted(sums, &count).ok_or_else(|| anyhow!("the till {} is too full", till.number))?;
    let now = app.clock.now(tenant);
    let counted = Counted { at_ms: now.ms, count, sums, reason: String::new() };
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
