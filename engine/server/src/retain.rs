//! What people said is kept as long as their service says, and then erased. The time begins when a case ends, or,
//! if it was never sent, when it was begun. What a case owes, or is owed, is settled first. A file whose question has a
//! time of its own goes before.

use connectors::files::{Digest, TakeError};
use engine::base::date::MS_PER_DAY;
use engine::base::{Name, Span};
use engine::billing::{DemandStatus, Receipt};
use engine::case::Case;
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::problem::Problem;
use crate::store::erasures::{self, Ended};
use crate::store::{self, By, cases};

/// Cases that are looked at together.
const BATCH: i64 = 500;

/// What came of looking at the cases of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// Cases of which what was said was erased, or would be: their numbers, or keys if they were never sent.
    pub erased: Vec<String>,
    /// Cases whose time is over and on which money is yet to be settled.
    pub waiting: Vec<String>,
    /// Questions whose files had a time of their own and were erased, or would be: the number of the case, and the
    /// names that lead to the question.
    pub files: Vec<String>,
}

/// Erases what was said in the cases of a service whose time is over; with `dry` nothing is written. A run that was
/// cut off is simply run again.
pub async fn service(app: &App, tenant: &Tenant, service: &Service, dry: bool) -> Result<Retained, Problem> {
    let mut retained = Retained::default();
    for (field, span) in service.form.terms() {
        answered(app, (tenant, service), (&field, span), dry, &mut retained.files).await?;
    }
    let Some(span) = service.keep_for else { return Ok(retained) };
    let now = app.clock.now(tenant);
    let ends = ends(service);
    let mut after = String::new();
    loop {
        let mut tx = app.store.read(&tenant.id).await?;
        let before_ms = now.ms - least_ms(span);
        let found = erasures::ended(&mut tx, (&service.id, &ends), (before_ms, &after), BATCH).await?;
        drop(tx);
        let Some(last) = found.last() else { return Ok(retained) };
        after.clone_from(&last.id);
        for ended in found {
            let until = span.after(now.with_ms(ended.entered_ms), &tenant.calendar);
            if until.ms <= now.ms {
                let name = ended.number.clone().unwrap_or_else(|| ended.id.clone());
                let settled = one(app, (tenant, service, span), &ended, dry).await?;
                let told = if settled { &mut retained.erased } else { &mut retained.waiting };
                told.push(name);
            }
        }
    }
}

/// The states in which a case of a service has ended.
fn ends(service: &Service) -> Vec<Name> {
    let ends = service.workflow.states.iter().filter(|state| state.end.is_some());
    ends.map(|state| state.name.clone()).collect()
}

/// Erases the files that answer a question and whose own time is over.
async fn answered(
    app: &App,
    (tenant, service): (&Tenant, &Service),
    (field, span): (&str, Span),
    dry: bool,
    told: &mut Vec<String>,
) -> Result<(), Problem> {
    let (now, ends) = (app.clock.now(tenant), ends(service));
    let mut after = String::new();
    loop {
        let mut tx = app.store.read(&tenant.id).await?;
        let wanted = (service.id.as_str(), ends.as_slice());
        let before_ms = now.ms - least_ms(span);
        let found = erasures::with_files(&mut tx, wanted, field, (before_ms, &after), BATCH).await?;
        drop(tx);
        let Some(last) = found.last() else { return Ok(()) };
        after.clone_from(&last.id);
        for ended in found {
            let until = span.after(now.with_ms(ended.entered_ms), &tenant.calendar);
            if until.ms > now.ms {
                continue;
            }
            let mut facts = facts(service, ended.entered_ms, span);
            facts["field"] = field.into();
            let mut tx = app.store.begin(&tenant.id).await?;
            let by = By::system(app.clock.now_ms());
            let count = erasures::erase_files(&mut tx, by, &ended.id, field, facts).await?;
            if dry {
                tx.rollback().await?;
            } else {
                tx.commit().await?;
            }
            if count > 0 {
                told.push(format!("{} {field}", ended.number.unwrap_or(ended.id)));
            }
        }
    }
}

