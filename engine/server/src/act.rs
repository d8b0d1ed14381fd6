//! The one door: a command is brought to a case, and what it leads to is recorded in one
//! transaction, or nothing is. Citizens, officers, the gateway, the calendar and the API all come
//! through here. A case is made by [`open`] and changed by [`act`]; there is no other way.

use connectors::control::holds;
use engine::base::Moment;
use engine::case::{self, Actor, ActorKind, Case, Command, Context, Outcome, Refusal};
use engine::form;
use engine::registry::{NumberFacts, Record, Serials};
use engine::service::Service;
use engine::tenant::Tenant;

use crate::app::App;
use crate::around::is_citizen;
pub use crate::around::{Around, dues, subject};
use crate::family;
use crate::finding;
use crate::http::limits;
use crate::library;
use crate::problem::Problem;
use crate::store::cases::{Due, Finding};
use crate::store::definitions::Definition;
use crate::store::record::{Recording, record};
use crate::store::{self, By, Tx, cases, definitions, events, found, json, orders, people, records, retry, serials};
use crate::weigh::{Decided, Weighed, look, weigh};

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Acted {
    /// The case as it is now, after whatever followed by itself.
    pub case: Case,
    /// The number of the event in the tenant's chain.
    pub event: i64,
    /// Whether this very command had been recorded before, so that nothing was done now.
    pub again: bool,
}

/// Who opens a case, and on what.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Who applies.
    pub applicant: &'a str,
    /// The applicant's language.
    pub language: &'a str,
    /// The record it is about: registry and number.
    pub record: Option<(&'a str, &'a str)>,
    /// The key under which it is asked: the same key opens one case.
    pub key: Option<&'a str>,
}

/// A case that was asked for.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// Whether it had been opened under this key before, so that nothing was done now.
    pub again: bool,
}

/// Why an attempt ended: some reasons pass, and the attempt is made again.
pub(crate) enum Stop {
    Store(store::Error),
    Other(Problem),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Other(refusal.into())
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Store(error) => error.into(),
            Stop::Other(problem) => problem,
        }
    }
}

fn passing(stop: &Stop) -> bool {
    matches!(stop, Stop::Store(error) if error.is_passing())
}

/// Brings `command` to the case with the key `id`, and then takes whatever is due by itself.
/// A `key` that was recorded before gives what was recorded then; with another command it is refused.
pub async fn act(
    app: &App,
    tenant: &Tenant,
    id: &str,
    actor: &Actor,
    command: &Command,
    key: Option<&str>,
) -> Result<Acted, Problem> {
    let mut acted = at_once(app, tenant, id, actor, command, key).await?;
    if !acted.again
        && let Err(problem) = follow_up(app, tenant, &mut acted.case).await
    {
        // What was asked is done and stays done; what is due by itself is tried again by the clock.
        tracing::error!(tenant = tenant.id, case = id, ?problem, "what was due after an act could not be done");
    }
    Ok(acted)
}

/// Takes the actions of the clock that are due, one after the other.
pub async fn follow_up(app: &App, tenant: &Tenant, case: &mut Case) -> Result<usize, Problem> {
    let system = Actor::system();
    for taken in 0..limits::FOLLOW_UPS {
        let now_ms = app.clock.now_ms();
        if case.wake_ms.is_none_or(|wake_ms| wake_ms > now_ms) {
            return Ok(taken);
        }
        if let Some(until_ms) = paying(app, tenant, case, now_ms).await? {
            look_again(app, tenant, case, now_ms, until_ms).await?;
            return Ok(taken);
        }
        match at_once(app, tenant, &case.id, &system, &Command::Elapse, None).await {
            Ok(acted) => *case = acted.case,
            Err(Stop::Other(Problem::Refused(Refusal::NotYet))) => {
                // Conditions may ask for the day.
                look_again(app, tenant, case, now_ms, now_ms + engine::base::date::MS_PER_DAY).await?;
                return Ok(taken);
            }
            Err(stop) => return Err(stop.into()),
        }
    }
    Ok(limits::FOLLOW_UPS)
}

