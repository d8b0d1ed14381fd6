//! Writing down the records of a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::case::{self, Actor, Command, Context, decide};
use engine::import::Import;
use engine::registry::Serials;
use engine::service::Service;
use engine::tenant::Tenant;

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
use crate::store::{By, Store, Tx, events, found, json};

/// How many records one transaction takes over. Their terms come to all pages of an index: the more records go together,
/// the fewer times each page is written. What is held of them takes some 20 kB each, three times over: being decided
/// on, waiting, being written.
const TOGETHER: usize = 3_000;
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
        let now = self.clock.now(&self.tenant);
        let mut tx = self.store.begin(&self.tenant.state).await?;
        let mut known = Holders::new();
        for some in mobiles.chunks(LOOKED_UP) {
            known.extend(people::with_mobiles(&mut tx, some).await?);
        }
        events::hold(&mut tx).await?;
        tx.hold();
        for mobile in mobiles {
            if known.contains_key(&mobile) {
                continue;
            }
            let language = self.tenant.languages.first().cloned().unwrap_or_default();
            let person = Person::newcomer(self.chance.ordered_id(now.ms), mobile.clone(), language, now.ms);
            people::save(&mut tx, By::system(now.ms), &person).await?;
            known.insert(mobile, (person.id, person.name));
        }
        tx.commit().await?;
        Ok(known)
    }

    async fn one(&self, tx: &mut Tx, good: &Good, holders: &Holders, serials: Serials) -> Result<Serials, Problem> {
        let (service, tenant, taken) = (&self.service, &self.tenant, &good.taken);
        let (now, context) = (self.clock.now(tenant), Context::new(self.clock.now(tenant), tenant));
        let language = tenant.languages.first().map_or("en", String::as_str);
        let holder = taken.mobile.as_ref().and_then(|mobile| holders.get(mobile));
        let (id, applicant) = (self.chance.ordered_id(now.ms), holder.map_or("", |(id, _)| id));
        let case = case::open(service, &id, applicant, language, &context)?;
        let command = Command::TakeOver(Box::new(good.record()?));
        let outcome = decide(service, &case, &Actor::system(), &command, context.drawing(serials))?;
        // The number of a house finds the record, and the record leads to this case.
        let mut terms = finding::terms(&service.form, &outcome.case.answers);
        terms.extend(taken.mobile.clone().map(|mobile| ("applicant".to_owned(), mobile)));
        let place = finding::place(&service.form, &outcome.case.answers);
        let (command, key) = (json::command(&command), key_of(&self.import, taken));
        let recording = Recording {
            before: &case,
            outcome: &outcome,
            command: &command,
            by: By::system(now.ms),
            key: Some(&key),
            finding: Finding { place, terms: Some(&terms) },
            opens: true,
        };
        record(tx, recording).await?;
        for change in &outcome.records {
            let mut terms = finding::record_terms(&service.form, &change.record.answers, &tenant.places);
            terms.extend(holder.map(|(_, name)| ("holder".to_owned(), name.clone())));
            terms.extend(taken.mobile.clone().map(|mobile| ("holder".to_owned(), mobile)));
            found::add_terms(tx, &change.record, &terms).await?;
        }
        Ok(outcome.serials)
    }
}

impl Work for TakingOver {
    /// How many records were taken over.
    type Place = usize;
    type Batch = Batch;
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

    fn end(&self, batch: &Batch) -> usize {
        batch.from + self.part(batch.from).len()
    }

    async fn hold(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(act::hold(tx, &self.service, &self.tenant, self.clock.now(&self.tenant)).await?)
    }

    async fn decide(&self, batch: Batch, tx: &mut Tx) -> Result<u64, Problem> {
        let mut serials = tx.stand().map_or_else(Serials::default, |stand| stand.serials());
        let part = self.part(batch.from);
        for good in part {
            serials = self.one(tx, good, &batch.holders, serials).await?;
        }
        Ok(part.len() as u64)
    }
}
