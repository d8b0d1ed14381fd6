//! Where somebody is signed in, and how that is ended elsewhere: the same for citizens and employees.

use connectors::control::holds;
use engine::case::ActorKind;
use serde_json::{Value as Json, json};
use ui_gen::view::account::SignedIn;

use super::ask::Ask;
use super::{limits, when};
use crate::auth::session;
use crate::problem::Problem;
use crate::store::devices;
use crate::store::sessions::{self, Session};
use crate::store::{By, Tx, events};

/// Digits of a session's hash by which a form names it: enough that no two are mixed up, and of no use to
/// whoever reads them.
const NAMED: usize = 16;

/// Whose rows the reader belongs to, the reader, and what kind of actor that is.
pub(super) fn reader(ask: &Ask) -> Result<(&str, &str, ActorKind), Problem> {
    let tenant = ask.tenant();
    match (ask.who.citizen(), ask.who.employee()) {
        (Some(citizen), _) => Ok((&tenant.state, &citizen.id, ActorKind::Citizen)),
        (_, Some(employee)) => Ok((&tenant.id, &employee.id, ActorKind::Employee)),
        _ => Err(Problem::SignIn),
    }
}

/// Where the reader is signed in, this browser first.
pub(super) async fn mine(ask: &Ask, tx: &mut Tx, person: &str) -> Result<Vec<SignedIn>, Problem> {
    let mut found = lasting(ask, tx, person).await?;
    let own = ask.session.as_ref().map(|session| session.hash.clone()).unwrap_or_default();
    // The sort is stable: behind this browser the latest used comes first.
    found.sort_by_key(|session| session.hash != own);
    let row = |session: &Session| SignedIn {
        key: named(&session.hash).to_owned(),
        agent: agent(ask, session::data(session)["agent"].as_str().unwrap_or_default()),
        since: moment(ask, session.created_ms),
        seen: moment(ask, session.seen_ms),
        here: session.hash == own,
    };
    Ok(found.iter().map(row).collect())
}

/// The reader's sessions that have not ended by their age either.
async fn lasting(ask: &Ask, tx: &mut Tx, person: &str) -> Result<Vec<Session>, Problem> {
    let now_ms = ask.app.clock.now_ms();
    let mut found = sessions::by_person(tx, person, now_ms).await?;
    found.retain(|session| now_ms < session.created_ms + limits::SESSION_MS);
    Ok(found)
}

/// Devices on which the reader is asked for no code.
pub(super) async fn known(ask: &Ask, tx: &mut Tx, person: &str) -> Result<Vec<SignedIn>, Problem> {
    let found = devices::of_person(tx, person, ask.app.clock.now_ms()).await?;
    let row = |device: devices::Device| SignedIn {
        key: String::new(),
        agent: agent(ask, &device.agent),
        since: moment(ask, device.trusted_ms),
        seen: moment(ask, device.seen_ms),
        here: false,
    };
    Ok(found.into_iter().map(row).collect())
}

/// Ends what is named: one session, all but this one (`others`), or the knowledge of devices (`devices`). How
/// many; whatever is not there any more has ended already.
pub(super) async fn end(ask: &Ask, wanted: &str) -> Result<u64, Problem> {
    let (tenant, person, kind) = reader(ask)?;
    let own = ask.session.as_ref().map(|session| session.hash.as_str()).unwrap_or_default();
    let mut tx = ask.app.store.begin(tenant).await?;
    let ended = match wanted {
        "others" if holds("ses_04_others") => sessions::end_others(&mut tx, person, own).await?,
        "devices" => devices::forget(&mut tx, person).await?,
        key => {
            let found = lasting(ask, &mut tx, person).await?;
            let one = found.iter().find(|session| named(&session.hash) == key && session.hash != own);
            match one {
                Some(session) => {
                    sessions::end(&mut tx, &session.hash).await?;
                    1
                }
                None => 0,
            }
        }
    };
    if ended > 0 {
        let by = By { person, kind, at_ms: ask.app.clock.now_ms() };
        let what = if wanted == "devices" { "devices" } else { "sessions" };
        events::note(&mut tx, by, None, "sign_out_elsewhere", json!({ "what": what, "ended": ended })).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// Where the reader is signed in, for programs.
pub(super) async fn told(ask: &Ask, tx: &mut Tx, person: &str) -> Result<Vec<Json>, Problem> {
    let own = ask.session.as_ref().map(|session| session.hash.clone()).unwrap_or_default();
    let iso = |ms: i64| when::iso(ask.now().with_ms(ms));
    let one = |session: &Session| {
        json!({
            "session": named(&session.hash), "agent": session::data(session)["agent"],
            "since": iso(session.created_ms), "seen": iso(session.seen_ms), "this": session.hash == own,
        })
    };
    Ok(lasting(ask, tx, person).await?.iter().map(one).collect())
}

fn named(hash: &str) -> &str {
    hash.get(..NAMED).unwrap_or(hash)
}

fn agent(ask: &Ask, agent: &str) -> String {
    if agent.is_empty() { ask.words().get("account.unknown") } else { agent.to_owned() }
}

fn moment(ask: &Ask, ms: i64) -> String {
    when::moment(ask.words(), ask.now().with_ms(ms))
}
