//! Bills for records that are written in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::base::{Moment, Money, Name};
use engine::case::{self, Actor, Case, Command, Context, Outcome, Refusal, decide};
use engine::form;
use engine::registry::{Record, Serials};
use engine::service::{Opens, Service};
use engine::tenant::Tenant;
use engine::workflow::Action;

use super::{Asked, Raised};
use crate::act;
use crate::ahead::Work;
use crate::app::App;
use crate::chance::{Chance, Clock};
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::Finding;
use crate::store::record::{Recording, record};
use crate::store::{By, Store, Tx, cases, found, json, people, records};

/// How many records one transaction bills.
const TOGETHER: i64 = 500;

/// The billing of a register for a period.
pub(super) struct Billing {
    store: Store,
    clock: Clock,
    chance: Chance,
    tenant: Arc<Tenant>,
    service: Arc<Service>,
    asked: Asked,
}

/// Records, and all that is known of them.
pub(super) struct Batch {
    records: Vec<Record>,
    /// The case by which each is billed, by the number of the record.
    cases: BTreeMap<String, Case>,
    /// The mobile numbers of those who hold them, by which their cases are searched.
    mobiles: BTreeMap<String, String>,
}

impl Billing {
    pub(super) fn new(app: &App, tenant: &Arc<Tenant>, service: &Arc<Service>, asked: Asked) -> Self {
        Self {
            store: app.store.clone(),
            clock: app.clock.clone(),
            chance: app.chance.clone(),
            tenant: Arc::clone(tenant),
            service: Arc::clone(service),
            asked,
        }
    }

    fn opens(&self) -> Result<&Opens, Problem> {
        Ok(self.service.opens.as_ref().ok_or(Refusal::NotInThisCase)?)
    }

    /// The moment at which records are billed. What a year will bring is asked for before it begins: a dry run
    /// looks from the day on which the period is billed, if that is yet to come.
    fn moment(&self) -> Moment {
        let now = self.clock.now(&self.tenant);
        let Some(opens) = self.service.opens.as_ref().filter(|_| self.asked.dry) else { return now };
        let calendar = &self.tenant.calendar;
        let period = opens.every.period(self.asked.day, calendar);
        let begins = Moment::at(opens.billed_on(period), 0, calendar.offset_minutes);
        if begins.ms > now.ms { begins } else { now }
    }

    async fn read(&self, tx: &mut Tx, after: &str) -> Result<Option<Batch>, Problem> {
        let opens = self.opens()?;
        let records = records::page(tx, &opens.for_each, after, TOGETHER).await?;
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(None) };
        let accounts = self.accounts(tx, opens, (&first.number, &last.number)).await?;
        let ids: Vec<String> = accounts.values().cloned().collect();
        let mut found = cases::load_all(tx, &ids).await?;
        let cases = accounts.into_iter().filter_map(|(number, id)| Some((number, found.remove(&id)?))).collect();
        let mobiles = self.mobiles(tx, &records).await?;
        Ok(Some(Batch { records, cases, mobiles }))
    }

    /// The case by which each record is billed: the first that was opened of those that stand where a period
    /// may begin.
    async fn accounts(
        &self,
        tx: &mut Tx,
        opens: &Opens,
        span: (&str, &str),
    ) -> Result<BTreeMap<String, String>, Problem> {
        let states = self.service.workflow.states.iter();
        let billed = states.filter(|state| state.actions.iter().any(Action::begins_period));
        let billed: BTreeSet<&Name> = billed.map(|state| &state.name).collect();
        let mut accounts = BTreeMap::new();
        for (number, id, state) in cases::of_records(tx, &self.service.id, &opens.for_each, span).await? {
            if billed.contains(&state) {
                accounts.entry(number).or_insert(id);
            }
        }
        Ok(accounts)
    }

    async fn mobiles(&self, tx: &mut Tx, records: &[Record]) -> Result<BTreeMap<String, String>, Problem> {
        if self.asked.dry {
            return Ok(BTreeMap::new());
        }
        let holders: BTreeSet<String> = records.iter().map(|record| record.holder.clone()).collect();
        let holders: Vec<String> = holders.into_iter().collect();
        Ok(people::mobiles_of_holders(tx, &self.tenant.state, &holders).await?)
    }

    /// Bills a batch; `to` is where that is written, if it is.
    async fn bill(&self, mut batch: Batch, to: Option<&mut Tx>) -> Result<Raised, Problem> {
        let serials = to.as_ref().and_then(|tx| tx.stand()).map_or_else(Serials::default, |stand| stand.serials());
        let command = Command::Period { day: self.asked.day };
        let mut bills =
            Bills { billing: self, system: Actor::system(), told: json::command(&command), command, serials, to };
        let mut raised = Raised { seen: batch.records.len() as u64, ..Raised::default() };
        for record in &batch.records {
            let case = batch.cases.remove(&record.number);
            bills.add(record, case, &batch.mobiles, &mut raised).await?;
        }
        Ok(raised)
    }

    /// Says what would be billed.
    pub(super) async fn dry(&self, after: &str) -> Result<Option<(String, Raised)>, Problem> {
        let Some(batch) = self.next(&after.to_owned()).await? else { return Ok(None) };
        let end = self.end(&batch);
        Ok(Some((end, self.bill(batch, None).await?)))
    }
}