/// Until when the clock waits because somebody is paying for what the case had until now: nobody is to lose it in
/// the middle of that.
async fn paying(app: &App, tenant: &Tenant, case: &Case, now_ms: i64) -> Result<Option<i64>, Problem> {
    if !case.reserved.iter().any(|has| has.until_ms.is_some_and(|until| until <= now_ms)) {
        return Ok(None);
    }
    let mut tx = app.store.read(&tenant.id).await?;
    let orders = orders::by_case(&mut tx, &case.id).await?;
    let paying = orders.iter().filter(|order| order.state == "open" || order.is_looked_at());
    let open = paying.map(|order| order.begun_ms + limits::PAYING_MS);
    Ok(open.max().filter(|until| *until > now_ms))
}

/// What was due does not apply yet: the clock looks at the case once more at `at_ms`.
async fn look_again(app: &App, tenant: &Tenant, case: &mut Case, now_ms: i64, at_ms: i64) -> Result<(), Problem> {
    let mut tx = app.store.begin(&tenant.id).await?;
    let seen = Due { tenant: tenant.id.clone(), case: case.id.clone(), version: case.version, wake_ms: case.wake_ms };
    // Whoever changed the case or its record meanwhile has set the clock.
    if cases::put_off(&mut tx, By::system(now_ms), &seen, at_ms).await? {
        case.wake_ms = Some(at_ms);
    }
    Ok(tx.commit().await?)
}

/// Does what is asked, and nothing that follows from it by the clock.
async fn at_once(
    app: &App,
    tenant: &Tenant,
    id: &str,
    actor: &Actor,
    command: &Command,
    key: Option<&str>,
) -> Result<Acted, Stop> {
    let asked = json::command(command);
    let deed = Deed { actor, command, asked: &asked, key };
    let looking = app.store.look_ahead(&tenant.id);
    // Whoever looked ahead in vain does not do so again.
    let mut first = looking.is_worth_it();
    retry(passing, || once(app, tenant, id, deed, std::mem::take(&mut first))).await
}

/// One attempt, of which the decision is made `ahead` of the turn to write or in it.
async fn once(app: &App, tenant: &Tenant, id: &str, deed: Deed<'_>, ahead: bool) -> Result<Acted, Stop> {
    let seen = if ahead { Box::pin(look(app, tenant, id, deed)).await? } else { None };
    let mut tx = app.store.begin_to_act(&tenant.id).await?;
    let weighed = match seen {
        Some((weighed, looked)) => {
            tx.go_on_from(looked);
            weighed
        }
        None => weigh(app, tenant, &mut tx, id, deed).await?,
    };
    let Decided { case, service, outcome, now } = match weighed {
        Weighed::Decided(decided) => *decided,
        Weighed::Known(acted) => {
            // What was seen may not be on the disk yet: it is, once this commits.
            tx.commit().await?;
            return Ok(*acted);
        }
    };
    let event = write(app, &mut tx, tenant, (&service, &case), &outcome, deed, now).await?;
    tx.commit().await?;
    Ok(Acted { case: outcome.case, event, again: false })
}

/// What is done, by whom, and under which key.
#[derive(Clone, Copy)]
pub(crate) struct Deed<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) command: &'a Command,
    /// The command as an event keeps it.
    pub(crate) asked: &'a serde_json::Value,
    pub(crate) key: Option<&'a str>,
}

