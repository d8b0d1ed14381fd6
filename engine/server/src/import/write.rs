//! Writing down the records of a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::case::{self, Actor, Case, Command, Context, Outcome, decide};
use engine::form;
use engine::import::Import;
use engine::registry::Serials;
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::Value as Json;

use super::{Asked, Good, key_of};
use crate::act;
use crate::ahead::{self, Work};
use crate::app::App;
use crate::chance::{Chance, Clock};
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::Finding;
use crate::store::people::{self, Person};
use crate::store::record::{Recording, record};
use crate::store::{By, Store, Tx, events, found, json, serials};

/// How many records are taken over together. Their terms come to all pages of an index: the more records go together,
/// the fewer times each page is written. What is held of them takes some 20 kB each, three times over: being
/// recorded, waiting, being written.
const TOGETHER: usize = 3_000;
/// How many of these are written in one transaction: nothing more is held of them, and the pages of indexes that both
/// come to are written once.
const AT_ONCE: usize = 2;
/// Mobile numbers that are looked up in one statement: a database goes through the names of values one by one.
const LOOKED_UP: usize = 250;

pub(super) async fn all(app: &App, asked: Asked<'_>, good: &Arc<[Good]>, seen: impl FnMut(u64)) -> Result<(), Problem> {
    let work = TakingOver {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        tenant: Arc::clone(asked.tenant),
        service: Arc::clone(asked.service),
        import: asked.import.clone(),
        good: Arc::clone(good),
    };
    work.store.make_room().await?;
    ahead::run(&Arc::new(work), seen).await
}

/// Records that are taken over, and by whom.
struct TakingOver {
    store: Store,
    clock: Clock,
    chance: Chance,
    tenant: Arc<Tenant>,
    service: Arc<Service>,
    import: Import,
    good: Arc<[Good]>,
}

/// Those who hold records, by mobile number: key and name.
type Holders = BTreeMap<String, (String, String)>;

/// Records from a place on, and those who hold them.
struct Batch {
    from: usize,
    holders: Holders,
}

/// What taking over a record leads to, and what the record and its case are found by.
struct Act {
    at_ms: i64,
    case: Case,
    command: Json,
    outcome: Outcome,
    terms: Vec<(String, String)>,
    /// Of each record that it makes.
    found_by: Vec<Vec<(String, String)>>,
}

impl TakingOver {
    fn part(&self, from: usize) -> &[Good] {
        let rest = self.good.get(from..).unwrap_or_default();
        rest.get(..TOGETHER).unwrap_or(rest)
    }

    /// The people whose mobile numbers stand in the rows; who is not known yet is written down first.
    async fn holders(&self, part: &[Good]) -> Result<Holders, Problem> {
        let mobiles: Vec<String> = part.iter().filter_map(|good| good.taken.mobile.clone()).collect();
        if mobiles.is_empty() {
            return Ok(Holders::new());
        }
        let now_ms = self.clock.now(&self.tenant).ms;
        if let Some(holders) = self.holders_ahead(&mobiles, now_ms).await? {
            return Ok(holders);
        }
        let mut tx = self.store.begin(&self.tenant.state).await?;
        // Nobody else enters one of them in between.
        events::hold(&mut tx).await?;
        let mut holders = known(&mut tx, &mobiles).await?;
        tx.hold();
        for person in self.newcomers(&mobiles, &mut holders, now_ms) {
            people::save(&mut tx, By::system(now_ms), &person).await?;
        }
        tx.commit().await?;
        Ok(holders)
    }

    /// The same, looked up and recorded before the state is held: on SQLite the records of the town wait for whoever
    /// holds it. Nothing if somebody else has written in the state meanwhile, or nobody ever has.
    async fn holders_ahead(&self, mobiles: &[String], now_ms: i64) -> Result<Option<Holders>, Problem> {
        let state = &self.tenant.state;
        let mut tx = self.store.read(state).await?;
        let mut holders = known(&mut tx, mobiles).await?;
        // People have no numbers of a series: it is the end of the chain that is looked for.
        serials::load(&mut tx, &[]).await?;
        let stand = tx.stand();
        tx.commit().await?;
        let Some(stand) = stand else { return Ok(None) };
        let newcomers = self.newcomers(mobiles, &mut holders, now_ms);
        if newcomers.is_empty() {
            return Ok(Some(holders));
        }
        let mut ahead = self.store.ahead(state, stand.clone());
        for person in &newcomers {
            people::save(&mut ahead, By::system(now_ms), person).await?;
        }
        let ready = ahead.ready(stand)?;
        let mut tx = self.store.begin(state).await?;
        events::hold(&mut tx).await?;
        if !tx.write_ready(ready).await? {
            tx.rollback().await?;
            return Ok(None);
        }
        tx.commit().await?;
        Ok(Some(holders))
    }

