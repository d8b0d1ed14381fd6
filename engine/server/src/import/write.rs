//! Writing down the records of a table.

use std::collections::BTreeMap;

use engine::case::{self, Actor, Command, Context, decide};
use engine::import::Taken;
use engine::registry::Serials;

use super::{Asked, key_of};
use crate::act;
use crate::app::App;
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::Finding;
use crate::store::people::{self, Person};
use crate::store::record::{Recording, record};
use crate::store::{self, By, Tx, cases, json};

/// How many records one transaction takes over.
const TOGETHER: usize = 250;

pub(super) async fn all(
    app: &App,
    asked: Asked<'_>,
    good: &[(usize, Taken)],
    mut seen: impl FnMut(u64),
) -> Result<(), Problem> {
    for part in good.chunks(TOGETHER) {
        let holders = holders(app, asked, part).await?;
        let now = app.clock.now(asked.tenant);
        let mut tx = app.store.begin(&asked.tenant.id).await?;
        let mut serials = act::draw_from(&mut tx, asked.service, asked.tenant, now).await?;
        act::publish(&mut tx, asked.service, now.ms).await?;
        tx.hold();
        for (_, taken) in part {
            let holder = taken.mobile.as_ref().and_then(|mobile| holders.get(mobile)).map_or("", String::as_str);
            serials = one(app, asked, &mut tx, (taken, holder), serials).await?;
        }
        tx.commit().await?;
        seen(part.len() as u64);
    }
    Ok(())
}

/// The people whose mobile numbers stand in the rows; who is not known yet is written down first.
async fn holders(app: &App, asked: Asked<'_>, part: &[(usize, Taken)]) -> Result<BTreeMap<String, String>, Problem> {
    let mobiles: Vec<String> = part.iter().filter_map(|(_, taken)| taken.mobile.clone()).collect();
    if mobiles.is_empty() {
        return Ok(BTreeMap::new());
    }
    let now = app.clock.now(asked.tenant);
    let mut tx = app.store.begin(&asked.tenant.state).await?;
    let mut known = people::with_mobiles(&mut tx, &mobiles).await?;
    store::events::hold(&mut tx).await?;
    tx.hold();
    for mobile in mobiles {
        if known.contains_key(&mobile) {
            continue;
        }
        let language = asked.tenant.languages.first().cloned().unwrap_or_default();
        let person = Person::newcomer(app.chance.id(), mobile.clone(), language, now.ms);
        people::save(&mut tx, By::system(now.ms), &person).await?;
        known.insert(mobile, person.id);
    }
    tx.commit().await?;
    Ok(known)
}

async fn one(
    app: &App,
    asked: Asked<'_>,
    tx: &mut Tx,
    (taken, holder): (&Taken, &str),
    serials: Serials,
) -> Result<Serials, Problem> {
    let (now, service) = (app.clock.now(asked.tenant), asked.service);
    let context = || Context::new(now, asked.tenant);
    let language = asked.tenant.languages.first().map_or("en", String::as_str);
    let case = case::open(service, &app.chance.id(), holder, language, &context())?;
    let command = Command::TakeOver(Box::new(taken.record.clone()));
    let outcome = decide(service, &case, &Actor::system(), &command, context().drawing(serials))?;
    let place = finding::place(&service.form, &outcome.case.answers);
    let by = By::system(now.ms);
    cases::insert_open(tx, &case, by, None, Finding { place, terms: None }).await?;
    let mut terms = finding::terms(&service.form, &outcome.case.answers);
    terms.extend(taken.mobile.clone().map(|mobile| ("applicant".to_owned(), mobile)));
    let (command, key) = (json::command(&command), key_of(asked.import, taken));
    let finding = Finding { place, terms: Some(&terms) };
    let recording = Recording { before: &case, outcome: &outcome, command: &command, by, key: Some(&key), finding };
    record(tx, recording).await?;
    Ok(outcome.serials)
}
