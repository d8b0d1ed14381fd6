//! What was done in a span of time, and whom it concerned: what those must be told who watch over data, and the
//! people themselves, after somebody got in.

use std::collections::{BTreeMap, BTreeSet};

use engine::tenant::Tenant;
use serde_json::json;

use crate::app::App;
use crate::problem::Problem;
use crate::store::events::{self, Deed};
use crate::store::{By, carry, cases, people};

/// Keys that one statement asks for.
const ASKED: usize = 500;

/// What was done in a town.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// Every deed, in order.
    pub deeds: Vec<Deed>,
    /// Whom it concerned.
    pub people: Vec<Concerned>,
}

/// Somebody whom it concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// The person's key.
    pub id: String,
    /// The name.
    pub name: String,
    /// The mobile number, to tell the person.
    pub mobile: String,
    /// The cases with which something was done: their numbers, or keys if they were not sent.
    pub cases: Vec<String>,
    /// Whether somebody looked at what is masked.
    pub looked: bool,
}

/// What was done in a town from the instant `from_ms` on and before `until_ms`. That it was asked for is written
/// down, since it names people.
pub async fn in_town(app: &App, tenant: &Tenant, (from_ms, until_ms): (i64, i64)) -> Result<Incident, Problem> {
    let mut tx = app.store.read_all().await?;
    carry::turn_to(&mut tx, &tenant.id).await?;
    let deeds = events::deeds(&mut tx, from_ms, until_ms).await?;
    drop(tx);
    let looked: BTreeSet<&str> =
        deeds.iter().filter(|deed| deed.word == "unmask").filter_map(|deed| deed.case.as_deref()).collect();
    let touched: BTreeSet<&str> = deeds.iter().filter_map(|deed| deed.case.as_deref()).collect();
    let touched: Vec<String> = touched.into_iter().map(str::to_owned).collect();
    let mut by_person: BTreeMap<String, (Vec<String>, bool)> = BTreeMap::new();
    for some in touched.chunks(ASKED) {
        let mut tx = app.store.read(&tenant.id).await?;
        for row in cases::among(&mut tx, some).await? {
            let (numbers, was_looked_at) = by_person.entry(row.applicant).or_default();
            *was_looked_at |= looked.contains(row.id.as_str());
            numbers.push(row.number.unwrap_or(row.id));
        }
    }
    let people = concerned(app, tenant, by_person).await?;
    let by = By::system(app.clock.now_ms());
    let facts = json!({ "from_ms": from_ms, "until_ms": until_ms, "deeds": deeds.len(), "people": people.len() });
    let mut tx = app.store.begin(&tenant.id).await?;
    events::note(&mut tx, by, None, "incident", facts).await?;
    tx.commit().await?;
    Ok(Incident { deeds, people })
}

/// The people behind these keys, who belong to the state of the town.
async fn concerned(
    app: &App,
    tenant: &Tenant,
    mut by_person: BTreeMap<String, (Vec<String>, bool)>,
) -> Result<Vec<Concerned>, Problem> {
    let ids: Vec<String> = by_person.keys().cloned().collect();
    let mut found = Vec::new();
    for some in ids.chunks(ASKED) {
        let mut tx = app.store.read(&tenant.state).await?;
        for person in people::among(&mut tx, some).await? {
            let (cases, looked) = by_person.remove(&person.id).unwrap_or_default();
            let mobile = person.mobile.unwrap_or_default();
            found.push(Concerned { id: person.id, name: person.name, mobile, cases, looked });
        }
    }
    Ok(found)
}