/// Writes down what a command led to, and what follows for other cases; the number of the event.
pub(crate) async fn write(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    (service, before): (&Service, &Case),
    outcome: &Outcome,
    deed: Deed<'_>,
    now: Moment,
) -> Result<i64, Stop> {
    let place = finding::place(&service.form, &outcome.case.answers);
    let renewed = outcome.case.number != before.number
        || outcome.case.answers != before.answers
        || outcome.case.applicant != before.applicant;
    let terms = if renewed { Some(terms(tx, tenant, service, &outcome.case).await?) } else { None };
    let by = By::new(deed.actor, now.ms);
    let finding = Finding { place, terms: terms.as_deref() };
    let recorded =
        record(tx, Recording { before, outcome, command: deed.asked, by, key: deed.key, finding, opens: false })
            .await?;
    if renewed {
        let links = form::links(&service.form, &outcome.case.answers);
        // Links that are as they were may not be there yet: once, imports and bills wrote cases without any.
        if !links.is_empty() || !form::links(&service.form, &before.answers).is_empty() {
            found::put_links(tx, &before.id, &links).await?;
        }
    }
    for change in &outcome.records {
        find_again(app, tx, tenant, Some(service), &change.record).await?;
        wake_others(app, tx, tenant, &before.id, &change.record, now).await?;
    }
    family::follow(app, tx, tenant, (service, before), outcome, (deed.command, now)).await?;
    Ok(recorded.seq)
}

/// Makes a record found by what its latest version says: by the answers that the service that made it marks
/// as searchable, and by its holder. `service` is the one at work, if there is one.
pub(crate) async fn find_again(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    service: Option<&Service>,
    record: &Record,
) -> store::Result<()> {
    let library = app.library.now();
    let makes = service
        .filter(|service| record.service == service.id)
        .or_else(|| library.catalogue.service(&tenant.id, &record.service).map(AsRef::as_ref));
    let form = makes.map(|service| &service.form);
    let mut terms = form.map(|form| finding::record_terms(form, &record.answers, &tenant.places)).unwrap_or_default();
    if let Some((name, mobile)) = people::holder(tx, &tenant.state, &record.holder).await? {
        terms.push(("holder".to_owned(), name));
        terms.extend(mobile.map(|mobile| ("holder".to_owned(), mobile)));
    }
    found::put_terms(tx, record, &terms).await
}

/// The series that a case of `service` may draw numbers from today, held until the transaction ends.
pub(crate) async fn draw_from(tx: &mut Tx, service: &Service, tenant: &Tenant, now: Moment) -> store::Result<Serials> {
    let facts = NumberFacts { tenant: &tenant.code, day: now.day(), calendar: &tenant.calendar };
    let series: Vec<String> = service.number_formats().iter().map(|format| format.series(facts)).collect();
    serials::load(tx, &series).await
}

/// Holds what every act of `service` moves on, for a transaction in which many are done: the end of the
/// town's chain of events, and the series of numbers. What cases are opened by is published.
pub(crate) async fn hold(tx: &mut Tx, service: &Service, tenant: &Tenant, now: Moment) -> store::Result<()> {
    draw_from(tx, service, tenant, now).await?;
    events::hold(tx).await?;
    publish(tx, service, now.ms).await
}

/// What a case can be searched by: its searchable answers, those that are found with another word, and the applicant's
/// mobile number.
pub(crate) async fn terms(
    tx: &mut Tx,
    tenant: &Tenant,
    service: &Service,
    case: &Case,
) -> store::Result<Vec<(String, String)>> {
    let mut terms = finding::terms(&service.form, &case.answers);
    terms.extend(finding::pairs(&service.form, &case.answers, &tenant.places));
    let mobile = people::mobile_of(tx, &tenant.state, &case.applicant).await?;
    terms.extend(mobile.map(|mobile| (cases::APPLICANT.to_owned(), mobile)));
    Ok(terms)
}

/// A record changed: other cases that wait for what becomes of it are looked at when that is due.
async fn wake_others(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    id: &str,
    changed: &Record,
    now: Moment,
) -> Result<(), Stop> {
    for row in cases::about_record(tx, &changed.registry, &changed.number).await? {
        if row.id == id {
            continue;
        }
        let Some(case) = cases::load(tx, &row.id).await? else { continue };
        let service = app.service_in(tx, tenant, &case.definition).await?;
        let wake_ms = case::wake(&service, &case, Some(changed), now, tenant);
        if wake_ms != case.wake_ms {
            cases::set_wake(tx, By::system(now.ms), &case.id, wake_ms).await?;
        }
    }
    Ok(())
}

