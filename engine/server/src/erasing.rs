//! What somebody asks to have erased: what can be, what must be kept and why, and how it is carried out once an officer
//! of the town has granted it.
//!
//! The law wins over the wish: what a service keeps for a term stays until that is over, and what is owed is settled
//! first. What was never sent, and what is kept for no term, goes.

use std::sync::Arc;

use connectors::control::holds;
use connectors::message::{Channel, Message};
use engine::base::{Moment, Span};
use engine::case::Case;
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::json;

use crate::app::App;
use crate::auth::token;
use crate::problem::Problem;
use crate::retain;
use crate::store::erasure_requests::{self, GRANTED, Request};
use crate::store::erasures::{self, Stand};
use crate::store::people::Person;
use crate::store::{self, By, Tx, cases, devices, factors, people, sessions};

/// What becomes of a case whose applicant asks to have it erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// What was said in it can be erased.
    Goes,
    /// It is under way.
    UnderWay,
    /// Money is yet to be settled on it.
    Owed,
    /// A court or an audit needs it.
    Held,
    /// The term of its service is not over: until when.
    Until(Moment),
    /// It was erased before.
    Gone,
}

/// A case of somebody who asks, and what becomes of it.
#[derive(Debug)]
pub struct Found {
    /// The case.
    pub case: Case,
    /// The definition that it runs under.
    pub service: Arc<Service>,
    /// What becomes of it.
    pub fate: Fate,
}

/// Everything that a person applied for in a town, the latest first, and what becomes of it.
pub async fn found(app: &App, tenant: &Tenant, person: &str) -> Result<Vec<Found>, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let rows = cases::by_applicant(&mut tx, person).await?;
    let mut all = Vec::new();
    for row in rows {
        let service = app.service_of(tenant, &row.definition).await?;
        let Some(case) = cases::load(&mut tx, &row.id).await? else { continue };
        let fate = fate(app, tenant, &mut tx, (&case, &service)).await?;
        all.push(Found { case, service, fate });
    }
    Ok(all)
}

async fn fate(app: &App, tenant: &Tenant, tx: &mut Tx, (case, service): (&Case, &Service)) -> Result<Fate, Problem> {
    let stand = erasures::stand(tx, &case.id).await?;
    let library = app.library.now();
    // How long a service keeps is what it says today, whichever definition the case began with.
    let today = library.catalogue.service(&tenant.id, &case.service).map_or(service.keep_for, |now| now.keep_for);
    Ok(judged(case, (service, today), stand, (app.clock.now(tenant), tenant)))
}

fn judged(
    case: &Case,
    (service, term): (&Service, Option<Span>),
    stand: Stand,
    (now, tenant): (Moment, &Tenant),
) -> Fate {
    // A case that another one opened is waited for.
    let draft = case.number.is_none() && case.parent.is_none();
    let ended = service.workflow.state(&case.state).is_some_and(|state| state.end.is_some());
    // Nobody has to keep what was never handed in.
    let until = term.filter(|_| !draft).map(|span| span.after(now.with_ms(case.entered_ms), &tenant.calendar));
    match () {
        () if stand.erased => Fate::Gone,
        () if stand.held => Fate::Held,
        () if !draft && !ended => Fate::UnderWay,
        () if !retain::is_settled(case) => Fate::Owed,
        () => match until.filter(|until| until.ms > now.ms && holds("priv_05_asked")) {
            Some(until) => Fate::Until(until),
            None => Fate::Goes,
        },
    }
}

/// Carries out what was decided in a town and is not done yet: erases what was granted, and tells whoever asked. Of
/// how many cases something was erased. A run that was cut off is simply run again.
pub async fn carry_out(app: &App, tenant: &Tenant) -> Result<usize, Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let open = erasure_requests::unfinished(&mut tx).await?;
    drop(tx);
    let mut erased = 0;
    for request in open {
        // One that fails keeps no other waiting, and is tried again when this comes round.
        match carry_out_one(app, tenant, &request).await {
            Ok(count) => erased += count,
            Err(problem) => {
                tracing::error!(tenant = tenant.id, request = request.id, ?problem, "a request to erase failed");
            }
        }
    }
    Ok(erased)
}

async fn carry_out_one(app: &App, tenant: &Tenant, request: &Request) -> Result<usize, Problem> {
    let mut erased = 0;
    if request.state == GRANTED {
        for one in found(app, tenant, &request.person).await? {
            let goes = one.fate == Fate::Goes && request.means(&one.case);
            erased += usize::from(goes && erase(app, tenant, request, &one).await?);
        }
    }
    let account = request.state == GRANTED && is_alone(app, &request.person, &request.id, "").await?;
    if tell(app, tenant, request, account).await? {
        if account {
            forget(app, tenant, &request.person).await?;
        }
        let mut tx = app.store.begin(&tenant.id).await?;
        erasure_requests::finish(&mut tx, By::system(app.clock.now_ms()), &request.id).await?;
        tx.commit().await?;
    }
    Ok(erased)
}

