//! Bills for a whole register: every record of it that is in force is billed for a period, in
//! transactions of many records.
//!
//! A record that was billed for the period is passed over, so that a run that was cut off at any moment
//! is simply run again: it goes on where it stopped, and nobody is billed twice.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::{Day, Money, Name};
use engine::case::{self, Actor, Case, Command, Context, Outcome, Refusal, decide};
use engine::registry::{Record, Serials};
use engine::service::{Opens, Service};
use engine::tenant::Tenant;
use engine::workflow::Action;

use crate::act;
use crate::app::App;
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::Finding;
use crate::store::record::{Recording, record};
use crate::store::{By, Tx, cases, json, people, records};

/// How many records one transaction bills.
const TOGETHER: i64 = 250;

/// What is to be billed.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// A day of the period.
    pub day: Day,
    /// Whether only the sums are wanted, and nothing is written.
    pub dry: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Raised {
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
    tenant: &Tenant,
    service: &Service,
    asked: Asked,
    mut seen: impl FnMut(u64),
) -> Result<Raised, Problem> {
    let opens = service.opens.as_ref().ok_or(Refusal::NotInThisCase)?;
    let (mut raised, mut after) = (Raised::default(), String::new());
    loop {
        let mut run = Batch::begin(app, tenant, service, asked).await?;
        let page = records::page(&mut run.tx, &opens.for_each, &after, TOGETHER).await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(raised) };
        let accounts = accounts(&mut run.tx, service, opens, (&first.number, &last.number)).await?;
        let ids: Vec<String> = accounts.values().cloned().collect();
        let mut cases = cases::load_all(&mut run.tx, &ids).await?;
        run.find_mobiles(&page).await?;
        if !asked.dry {
            run.tx.hold();
        }
        for record in &page {
            let case = accounts.get(&record.number).and_then(|id| cases.remove(id));
            run.bill(record, case, &mut raised).await?;
        }
        after.clone_from(&last.number);
        seen(page.len() as u64);
        run.tx.commit().await?;
    }
}

/// The case by which each record is billed: the first that was opened of those that stand where a period
/// may begin.
async fn accounts(
    tx: &mut Tx,
    service: &Service,
    opens: &Opens,
    span: (&str, &str),
) -> Result<BTreeMap<String, String>, Problem> {
    let states = service.workflow.states.iter();
    let billed = states.filter(|state| state.actions.iter().any(Action::begins_period));
    let billed: BTreeSet<&Name> = billed.map(|state| &state.name).collect();
    let mut accounts = BTreeMap::new();
    for (number, id, state) in cases::of_records(tx, &service.id, &opens.for_each, span).await? {
        if billed.contains(&state) {
            accounts.entry(number).or_insert(id);
        }
    }
    Ok(accounts)
}

/// Records that are billed in one transaction.
struct Batch<'a> {
    app: &'a App,
    tenant: &'a Tenant,
    service: &'a Service,
    asked: Asked,
    tx: Tx,
    serials: Serials,
    system: Actor,
    command: Command,
    /// The mobile numbers of those who hold the records.
    mobiles: BTreeMap<String, String>,
}

impl<'a> Batch<'a> {
    async fn begin(app: &'a App, tenant: &'a Tenant, service: &'a Service, asked: Asked) -> Result<Self, Problem> {
        let now = app.clock.now(tenant);
        let (tx, serials) = if asked.dry {
            (app.store.read(&tenant.id).await?, Serials::default())
        } else {
            let mut tx = app.store.begin(&tenant.id).await?;
            let serials = act::draw_from(&mut tx, service, tenant, now).await?;
            act::publish(&mut tx, service, now.ms).await?;
            (tx, serials)
        };
        let command = Command::Period { day: asked.day };
        Ok(Self {
            app,
            tenant,
            service,
            asked,
            tx,
            serials,
            system: Actor::system(),
            command,
            mobiles: BTreeMap::new(),
        })
    }

    /// Finds the mobile numbers of those who hold records, by which their cases are searched.
    async fn find_mobiles(&mut self, page: &[Record]) -> Result<(), Problem> {
        if !self.asked.dry {
            let holders: BTreeSet<String> = page.iter().map(|record| record.holder.clone()).collect();
            let holders: Vec<String> = holders.into_iter().collect();
            self.mobiles = people::mobiles_of_holders(&mut self.tx, &self.tenant.state, &holders).await?;
        }
        Ok(())
    }

    /// Bills a record by its case, or by one that is opened for it.
    async fn bill(&mut self, about: &Record, case: Option<Case>, raised: &mut Raised) -> Result<(), Problem> {
        let now = self.app.clock.now(self.tenant);
        let around = Context::new(now, self.tenant).about(Some(about), Money::ZERO);
        let context = || Context { serials: self.serials.clone(), ..around.clone() };
        let opened = case.is_none();
        let case = match case {
            Some(case) => Ok(case),
            None => case::account(self.service, &self.app.chance.id(), &self.service.language, &context()),
        };
        let decided = case.and_then(|case| {
            let outcome = decide(self.service, &case, &self.system, &self.command, context())?;
            Ok((case, outcome))
        });
        match decided {
            Ok((case, outcome)) => {
                raised.billed += 1;
                self.add_up(&outcome, raised);
                if !self.asked.dry {
                    self.write(&case, &outcome, opened, now.ms).await?;
                }
            }
            Err(Refusal::BilledBefore) => raised.before += 1,
            // Records that ended are not worth a word: they are no longer billed.
            Err(Refusal::RecordNotFit) => {}
            Err(refusal) => raised.not.push((about.number.clone(), refusal)),
        }
        Ok(())
    }

    fn add_up(&self, outcome: &Outcome, raised: &mut Raised) {
        let place = finding::place(&self.service.form, &outcome.case.answers);
        let Some(demand) = outcome.case.demands.last() else { return };
        for line in &demand.lines {
            let sum = raised.sums.entry((place.to_owned(), line.head.clone())).or_default();
            *sum = *sum + line.amount;
        }
    }

    async fn write(&mut self, case: &Case, outcome: &Outcome, opened: bool, now_ms: i64) -> Result<(), Problem> {
        let place = finding::place(&self.service.form, &outcome.case.answers);
        let by = By::system(now_ms);
        if opened {
            cases::insert_open(&mut self.tx, case, by, None, Finding { place, terms: None }).await?;
        }
        let renewed = opened || outcome.case.answers != case.answers || outcome.case.number != case.number;
        let terms = if renewed {
            let mut terms = finding::terms(&self.service.form, &outcome.case.answers);
            let mobile = self.mobiles.get(&outcome.case.applicant);
            terms.extend(mobile.map(|mobile| ("applicant".to_owned(), mobile.clone())));
            Some(terms)
        } else {
            None
        };
        let command = json::command(&self.command);
        let finding = Finding { place, terms: terms.as_deref() };
        record(&mut self.tx, Recording { before: case, outcome, command: &command, by, key: None, finding }).await?;
        self.serials.clone_from(&outcome.serials);
        Ok(())
    }
}
