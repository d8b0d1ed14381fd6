//! Cases that come round: one for each turn of each record of a register, in transactions of many records.
//!
//! The case is recorded under a key that names the turn. A turn whose key is there is passed over, whatever became of
//! its case, so that a run that was cut off at any moment is simply run again, and nobody is told twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::base::{Day, Moment, Money};
use engine::case::{self, Actor, Case, Command, Context, Outcome, Refusal, decide};
use engine::form;
use engine::registry::{Record, Serials};
use engine::service::{Service, Turns};
use engine::tenant::Tenant;

use crate::act;
use crate::ahead::{self, Work};
use crate::app::App;
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::Finding;
use crate::store::record::{Recording, record};
use crate::store::{By, Store, Tx, cases, events, found, json, people, records};

/// How many records are looked at in one transaction.
const TOGETHER: i64 = 500;

/// What came of a register.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// How many records were looked at.
    pub seen: u64,
    /// For how many a case was opened.
    pub opened: u64,
    /// Records whose turn it is and for which none could be, and why: number, reason.
    pub not: Vec<(String, Refusal)>,
}

impl Opened {
    /// Adds what came of other records.
    fn add(&mut self, other: Self) {
        self.seen += other.seen;
        self.opened += other.opened;
        self.not.extend(other.not);
    }
}

/// Opens a case of `service` for every record of its register whose turn it is today, unless one was opened for that
/// turn or another one is open on the record.
///
/// # Errors
/// When the store fails; what was opened before stays open.
pub async fn open(app: &App, tenant: &Arc<Tenant>, service: &Arc<Service>) -> Result<Opened, Problem> {
    let register = Register { app: app.clone(), tenant: Arc::clone(tenant), service: Arc::clone(service) };
    let mut opened = Opened::default();
    ahead::run(&Arc::new(register), |part| opened.add(part)).await?;
    Ok(opened)
}

/// A register whose records have turns.
struct Register {
    app: App,
    tenant: Arc<Tenant>,
    service: Arc<Service>,
}

/// Records, and all that is known of those whose turn it is.
struct Batch {
    /// The number of the last record that was looked at.
    end: String,
    /// How many were looked at.
    seen: u64,
    /// Those for which a case is to be opened, with their turns.
    due: Vec<(Record, Day)>,
    /// What is owed on them, by their numbers, if the service asks.
    owed: BTreeMap<String, Money>,
    /// The mobile numbers of those who hold them, by which their cases are searched.
    mobiles: BTreeMap<String, String>,
    /// The languages in which they are told.
    languages: BTreeMap<String, String>,
}

impl Register {
    fn turns(&self) -> Result<&Turns, Problem> {
        Ok(self.service.turns.as_ref().ok_or(Refusal::NotInThisCase)?)
    }

