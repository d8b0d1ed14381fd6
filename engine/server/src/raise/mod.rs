//! Bills for a whole register: every record of it that is in force is billed for a period, in
//! transactions of many records.
//!
//! A record that was billed for the period is passed over, so that a run that was cut off at any moment
//! is simply run again: it goes on where it stopped, and nobody is billed twice.

mod batch;

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::{Day, Money, Name};
use engine::case::{Outcome, Refusal};
use engine::service::{Opens, Service};
use engine::tenant::Tenant;

use crate::ahead;
use crate::app::App;
use crate::finding;
use crate::problem::Problem;
use crate::store::records;
use batch::Billing;

/// What is to be billed.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// A day of the period.
    pub day: Day,
    /// Whether only the sums are wanted, and nothing is written: also of a period that has not begun.
    pub dry: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Raised {
    /// How many records were looked at.
    pub seen: u64,
    /// How many records were billed now.
    pub billed: u64,
    /// How many had been billed for the period before.
    pub before: u64,
    /// Records that are not billed, and why: number, reason.
    pub not: Vec<(String, Refusal)>,
    /// What was billed now, by the code of the place and the head.
    pub sums: BTreeMap<(String, Name), Money>,
}

impl Raised {
    /// What was billed now in all.
    pub fn total(&self) -> Money {
        self.sums.values().copied().sum()
    }

    /// What was billed now, by the code of the ward and the head.
    pub fn by_ward(&self, tenant: &Tenant) -> BTreeMap<(String, Name), Money> {
        let mut wards = BTreeMap::new();
        for ((place, head), amount) in &self.sums {
            let sum: &mut Money = wards.entry((finding::ward(tenant, place).to_owned(), head.clone())).or_default();
            *sum = *sum + *amount;
        }
        wards
    }

    /// Adds the newest demand of a case in this place.
    fn add_up(&mut self, place: &str, outcome: &Outcome) {
        let Some(demand) = outcome.case.demands.last() else { return };
        for line in &demand.lines {
            let sum = self.sums.entry((place.to_owned(), line.head.clone())).or_default();
            *sum = *sum + line.amount;
        }
    }

    /// Adds what came of other records.
    fn add(&mut self, other: Self) {
        self.seen += other.seen;
        self.billed += other.billed;
        self.before += other.before;
        self.not.extend(other.not);
        for (under, amount) in other.sums {
            let sum = self.sums.entry(under).or_default();
            *sum = *sum + amount;
        }
    }
}

/// How many records the register of `service` has.
pub async fn size(app: &App, tenant: &Tenant, opens: &Opens) -> Result<u64, Problem> {
    records(app, tenant, &opens.for_each).await
}

/// How many records a register has.
pub async fn records(app: &App, tenant: &Tenant, registry: &Name) -> Result<u64, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    Ok(u64::try_from(records::count(&mut tx, registry).await?).unwrap_or(0))
}

/// Bills every record of the register of `service` for the period that `asked.day` lies in. `seen` is
/// told of each batch: how many records were looked at.
///
/// # Errors
/// When the store fails; what was billed before stays billed.
pub async fn raise(
    app: &App,
    tenant: &Arc<Tenant>,
    service: &Arc<Service>,
    asked: Asked,
    mut seen: impl FnMut(u64),
) -> Result<Raised, Problem> {
    let billing = Arc::new(Billing::new(app, tenant, service, asked));
    let mut raised = Raised::default();
    let mut told = |part: Raised| {
        seen(part.seen);
        raised.add(part);
    };
    if asked.dry {
        let mut after = String::new();
        while let Some((end, part)) = billing.dry(&after).await? {
            after = end;
            told(part);
        }
    } else {
        ahead::run(&billing, told).await?;
    }
    Ok(raised)
}
