//! What lies around a case, as decisions about it are told of it: records, dues, places in calendars.

use connectors::control::holds;
use engine::base::{Moment, Money, Name};
use engine::case::{Actor, ActorKind, Case, Context, Pending};
use engine::form;
use engine::registry::Record;
use engine::reserve::Slots;
use engine::service::Service;
use engine::tenant::Tenant;

use crate::act::Stop;
use crate::app::App;
use crate::http::limits;
use crate::store::{self, Tx, found, people, records, slots};

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
    /// What is under way on each of those in other cases, if the service asks.
    pub pending: Vec<Pending>,
    /// What is taken in the calendars that the case asks about.
    pub slots: Slots,
    /// The citizen who the employee is by whom it is decided.
    pub citizen: Option<String>,
}

/// The citizen who an employee is, if that citizen has to do with the town: both have one mobile number. Of whom no
/// number is entered, nobody can tell.
pub(crate) async fn known_as(tx: &mut Tx, tenant: &Tenant, actor: &Actor) -> store::Result<Option<String>> {
    match actor.kind {
        ActorKind::Employee | ActorKind::Counter if holds("az_08_own_case") => {
            people::citizen_of(tx, &tenant.state, &actor.person).await
        }
        _ => Ok(None),
    }
}

/// Whether an employee is this citizen, who may have nothing to do with the town yet.
pub(crate) async fn is_citizen(app: &App, tenant: &Tenant, employee: &str, citizen: &str) -> store::Result<bool> {
    let mut tx = app.store.read(&tenant.id).await?;
    let Some(mobile) = people::find(&mut tx, employee).await?.and_then(|person| person.mobile) else {
        return Ok(false);
    };
    drop(tx);
    let mut tx = app.store.read(&tenant.state).await?;
    Ok(people::by_mobile(&mut tx, &mobile).await?.is_some_and(|person| person.id == citizen))
}

impl Around {
    /// Reads them; `given` are the answers that a command brings.
    pub(crate) async fn load(
        app: &App,
        tenant: &Tenant,
        tx: &mut Tx,
        (service, case): (&Service, &Case),
        given: Option<&serde_json::Value>,
    ) -> Result<Self, Stop> {
        let record = subject(tx, case).await?;
        let dues = dues(tx, service, record.as_ref(), &case.id).await?;
        let slots = slots::beside(tx, &service.looks_at(case, given)).await?;
        let mut around = Self { record, dues, slots, ..Self::default() };
        let mut numbers = form::links(&service.form, &case.answers);
        numbers.extend(given.map(|given| form::named(&service.form, given)).unwrap_or_default());
        around.name(app, tenant, tx, (service, &case.id), &numbers).await?;
        Ok(around)
    }

    /// Reads the records that answers name, and what is under way on them beside the case `id`; beyond a limit
    /// they are not looked for, and refused.
    pub(crate) async fn name(
        &mut self,
        app: &App,
        tenant: &Tenant,
        tx: &mut Tx,
        (service, id): (&Service, &str),
        numbers: &[(Name, String)],
    ) -> Result<(), Stop> {
        let (dues, cases) = (service.asks_for_named_dues(), service.asks_for_open_cases());
        for (registry, number) in numbers.iter().take(limits::RECORDS_NAMED) {
            let Some(record) = records::load_typed(tx, registry, number).await? else { continue };
            let mut pending = Pending::default();
            if dues {
                pending.dues = records::dues(tx, &record.registry, &record.number, id).await?;
            }
            if cases {
                pending.open_cases = open_cases(app, tenant, tx, &record, id).await?;
            }
            self.named.push(record);
            self.pending.push(pending);
        }
        Ok(())
    }

    /// What a decision is told that draws no numbers.
    pub fn context<'a>(&'a self, now: Moment, tenant: &'a Tenant) -> Context<'a> {
        Context::new(now, tenant)
            .about(self.record.as_ref(), self.dues)
            .naming(&self.named, &self.pending)
            .beside(&self.slots)
            .known_as(self.citizen.as_deref())
    }
}

/// How many cases that concern a record, beside the case `id`, are yet to be decided: each as the definition says
/// that it began with.
async fn open_cases(app: &App, tenant: &Tenant, tx: &mut Tx, record: &Record, id: &str) -> Result<i64, Stop> {
    let mut open = 0;
    for (definition, state, count) in found::standing_on(tx, (&record.registry, &record.number), id).await? {
        if app.service_in(tx, tenant, &definition).await?.is_undecided(&state) {
            open += count;
        }
    }
    Ok(open)
}

/// What is owed on the record of the case `id` in other cases; looked up only for services that ask.
pub async fn dues(tx: &mut Tx, service: &Service, record: Option<&Record>, id: &str) -> store::Result<Money> {
    match record {
        Some(record) if service.asks_for_dues() => records::dues(tx, &record.registry, &record.number, id).await,
        _ => Ok(Money::ZERO),
    }
}