    /// Those whose numbers `holders` does not have yet, in the order of the rows; from then on it has them.
    fn newcomers(&self, mobiles: &[String], holders: &mut Holders, now_ms: i64) -> Vec<Person> {
        let mut newcomers = Vec::new();
        for mobile in mobiles {
            if holders.contains_key(mobile) {
                continue;
            }
            let language = self.tenant.languages.first().cloned().unwrap_or_default();
            let person = Person::newcomer(self.chance.ordered_id(now_ms), mobile.clone(), language, now_ms);
            holders.insert(mobile.clone(), (person.id.clone(), person.name.clone()));
            newcomers.push(person);
        }
        newcomers
    }

    /// What taking over one record leads to.
    fn one(&self, good: &Good, holders: &Holders, serials: &mut Serials) -> Result<Act, Problem> {
        let (service, tenant, taken) = (&self.service, &self.tenant, &good.taken);
        let context = Context::new(self.clock.now(tenant), tenant);
        let now = context.now;
        let language = tenant.languages.first().map_or("en", String::as_str);
        let holder = taken.mobile.as_ref().and_then(|mobile| holders.get(mobile));
        let (id, applicant) = (self.chance.ordered_id(now.ms), holder.map_or("", |(id, _)| id));
        let case = case::open(service, &id, applicant, language, &context)?;
        let command = Command::TakeOver(Box::new(good.record()?));
        let context = context.drawing(std::mem::take(serials));
        let outcome = decide(service, &case, &Actor::system(), &command, context)?;
        serials.clone_from(&outcome.serials);
        // The number of a house finds the record, and the record leads to this case.
        let mut terms = finding::terms(&service.form, &outcome.case.answers);
        terms.extend(taken.mobile.clone().map(|mobile| ("applicant".to_owned(), mobile)));
        let found_by = outcome.records.iter().map(|change| {
            let mut terms = finding::record_terms(&service.form, &change.record.answers, &tenant.places);
            terms.extend(holder.map(|(_, name)| ("holder".to_owned(), name.clone())));
            terms.extend(taken.mobile.clone().map(|mobile| ("holder".to_owned(), mobile)));
            terms
        });
        let found_by = found_by.collect();
        Ok(Act { at_ms: now.ms, case, command: json::command(&command), outcome, terms, found_by })
    }

    async fn write(&self, tx: &mut Tx, good: &Good, act: &Act) -> Result<(), Problem> {
        let Act { at_ms, case, outcome, command, terms, found_by } = act;
        let (place, key) =
            (finding::place(&self.service.form, &outcome.case.answers), key_of(&self.import, &good.taken));
        let recording = Recording {
            before: case,
            outcome,
            command,
            by: By::system(*at_ms),
            key: Some(&key),
            finding: Finding { place, terms: Some(terms) },
            opens: true,
        };
        record(tx, recording).await?;
        found::add_links(tx, &case.id, &form::links(&self.service.form, &outcome.case.answers)).await?;
        for (change, terms) in outcome.records.iter().zip(found_by) {
            found::add_terms(tx, &change.record, terms).await?;
        }
        Ok(())
    }
}

/// Those of `mobiles` that the state knows.
async fn known(tx: &mut Tx, mobiles: &[String]) -> Result<Holders, Problem> {
    let mut known = Holders::new();
    for some in mobiles.chunks(LOOKED_UP) {
        known.extend(people::with_mobiles(tx, some).await?);
    }
    Ok(known)
}

impl Work for TakingOver {
    /// How many records were taken over.
    type Place = usize;
    type Batch = Batch;
    type Decided = (Batch, Vec<Act>);
    /// How many records it had.
    type Told = u64;

    fn store(&self) -> (&Store, &str) {
        (&self.store, &self.tenant.id)
    }

    async fn next(&self, place: &usize) -> Result<Option<Batch>, Problem> {
        let part = self.part(*place);
        if part.is_empty() {
            return Ok(None);
        }
        Ok(Some(Batch { from: *place, holders: self.holders(part).await? }))
    }

    async fn again(&self, _: &mut Tx, _: &usize, batch: Batch) -> Result<Batch, Problem> {
        // What stands in a table does not change.
        Ok(batch)
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn end(&self, batch: &Batch) -> usize {
        batch.from + self.part(batch.from).len()
    }

    async fn hold(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(act::hold(tx, &self.service, &self.tenant, self.clock.now(&self.tenant)).await?)
    }

    fn decide(&self, batch: Batch, serials: &mut Serials) -> Result<Self::Decided, Problem> {
        let acts = self.part(batch.from).iter().map(|good| self.one(good, &batch.holders, serials));
        let acts = acts.collect::<Result<_, _>>()?;
        Ok((batch, acts))
    }

    async fn record(&self, (batch, acts): Self::Decided, tx: &mut Tx) -> Result<u64, Problem> {
        for (good, act) in self.part(batch.from).iter().zip(&acts) {
            self.write(tx, good, act).await?;
        }
        Ok(acts.len() as u64)
    }
}
