//! Moving open cases of a service to the definition that is served now.
//!
//! Each case is looked at first, and what stands in the way is said; a case that may move is moved by an event in
//! the town's chain, in a transaction of its own. So a run that was cut off is simply run again.

use std::sync::Arc;

use anyhow::Context as _;
use engine::base::Name;
use engine::case::{Actor, Command, Hindrance, decide, hindrances};
use engine::service::Service;
use engine::tenant::Tenant;

use crate::act::{Around, publish};
use crate::app::App;
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::{self, Finding};
use crate::store::record::{Recording, record};
use crate::store::{self, By, found, json, retry};

/// Cases whose keys are read at a time.
const BATCH: i64 = 500;

/// What is to be moved.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The digest of the definition that the cases have.
    pub from: &'a str,
    /// Whether nothing is written.
    pub dry: bool,
}

/// What became of one case.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Its key.
    pub case: String,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// What stands in the way; it was moved, or would be, if nothing does.
    pub hindrances: Vec<Hindrance>,
}

/// Looks at every open case of `to`'s service in `tenant` that has the definition `asked.from`, and moves those in
/// whose way nothing stands. Each is told to `tell`, in the order of their keys.
///
/// # Errors
/// When the store fails, or the old definition is not kept.
pub async fn migrate(
    app: &App,
    tenant: &Tenant,
    to: &Arc<Service>,
    asked: Asked<'_>,
    mut tell: impl FnMut(Looked),
) -> Result<(), Problem> {
    let mut after = String::new();
    let mut from = None;
    loop {
        let mut tx = app.store.read(&tenant.id).await?;
        let rows = cases::of_definition(&mut tx, (&to.id, asked.from), &after, BATCH).await?;
        drop(tx);
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after.clone_from(last);
        let old = match &from {
            Some(old) => Arc::clone(old),
            None => app.service_of(tenant, asked.from).await?,
        };
        for (id, state) in rows {
            if is_open(&old, &state)
                && let Some(looked) = one(app, tenant, (&old, to), &id, asked.dry).await?
            {
                tell(looked);
            }
        }
        from = Some(old);
    }
}

/// Whether a case in this state is still on its way.
fn is_open(service: &Service, state: &Name) -> bool {
    service.workflow.state(state).is_none_or(|state| state.end.is_none())
}

async fn one(
    app: &App,
    tenant: &Tenant,
    services: (&Service, &Service),
    id: &str,
    dry: bool,
) -> Result<Option<Looked>, Problem> {
    retry(|problem: &Problem| matches!(problem, Problem::Conflict), || attempt(app, tenant, services, id, dry)).await
}

/// Looks at one case, and moves it; nothing if it has moved on meanwhile.
async fn attempt(
    app: &App,
    tenant: &Tenant,
    (from, to): (&Service, &Service),
    id: &str,
    dry: bool,
) -> Result<Option<Looked>, Problem> {
    let mut tx = if dry { app.store.read(&tenant.id).await? } else { app.store.begin(&tenant.id).await? };
    let case = cases::load(&mut tx, id).await?.context("a case that was just there")?;
    if case.definition != from.digest || !is_open(from, &case.state) {
        return Ok(None);
    }
    let (now, system) = (app.clock.now(tenant), Actor::system());
    let around = Around::load(app, tenant, &mut tx, (to, &case), None).await?;
    let hindrances = hindrances(from, to, &case, &around.context(now, tenant));
    let looked = Looked { case: case.id.clone(), number: case.number.clone(), hindrances };
    if dry || !looked.hindrances.is_empty() {
        return Ok(Some(looked));
    }
    // New cases may not have begun with it yet: from now on it is kept in this town.
    publish(&mut tx, to, now.ms).await?;
    let command = Command::Migrate { from: from.digest.clone() };
    let outcome = decide(to, &case, &system, &command, around.context(now, tenant))?;
    let terms = crate::act::terms(&mut tx, tenant, to, &outcome.case).await?;
    let place = finding::place(&to.form, &outcome.case.answers);
    let recording = Recording {
        before: &case,
        outcome: &outcome,
        command: &json::command(&command),
        by: By::new(&system, now.ms),
        key: None,
        finding: Finding { place, terms: Some(&terms) },
        opens: false,
    };
    record(&mut tx, recording).await?;
    found::put_links(&mut tx, id, &engine::form::links(&to.form, &outcome.case.answers)).await?;
    tx.commit().await.map_err(|error| match error {
        error if error.is_passing() => Problem::Conflict,
        error => store::Error::into(error),
    })?;
    Ok(Some(looked))
}