impl Work for Billing {
    /// The number of the last record that was billed.
    type Place = String;
    type Batch = Batch;
    type Decided = Batch;
    type Told = Raised;

    fn store(&self) -> (&Store, &str) {
        (&self.store, &self.tenant.id)
    }

    async fn next(&self, place: &String) -> Result<Option<Batch>, Problem> {
        let mut tx = self.store.read(&self.tenant.id).await?;
        let batch = self.read(&mut tx, place).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn again(&self, tx: &mut Tx, place: &String, batch: Batch) -> Result<Batch, Problem> {
        // Records are never taken away, so that there are some.
        Ok(self.read(tx, place).await?.unwrap_or(batch))
    }

    fn end(&self, batch: &Batch) -> String {
        batch.records.last().map(|record| record.number.clone()).unwrap_or_default()
    }

    async fn hold(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(act::hold(tx, &self.service, &self.tenant, self.clock.now(&self.tenant)).await?)
    }

    fn decide(&self, batch: Batch, _: &mut Serials) -> Result<Batch, Problem> {
        // A bill is decided on and written record by record: what is owed adds up beside it.
        Ok(batch)
    }

    async fn record(&self, batch: Batch, tx: &mut Tx) -> Result<Raised, Problem> {
        self.bill(batch, Some(tx)).await
    }
}

/// Bills in the making.
struct Bills<'a> {
    billing: &'a Billing,
    system: Actor,
    command: Command,
    /// The command, as events tell it.
    told: serde_json::Value,
    serials: Serials,
    to: Option<&'a mut Tx>,
}

impl Bills<'_> {
    /// Bills a record by its case, or by one that is opened for it.
    async fn add(
        &mut self,
        about: &Record,
        case: Option<Case>,
        mobiles: &BTreeMap<String, String>,
        raised: &mut Raised,
    ) -> Result<(), Problem> {
        let Billing { chance, tenant, service, .. } = self.billing;
        let now = self.billing.moment();
        let context = Context::new(now, tenant).about(Some(about), Money::ZERO);
        let opens = case.is_none();
        let case = match case {
            Some(case) => Ok(case),
            None => case::account(service, &chance.ordered_id(now.ms), &service.language, &context),
        };
        let decided = case.and_then(|case| {
            let context = context.drawing(self.serials.clone());
            let outcome = decide(service, &case, &self.system, &self.command, context)?;
            Ok((case, outcome))
        });
        match decided {
            Ok((case, outcome)) => {
                raised.billed += 1;
                raised.add_up(finding::place(&service.form, &outcome.case.answers), &outcome);
                self.write((&case, opens), &outcome, mobiles, now.ms).await?;
            }
            Err(Refusal::BilledBefore) => raised.before += 1,
            // Records that ended are not worth a word: they are no longer billed.
            Err(Refusal::RecordNotFit) => {}
            Err(refusal) => raised.not.push((about.number.clone(), refusal)),
        }
        Ok(())
    }

    async fn write(
        &mut self,
        (case, opens): (&Case, bool),
        outcome: &Outcome,
        mobiles: &BTreeMap<String, String>,
        now_ms: i64,
    ) -> Result<(), Problem> {
        let Some(tx) = self.to.as_deref_mut() else { return Ok(()) };
        let form = &self.billing.service.form;
        let renewed = opens || outcome.case.answers != case.answers || outcome.case.number != case.number;
        let terms = renewed.then(|| {
            let mut terms = finding::terms(form, &outcome.case.answers);
            let mobile = mobiles.get(&outcome.case.applicant);
            terms.extend(mobile.map(|mobile| ("applicant".to_owned(), mobile.clone())));
            terms
        });
        let finding = Finding { place: finding::place(form, &outcome.case.answers), terms: terms.as_deref() };
        let (by, command) = (By::system(now_ms), &self.told);
        record(tx, Recording { before: case, outcome, command, by, key: None, finding, opens }).await?;
        if opens {
            found::add_links(tx, &case.id, &form::links(form, &outcome.case.answers)).await?;
        }
        self.serials.clone_from(&outcome.serials);
        Ok(())
    }
}
