//! What a command is decided on, and what is decided: read and reckoned, and nothing written.

use std::sync::Arc;

use engine::base::Moment;
use engine::case::{Actor, ActorKind, Case, Command, Outcome, decide};
use engine::service::Service;
use engine::stock::Holdings;
use engine::tenant::Tenant;

use crate::act::{Acted, Around, Deed, Stop, draw_from};
use crate::app::App;
use crate::around::known_as;
use crate::powers;
use crate::problem::Problem;
use crate::store::tills::{self, Till};
use crate::store::{self, Looked, Tx, cases, erasures, events, stocks};

/// What came of weighing a command.
pub(crate) enum Weighed {
    /// It had been recorded before.
    Known(Box<Acted>),
    /// It leads to something that is yet to be written.
    Decided(Box<Decided>),
}

/// What a command leads to.
pub(crate) struct Decided {
    pub(crate) case: Case,
    pub(crate) service: Arc<Service>,
    pub(crate) outcome: Outcome,
    pub(crate) now: Moment,
}

/// Weighs a command before the turn to write has come, which whoever else writes is having: reading and deciding take
/// more time than writing. It holds if the town's chain of events ends then where it ends now. Nothing, where
/// that can be done in the turn alone.
pub(crate) async fn look(
    app: &App,
    tenant: &Tenant,
    id: &str,
    deed: Deed<'_>,
) -> Result<Option<(Weighed, Looked)>, Stop> {
    let Ok(mut tx) = app.store.read(&tenant.id).await else { return Ok(None) };
    match weigh(app, tenant, &mut tx, id, deed).await {
        Ok(weighed) => Ok(tx.looked().map(|looked| (weighed, looked))),
        // A series may be there only once something is written, and other trouble comes again in the turn, if it lasts.
        Err(Stop::Store(_) | Stop::Other(Problem::Unavailable(_) | Problem::Fault(_))) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// Reads what a command is decided on, and decides.
pub(crate) async fn weigh(app: &App, tenant: &Tenant, tx: &mut Tx, id: &str, deed: Deed<'_>) -> Result<Weighed, Stop> {
    let Deed { actor, command, asked, key } = deed;
    if let Some(acted) = earlier(tx, id, asked, key).await? {
        return Ok(Weighed::Known(Box::new(acted)));
    }
    let case = cases::load(tx, id).await?.ok_or(Problem::NotFound)?;
    // Nobody goes on with what was erased while the answer was on its way: it would get a key anew.
    if case.number.is_none() && erasures::stand(tx, id).await?.erased {
        return Err(Problem::NotFound.into());
    }
    let service = app.service_in(tx, tenant, &case.definition).await?;
    let mut around = Around::load(app, tenant, tx, (&service, &case), given(command)).await?;
    around.citizen = known_as(tx, tenant, actor).await?;
    let now = app.clock.now(tenant);
    let till = till_of(tx, actor, command).await?;
    let serials = draw_from(tx, &service, tenant, now).await?;
    let mut holdings = Holdings::new();
    for (stock, named) in service.stock_asked(&case.state, command) {
        holdings.insert(stock.clone(), stocks::holding(tx, &actor.person, stock, &named).await?);
    }
    let till = till.as_ref().map(|till| (till.number.as_str(), till.on));
    let context = around.context(now, tenant).into_till(till).holding(Some(&holdings)).drawing(serials);
    let outcome = match decide(&service, &case, actor, command, context) {
        Ok(outcome) => outcome,
        Err(refusal) => {
            // Whoever pressed twice may have waited for the case while the first press was recorded,
            // after which there may be nothing left to do.
            let known = earlier(tx, id, asked, key).await?;
            return known.map(|acted| Weighed::Known(Box::new(acted))).ok_or_else(|| refusal.into());
        }
    };
    if let Some(refusal) = powers::beyond(tx, tenant, actor, (&service, command), (&case, &outcome, now.day())).await? {
        return Err(refusal.into());
    }
    Ok(Weighed::Decided(Box::new(Decided { case, service, outcome, now })))
}

/// The till that whoever takes money over a counter has open: held, so that it is not counted meanwhile.
async fn till_of(tx: &mut Tx, actor: &Actor, command: &Command) -> store::Result<Option<Till>> {
    if actor.kind == ActorKind::Employee && matches!(command, Command::Receive(_)) {
        return tills::open_of(tx, &actor.person).await;
    }
    Ok(None)
}

/// What was recorded under a key before, if anything was. Another command or case than this is refused.
async fn earlier(tx: &mut Tx, id: &str, asked: &serde_json::Value, key: Option<&str>) -> Result<Option<Acted>, Stop> {
    let Some(key) = key else { return Ok(None) };
    let Some(event) = events::by_key(tx, key).await? else { return Ok(None) };
    if event.case.as_deref() != Some(id) || event.command != *asked {
        return Err(Problem::KeyReused.into());
    }
    let case = cases::load(tx, id).await?.ok_or(Problem::NotFound)?;
    Ok(Some(Acted { case, event: event.seq, again: true }))
}

/// The answers that a command brings.
fn given(command: &Command) -> Option<&serde_json::Value> {
    match command {
        Command::Save { answers, .. }
        | Command::Correct { answers, .. }
        | Command::Fill { answers }
        | Command::Act { answers, .. } => Some(answers),
        _ => None,
    }
}