impl Request {
    /// Whether it speaks of a case: of what was begun after it, or came to its end after it was decided on, nobody has
    /// asked or judged.
    pub fn means(&self, case: &Case) -> bool {
        case.opened_ms <= self.asked_ms && self.decided_ms.is_none_or(|decided_ms| case.entered_ms <= decided_ms)
    }
}

/// Does it in every town. One that fails keeps no other waiting, and is tried again when this comes round.
pub async fn all(app: &App) {
    let library = app.library.now();
    for tenant in library.catalogue.tenants.values() {
        if let Err(problem) = carry_out(app, tenant).await {
            tracing::error!(tenant = tenant.id, ?problem, "what was decided about erasing could not be carried out");
        }
    }
}

/// Erases what was said in one case, if it still can be; `false` if not, or if somebody else has done it.
async fn erase(app: &App, tenant: &Tenant, request: &Request, one: &Found) -> Result<bool, Problem> {
    let mut tx = app.store.begin(&tenant.id).await?;
    let case = cases::load(&mut tx, &one.case.id).await?.ok_or(store::Error::Stale)?;
    // What was taken over by another meanwhile is that person's.
    let own = case.applicant == request.person;
    if !own || fate(app, tenant, &mut tx, (&case, &one.service)).await? != Fate::Goes {
        return Ok(false);
    }
    let facts = json!({
        "service": one.service.id,
        "definition": one.service.digest,
        "since_ms": case.entered_ms,
        "request": request.id,
    });
    let erased = erasures::erase(&mut tx, By::system(app.clock.now_ms()), &case.id, facts).await?;
    tx.commit().await?;
    Ok(erased)
}

/// Whether nothing is kept, in any town `but` this one, for which somebody's name and number are needed; `request` is
/// the one that is looked at.
pub async fn is_alone(app: &App, person: &str, request: &str, but: &str) -> Result<bool, Problem> {
    // Whoever decides works for one of the towns, and hears of the others nothing but this.
    store::everywhere(async {
        for tenant in app.store.tenants().await? {
            if tenant == but {
                continue;
            }
            let mut tx = app.store.read(&tenant).await?;
            if erasures::is_needed(&mut tx, person, request).await? && holds("priv_05_account") {
                return Ok(false);
            }
        }
        Ok(true)
    })
    .await
}

/// Erases the name of somebody of whom nothing else is kept and every way to reach that person, and ends what the
/// person is signed in with. The key stays, since events refer to it; whoever comes back is somebody new.
async fn forget(app: &App, tenant: &Tenant, person: &str) -> Result<(), Problem> {
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&tenant.state).await?;
    let Some(known) = people::find(&mut tx, person).await? else { return Ok(()) };
    let nobody = Person { mobile: None, name: String::new(), email: None, at_ms: now_ms, ..known };
    people::save(&mut tx, By::system(now_ms), &nobody).await?;
    sessions::end_others(&mut tx, person, "").await?;
    devices::forget(&mut tx, person).await?;
    if factors::find(&mut tx, person).await?.is_some() {
        factors::remove(&mut tx, By::system(now_ms), person).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Tells whoever asked that there is an answer, and where, unless the `account` goes as well and there is nothing to be
/// read any more; `false` if that must be tried again.
async fn tell(app: &App, tenant: &Tenant, request: &Request, account: bool) -> Result<bool, Problem> {
    let mut tx = app.store.read(&tenant.state).await?;
    let mobile = people::find(&mut tx, &request.person).await?.and_then(|person| person.mobile);
    drop(tx);
    let Some(to) = mobile else { return Ok(true) };
    let library = app.library.now();
    let link = app.link(&format!("/{}/my/erasing", tenant.id));
    let town = tenant.short.in_language(&request.language);
    let said = match (request.state == GRANTED, account) {
        (true, true) => "erasing.sms_account",
        (true, false) => "erasing.sms_granted",
        (false, _) => "erasing.sms_refused",
    };
    let message = Message {
        key: token::stored(&format!("erasing:{}:{}", tenant.id, request.id)),
        tenant: tenant.id.clone(),
        channel: Channel::Sms,
        to,
        subject: None,
        body: library.words(&request.language).say(said, &[("town", town), ("link", &link)]),
        template: "erasing".to_owned(),
        language: request.language.clone(),
    };
    match app.messenger.send(&message).await {
        Ok(_) => Ok(true),
        Err(fault) => {
            tracing::warn!(tenant = tenant.id, %fault, "somebody was not told what was decided about erasing");
            Ok(!fault.is_temporary())
        }
    }
}