    async fn read(&self, tx: &mut Tx, after: &str) -> Result<Option<Batch>, Problem> {
        let turns = self.turns()?;
        let records = records::page(tx, &turns.for_each, after, TOGETHER).await?;
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(None) };
        let (end, seen) = (last.number.clone(), records.len() as u64);
        let open = self.open_on(tx, turns, (&first.number, &end)).await?;
        let (today, calendar) = (self.app.clock.now(&self.tenant).day(), &self.tenant.calendar);
        let free = records.into_iter().filter(|record| !open.contains(&record.number));
        let due = free.filter_map(|record| turns.due(&record, today, calendar).map(|day| (record, day)));
        let mut due: Vec<(Record, Day)> = due.collect();
        let keys: Vec<String> = due.iter().map(|(record, day)| self.key(record, *day)).collect();
        let known = events::known_keys(tx, &keys).await?;
        due.retain(|(record, day)| !known.contains(&self.key(record, *day)));
        let asks = self.service.asks_for_dues();
        let asked: Vec<String> = due.iter().filter(|_| asks).map(|(record, _)| record.number.clone()).collect();
        let owed = records::dues_of_many(tx, &turns.for_each, &asked).await?;
        let holders: BTreeSet<String> = due.iter().map(|(record, _)| record.holder.clone()).collect();
        let holders: Vec<String> = holders.into_iter().collect();
        let mobiles = people::mobiles_of_holders(tx, &self.tenant.state, &holders).await?;
        let languages = people::languages_of_holders(tx, &self.tenant.state, &holders).await?;
        Ok(Some(Batch { end, seen, due, owed, mobiles, languages }))
    }

    /// The numbers of the records on which a case of the service is open, as the definition says that each began with:
    /// the present one may not know the state in which an old case has ended.
    async fn open_on(&self, tx: &mut Tx, turns: &Turns, span: (&str, &str)) -> Result<BTreeSet<String>, Problem> {
        let mut open = BTreeSet::new();
        for (number, definition, state) in cases::sent_on_records(tx, &self.service.id, &turns.for_each, span).await? {
            let service = self.app.service_in(tx, &self.tenant, &definition).await?;
            if service.workflow.state(&state).is_none_or(|state| state.end.is_none()) {
                open.insert(number);
            }
        }
        Ok(open)
    }

    fn key(&self, record: &Record, day: Day) -> String {
        Turns::key(&self.service.id, record, day)
    }

    /// The case of a turn, and what telling of it leads to.
    fn decide_on(
        &self,
        (about, day): &(Record, Day),
        batch: &Batch,
        now: Moment,
        serials: Serials,
    ) -> Result<(Case, Outcome), Refusal> {
        let Self { app, tenant, service } = self;
        let spoken = batch.languages.get(&about.holder).filter(|language| tenant.languages.contains(*language));
        let language = spoken.or(tenant.languages.first()).map_or(service.language.as_str(), String::as_str);
        let owed = batch.owed.get(&about.number).copied().unwrap_or(Money::ZERO);
        let context = Context::new(now, tenant).about(Some(about), owed);
        let (case, _) = case::turn(service, &app.chance.ordered_id(now.ms), language, &context)?;
        let command = Command::Turn { day: *day };
        let outcome = decide(service, &case, &Actor::system(), &command, context.drawing(serials))?;
        Ok((case, outcome))
    }

    /// Writes a case that was just opened.
    async fn write(
        &self,
        tx: &mut Tx,
        (case, outcome): (&Case, &Outcome),
        (key, day): (&str, Day),
        mobile: Option<&String>,
        now: Moment,
    ) -> Result<(), Problem> {
        let (form, answers) = (&self.service.form, &outcome.case.answers);
        let mut terms = finding::terms(form, answers);
        terms.extend(finding::pairs(form, answers, &self.tenant.places));
        terms.extend(mobile.map(|mobile| (cases::APPLICANT.to_owned(), mobile.clone())));
        let finding = Finding { place: finding::place(form, answers), terms: Some(&terms) };
        let (by, command) = (By::system(now.ms), json::command(&Command::Turn { day }));
        let recording =
            Recording { before: case, outcome, command: &command, by, key: Some(key), finding, opens: true };
        record(tx, recording).await?;
        Ok(found::add_links(tx, &case.id, &form::links(form, answers)).await?)
    }
}

impl Work for Register {
    /// The number of the last record that was looked at.
    type Place = String;
    type Batch = Batch;
    type Decided = Batch;
    type Told = Opened;

    fn store(&self) -> (&Store, &str) {
        (&self.app.store, &self.tenant.id)
    }

    async fn next(&self, place: &String) -> Result<Option<Batch>, Problem> {
        let mut tx = self.app.store.read(&self.tenant.id).await?;
        let batch = self.read(&mut tx, place).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn again(&self, tx: &mut Tx, place: &String, batch: Batch) -> Result<Batch, Problem> {
        // Records are never taken away, so that there are some.
        Ok(self.read(tx, place).await?.unwrap_or(batch))
    }

    fn end(&self, batch: &Batch) -> String {
        batch.end.clone()
    }

    async fn hold(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(act::hold(tx, &self.service, &self.tenant, self.app.clock.now(&self.tenant)).await?)
    }

    fn decide(&self, batch: Batch, _: &mut Serials) -> Result<Batch, Problem> {
        // Few records of a batch have their turn: each is decided on where it is written.
        Ok(batch)
    }

    async fn record(&self, batch: Batch, tx: &mut Tx) -> Result<Opened, Problem> {
        let mut serials = tx.stand().map_or_else(Serials::default, |stand| stand.serials());
        let mut opened = Opened { seen: batch.seen, ..Opened::default() };
        let now = self.app.clock.now(&self.tenant);
        for due in &batch.due {
            let (about, day) = due;
            match self.decide_on(due, &batch, now, serials.clone()) {
                Ok((case, outcome)) => {
                    let (key, mobile) = (self.key(about, *day), batch.mobiles.get(&about.holder));
                    self.write(tx, (&case, &outcome), (&key, *day), mobile, now).await?;
                    serials.clone_from(&outcome.serials);
                    opened.opened += 1;
                }
                // What the service does not take, or another night has to do with, is not worth a word.
                Err(Refusal::NotYet | Refusal::RecordNotFit | Refusal::NotOnThisRecord(_)) => {}
                Err(refusal) => opened.not.push((about.number.clone(), refusal)),
            }
        }
        Ok(opened)
    }
}
