//! What lies around a case, as decisions about it are told of it: records, dues, places in calendars.

use engine::base::{Moment, Money, Name};
use engine::case::{Case, Context};
use engine::form;
use engine::registry::Record;
use engine::reserve::Slots;
use engine::service::Service;
use engine::tenant::Tenant;

use crate::http::limits;
use crate::store::{self, Tx, records, slots};

/// The record that a case is about, or that it made.
pub async fn subject(tx: &mut Tx, case: &Case) -> store::Result<Option<Record>> {
    match &case.record {
        Some((registry, number)) => records::load(tx, registry, number).await,
        None => Ok(None),
    }
}

/// The records around a case, as decisions about it are told of them.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The one that the case is about, or that it made.
    pub record: Option<Record>,
    /// What is owed on it in other cases, if the service asks.
    pub dues: Money,
    /// Those that answers name.
    pub named: Vec<Record>,
    /// What is owed on each of those in other cases, if the service asks.
    pub named_dues: Vec<Money>,
    /// What is taken in the calendars that the case asks about.
    pub slots: Slots,
}

impl Around {
    /// Reads them; `given` are the answers that a command brings.
    pub async fn load(
        tx: &mut Tx,
        service: &Service,
        case: &Case,
        given: Option<&serde_json::Value>,
    ) -> store::Result<Self> {
        let record = subject(tx, case).await?;
        let dues = dues(tx, service, record.as_ref(), &case.id).await?;
        let slots = slots::beside(tx, &service.looks_at(case, given)).await?;
        let mut around = Self { record, dues, slots, ..Self::default() };
        let mut numbers = form::links(&service.form, &case.answers);
        numbers.extend(given.map(|given| form::named(&service.form, given)).unwrap_or_default());
        around.name(tx, service, &case.id, &numbers).await?;
        Ok(around)
    }

    /// Reads the records that answers name, and what is owed on them beside the case `id`; beyond a limit they
    /// are not looked for, and refused.
    pub async fn name(
        &mut self,
        tx: &mut Tx,
        service: &Service,
        id: &str,
        numbers: &[(Name, String)],
    ) -> store::Result<()> {
        let asks = service.asks_for_named_dues();
        for (registry, number) in numbers.iter().take(limits::RECORDS_NAMED) {
            let Some(record) = records::load_typed(tx, registry, number).await? else { continue };
            let dues = if asks { records::dues(tx, &record.registry, &record.number, id).await? } else { Money::ZERO };
            self.named.push(record);
            self.named_dues.push(dues);
        }
        Ok(())
    }

    /// What a decision is told that draws no numbers.
    pub fn context<'a>(&'a self, now: Moment, tenant: &'a Tenant) -> Context<'a> {
        Context::new(now, tenant)
            .about(self.record.as_ref(), self.dues)
            .naming(&self.named, &self.named_dues)
            .beside(&self.slots)
    }
}

/// What is owed on the record of the case `id` in other cases; looked up only for services that ask.
pub async fn dues(tx: &mut Tx, service: &Service, record: Option<&Record>, id: &str) -> store::Result<Money> {
    match record {
        Some(record) if service.asks_for_dues() => records::dues(tx, &record.registry, &record.number, id).await,
        _ => Ok(Money::ZERO),
    }
}