/// Opens a case of the present definition of `service`.
pub async fn open(app: &App, tenant: &Tenant, service: &Service, opening: Opening<'_>) -> Result<Case, Problem> {
    Ok(open_or_find(app, tenant, service, opening).await?.case)
}

/// The same, for those to whom it matters whether the key was known.
pub async fn open_or_find(
    app: &App,
    tenant: &Tenant,
    service: &Service,
    opening: Opening<'_>,
) -> Result<Opened, Problem> {
    let id = app.chance.ordered_id(app.clock.now_ms());
    Ok(retry(passing, || open_once(app, tenant, service, &id, (opening, None))).await?)
}

/// Opens a case for an applicant who stands at the counter: whoever writes it down has the draft.
pub async fn open_at_counter(
    app: &App,
    tenant: &Tenant,
    service: &Service,
    opening: Opening<'_>,
    clerk: &Actor,
) -> Result<Case, Problem> {
    if !service.assists(&clerk.roles) {
        return Err(Refusal::NotYourRole.into());
    }
    let own = clerk.person == opening.applicant
        || (holds("az_08_own_case") && is_citizen(app, tenant, &clerk.person, opening.applicant).await?);
    if own {
        return Err(Refusal::OwnCase.into());
    }
    let id = app.chance.ordered_id(app.clock.now_ms());
    let opened = retry(passing, || open_once(app, tenant, service, &id, (opening, Some(clerk)))).await?;
    Ok(opened.case)
}

async fn open_once(
    app: &App,
    tenant: &Tenant,
    service: &Service,
    id: &str,
    (opening, clerk): (Opening<'_>, Option<&Actor>),
) -> Result<Opened, Stop> {
    let mut tx = app.store.begin(&tenant.id).await?;
    if let Some(key) = opening.key
        && let Some(event) = events::by_key(&mut tx, key).await?
    {
        let known = event.case.ok_or(Problem::KeyReused)?;
        let case = cases::load(&mut tx, &known)
            .await?
            .filter(|case| case.applicant == opening.applicant && case.service == service.id)
            .ok_or(Problem::KeyReused)?;
        tx.commit().await?;
        return Ok(Opened { case, again: true });
    }
    let about = match opening.record {
        Some((registry, number)) => records::load(&mut tx, registry, number).await?,
        None => None,
    };
    let now = app.clock.now(tenant);
    let dues = dues(&mut tx, service, about.as_ref(), id).await?;
    let context = Context::new(now, tenant).about(about.as_ref(), dues);
    let mut case = case::open(service, id, opening.applicant, opening.language, &context)?;
    case.assignee = clerk.map(|clerk| clerk.person.clone());
    let by = match clerk {
        Some(clerk) => By { person: &clerk.person, kind: ActorKind::Counter, at_ms: now.ms },
        None => By { person: opening.applicant, kind: ActorKind::Citizen, at_ms: now.ms },
    };
    publish(&mut tx, service, now.ms).await?;
    cases::insert_open(
        &mut tx,
        &case,
        by,
        opening.key,
        Finding { place: finding::place(&service.form, &case.answers), terms: None },
    )
    .await?;
    tx.commit().await?;
    Ok(Opened { case, again: false })
}

/// The first case of a definition in a town publishes it there: its files are kept for as long as
/// the cases are.
pub(crate) async fn publish(tx: &mut Tx, service: &Service, at_ms: i64) -> store::Result<()> {
    if definitions::current(tx, &service.id).await?.as_deref() == Some(&service.digest) {
        return Ok(());
    }
    let files = library::kept(service);
    let definition = Definition { digest: service.digest.clone(), service: service.id.clone(), files, at_ms };
    definitions::publish(tx, By::system(at_ms), &definition).await?;
    Ok(())
}