/// By which term something was erased, and since when that ran.
fn facts(service: &Service, since_ms: i64, span: Span) -> Json {
    json!({
        "service": service.id,
        "definition": service.digest,
        "since_ms": since_ms,
        "keep_for": span.written(),
    })
}

/// Erases what was said in one case; `false` if money is yet to be settled on it.
async fn one(
    app: &App,
    (tenant, service, span): (&Tenant, &Service, Span),
    ended: &Ended,
    dry: bool,
) -> Result<bool, Problem> {
    let mut tx = if dry { app.store.read(&tenant.id).await? } else { app.store.begin(&tenant.id).await? };
    let case = cases::load(&mut tx, &ended.id).await?.ok_or(store::Error::Stale)?;
    if !is_settled(&case) {
        return Ok(false);
    }
    if !dry {
        let facts = facts(service, ended.entered_ms, span);
        erasures::erase(&mut tx, By::system(app.clock.now_ms()), &ended.id, facts).await?;
        tx.commit().await?;
    }
    Ok(true)
}

/// Whether nothing is owed on a case any more, by nobody.
pub(crate) fn is_settled(case: &Case) -> bool {
    let owed_back = |receipt: &Receipt| !receipt.cancelled && receipt.unapplied.paise() > receipt.refunded.paise();
    case.demands.iter().all(|demand| demand.status != DemandStatus::Open) && !case.receipts.iter().any(owed_back)
}

/// How long a span is at least, whatever the calendar.
fn least_ms(span: Span) -> i64 {
    match span {
        Span::Minutes(count) => count * (MS_PER_DAY / (24 * 60)),
        Span::Hours(count) => count * (MS_PER_DAY / 24),
        Span::Days(count) | Span::WorkingDays(count) => (count - 1) * MS_PER_DAY,
        Span::Months(count) => count * 28 * MS_PER_DAY,
        Span::Years(count) => count * 365 * MS_PER_DAY,
    }
}

/// Takes away the bytes of files that were let go of with a case and that nothing names any more; how many.
pub async fn files(app: &App, tenant: &Tenant) -> Result<usize, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let left = erasures::leftovers(&mut tx).await?;
    drop(tx);
    let mut removed = 0;
    for (case, field, digests) in left {
        let mut stay = Vec::new();
        for text in digests {
            if remove(app, tenant, &text).await? {
                removed += 1;
            } else {
                stay.push(text);
            }
        }
        let mut tx = app.store.begin(&tenant.id).await?;
        erasures::leave(&mut tx, (&case, &field), &stay).await?;
        tx.commit().await?;
    }
    Ok(removed)
}

/// Whether nothing is left to be done about these bytes: they are gone, or another row has come to name them.
async fn remove(app: &App, tenant: &Tenant, text: &str) -> Result<bool, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let named = store::files::is_named(&mut tx, text).await?;
    drop(tx);
    let Some(digest) = Digest::parse(text).filter(|_| !named) else { return Ok(true) };
    match app.files.remove(&tenant.id, &digest).await {
        // Where it stays, somebody has sent the same a moment ago: the next night asks again.
        Ok(removed) => Ok(removed),
        Err(TakeError::Missing) => Ok(true),
        Err(error) => {
            tracing::error!(tenant = tenant.id, file = text, %error, "a file that was let go of could not be removed");
            Ok(false)
        }
    }
}

/// Does it for every service of every town; of how many cases something was erased.
pub async fn all(app: &App) -> Result<usize, Problem> {
    let (library, mut erased) = (app.library.now(), 0);
    for tenant in library.catalogue.tenants.values() {
        for of_town in library.catalogue.services(tenant) {
            let retained = service(app, tenant, of_town, false).await?;
            erased += retained.erased.len() + retained.files.len();
            if !retained.waiting.is_empty() {
                let waiting = retained.waiting.len();
                tracing::warn!(tenant = tenant.id, service = of_town.id, waiting, "cases wait for money to be settled");
            }
        }
        files(app, tenant).await?;
    }
    tracing::info!(erased, "what was kept long enough was erased");
    Ok(erased)
}
