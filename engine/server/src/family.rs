//! Cases that other cases open: they are opened, ended and told of in the transaction of the act that leads to it.

use std::pin::Pin;

use anyhow::Context as _;
use engine::base::{Moment, Name};
use engine::case::{
    self, Actor, ActorKind, Case, ChildOrder, Command, Context, Outcome, Refusal, TakeOver, command, decide,
};
use engine::form;
use engine::service::Service;
use engine::tenant::Tenant;

use crate::act::{self, Deed, Stop};
use crate::app::App;
use crate::finding;
use crate::problem::Problem;
use crate::store::cases::Finding;
use crate::store::{By, Tx, cases, found, json, records};

/// What an act of one case leads to in others: those that it opens, those that it gives up, and the one that waits for it.
pub(crate) async fn follow(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    (service, before): (&Service, &Case),
    outcome: &Outcome,
    (command, now): (&Command, Moment),
) -> Result<(), Stop> {
    for order in &outcome.opens {
        open(app, tx, tenant, (&outcome.case, order), now).await?;
    }
    let system = Actor::system();
    for void in &outcome.voids {
        unless_refused(within(app, tx, tenant, &void.case, (&system, &Command::Void { to: void.to.clone() })).await)?;
    }
    let after = &outcome.case;
    let end = service.workflow.state(&after.state).and_then(|state| state.end);
    // Whoever gave it up knows already.
    let tells = after.state != before.state && !matches!(command, Command::Void { .. });
    if let (Some(parent), Some(end), true) = (&after.parent, end, tells) {
        let record = after.record.as_ref().map(|(_, number)| number.clone());
        let ended = Command::Child { case: after.id.clone(), end, record };
        unless_refused(within(app, tx, tenant, parent, (&system, &ended)).await)?;
    }
    Ok(())
}

/// A case that has ended meanwhile, or that nobody waits for any more, is left as it is.
fn unless_refused(done: Result<(), Stop>) -> Result<(), Stop> {
    match done {
        Err(Stop::Other(Problem::Refused(Refusal::ChangedMeanwhile))) => Ok(()),
        other => other,
    }
}

/// Opens a case of the present definition of another service, and sends it where that is said.
async fn open(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    (parent, order): (&Case, &ChildOrder),
    now: Moment,
) -> Result<(), Stop> {
    let library = app.library.now();
    let service = library.catalogue.service(&tenant.id, &order.service).cloned();
    let service = service.with_context(|| format!("{} does not offer `{}`", tenant.id, order.service));
    let service = service.map_err(Problem::from)?;
    let case = case::open_child(&service, order, parent, &Context::new(now, tenant));
    act::publish(tx, &service, now.ms).await?;
    let finding = Finding { place: finding::place(&service.form, &case.answers), terms: None };
    cases::insert_open(tx, &case, By::system(now.ms), None, finding).await?;
    found::put_links(tx, &case.id, &form::links(&service.form, &case.answers)).await?;
    if let Some(ordered) = &order.takes_over {
        let taken = case::fitting_takeover(&service, ordered, &Context::new(now, tenant))?;
        is_free(tx, &service, &taken).await?;
        let command = Command::TakeOver(Box::new(taken));
        return within(app, tx, tenant, &case.id, (&Actor::system(), &command)).await;
    }
    let Some(action) = &order.sends else { return Ok(()) };
    let applicant = Actor { person: case.applicant.clone(), kind: ActorKind::Citizen, roles: Vec::new() };
    within(app, tx, tenant, &case.id, (&applicant, &sent(action))).await
}

/// Refuses to take over a record whose number the register has, however it is written.
async fn is_free(tx: &mut Tx, service: &Service, taken: &TakeOver) -> Result<(), Stop> {
    let (Some(number), Some(grant)) = (&taken.number, service.grant(&taken.grant)) else { return Ok(()) };
    match records::load_typed(tx, &grant.registry.value, number).await? {
        Some(_) => Err(Refusal::NumberNotFree(number.clone()).into()),
        None => Ok(()),
    }
}

fn sent(action: &Name) -> Command {
    Command::Act {
        action: action.clone(),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

/// Brings a command to another case, in the transaction that is open. What follows from it there may lead to further
/// cases, so the work is boxed.
fn within<'a>(
    app: &'a App,
    tx: &'a mut Tx,
    tenant: &'a Tenant,
    id: &'a str,
    (actor, command): (&'a Actor, &'a Command),
) -> Pin<Box<dyn Future<Output = Result<(), Stop>> + Send + 'a>> {
    Box::pin(async move {
        let case = cases::load(tx, id).await?.ok_or(Problem::NotFound)?;
        let service = app.service_in(tx, tenant, &case.definition).await?;
        let around = act::Around::load(app, tenant, tx, (&service, &case), None).await?;
        let now = app.clock.now(tenant);
        let serials = act::draw_from(tx, &service, tenant, now).await?;
        let outcome = decide(&service, &case, actor, command, around.context(now, tenant).drawing(serials))?;
        let asked = json::command(command);
        let deed = Deed { actor, command, asked: &asked, key: None };
        act::write(app, tx, tenant, (&service, &case), &outcome, deed, now).await?;
        Ok(())
    })
}
