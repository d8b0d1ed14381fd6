//! Sessions: who is signed in, until when, and the token that every form must send back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connectors::control::holds;
use engine::tenant::Tenant;
use serde_json::Value as Json;

use super::policy::{Citizen, Employee, Who};
use super::{factor, token};
use crate::app::App;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::sessions::{self, Session};
use crate::store::{self, EVERYBODY, Tx, appointments, people};

/// The kind of a session before anybody signed in.
const BROWSER: &str = "browser";
/// Octets of a token in a form, and of what it is mixed with.
const HALF: usize = 16;

/// Begins a session of a person of a kind, with what is remembered of it; returns the secret for the cookie,
/// which is kept nowhere.
pub async fn begin(app: &App, tx: &mut Tx, (person, kind): (&str, &str), data: &Json) -> store::Result<String> {
    let (secret, now_ms) = (app.chance.secret(), app.clock.now_ms());
    let session = Session {
        hash: token::stored(&secret),
        tenant: tx.tenant().to_owned(),
        person: person.to_owned(),
        kind: kind.to_owned(),
        created_ms: now_ms,
        seen_ms: now_ms,
        expires_ms: now_ms + idle_ms(kind),
        csrf: app.chance.secret(),
        data: data.to_string(),
    };
    sessions::insert(tx, &session).await?;
    Ok(secret)
}

fn idle_ms(kind: &str) -> i64 {
    if kind == "employee" { limits::EMPLOYEE_IDLE_MS } else { limits::CITIZEN_IDLE_MS }
}

/// When a session ends, however much it is used.
fn last_ms(session: &Session) -> i64 {
    if holds("ses_03_twelve_hours") { session.created_ms + limits::SESSION_MS } else { i64::MAX }
}

/// The session of a cookie, and who that is in `tenant`. A citizen is known in all towns of a
/// state; an employee in one town.
pub async fn find(app: &App, secret: &str, tenant: Option<&Tenant>) -> Result<Option<(Session, Who)>, Problem> {
    let (hash, now_ms) = (token::stored(secret), app.clock.now_ms());
    let mut tx = app.store.read(EVERYBODY).await?;
    let found = sessions::find(&mut tx, &hash, now_ms).await?;
    let Some(mut session) = found.filter(|session| session.kind != BROWSER && now_ms < last_ms(session)) else {
        return Ok(None);
    };
    drop(tx);
    let Some(tenant) = tenant else { return Ok(Some((session, Who::Nobody))) };
    let who = who(app, &session, tenant).await?;
    if who != Who::Nobody && now_ms - session.seen_ms > limits::SEEN_MS {
        let until = (now_ms + idle_ms(&session.kind)).min(last_ms(&session));
        let mut tx = app.store.begin(&session.tenant).await?;
        sessions::seen(&mut tx, &hash, now_ms, until).await?;
        tx.commit().await?;
        session.expires_ms = until;
    }
    Ok(Some((session, who)))
}

async fn who(app: &App, session: &Session, tenant: &Tenant) -> Result<Who, Problem> {
    let home = if session.kind == "employee" { &tenant.id } else { &tenant.state };
    if session.tenant != *home && holds("az_04_session") {
        return Ok(Who::Nobody);
    }
    let mut tx = app.store.read(&session.tenant).await?;
    let Some(person) =
        people::find(&mut tx, &session.person).await?.filter(|person| !person.disabled && person.kind == session.kind)
    else {
        return Ok(Who::Nobody);
    };
    if session.kind == "employee" {
        let held = appointments::of_person(&mut tx, &person.id, app.clock.now(tenant).day()).await?;
        // Whoever came to a post that needs a second factor signs in anew, with it.
        if factor::is_required(app, &held) && data(session)["factor"] != true {
            return Ok(Who::Nobody);
        }
        return Ok(Who::Employee(Employee { id: person.id, tenant: session.tenant.clone(), name: person.name, held }));
    }
    let mobile = person.mobile.unwrap_or_default();
    Ok(Who::Citizen(Citizen { id: person.id, state: tenant.state.clone(), mobile, name: person.name }))
}

/// What is remembered of a session.
pub fn data(session: &Session) -> Json {
    serde_json::from_str(&session.data).unwrap_or_default()
}

/// Ends the session of a cookie.
pub async fn end(app: &App, session: &Session) -> Result<(), Problem> {
    let mut tx = app.store.begin(&session.tenant).await?;
    if holds("ses_03_sign_out") {
        sessions::end(&mut tx, &session.hash).await?;
    }
    Ok(tx.commit().await?)
}

/// What is remembered of a browser before sign-in.
pub async fn remembered(app: &App, state: &str, browser: &str) -> Result<Json, Problem> {
    let mut tx = app.store.read(state).await?;
    let found = sessions::find(&mut tx, &browser_hash(browser), app.clock.now_ms()).await?;
    Ok(found.and_then(|session| serde_json::from_str(&session.data).ok()).unwrap_or_default())
}

/// Remembers something of a browser before sign-in, as long as a code holds.
pub async fn remember(app: &App, tx: &mut Tx, browser: &str, data: &Json) -> store::Result<()> {
    let (hash, now_ms) = (browser_hash(browser), app.clock.now_ms());
    sessions::end(tx, &hash).await?;
    let session = Session {
        hash,
        tenant: tx.tenant().to_owned(),
        person: String::new(),
        kind: BROWSER.to_owned(),
        created_ms: now_ms,
        seen_ms: now_ms,
        expires_ms: now_ms + limits::CODE_MS,
        csrf: String::new(),
        data: data.to_string(),
    };
    sessions::insert(tx, &session).await
}

/// Takes what was remembered of a browser, which is forgotten by that: it is used once.
pub async fn taken(app: &App, tx: &mut Tx, browser: &str) -> store::Result<Json> {
    let found = sessions::take(tx, &browser_hash(browser), app.clock.now_ms()).await?;
    Ok(found.and_then(|session| serde_json::from_str(&session.data).ok()).unwrap_or_default())
}

/// Forgets what was remembered of a browser.
pub async fn forget(tx: &mut Tx, browser: &str) -> store::Result<()> {
    sessions::end(tx, &browser_hash(browser)).await
}

/// What is stored of the browser's cookie.
pub fn browser_hash(browser: &str) -> String {
    token::stored(&format!("browser\n{browser}"))
}

/// The token for the forms of a page. It is mixed anew with chance each time, so that nobody can
/// learn it from how well pages of different content compress.
pub fn form_token(app: &App, bound_to: &str) -> String {
    let secret = token_secret(app, bound_to);
    let mut bytes = app.chance.bytes::<{ 2 * HALF }>();
    for at in 0..HALF {
        bytes[HALF + at] = bytes[at] ^ secret[at];
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a form's token is one that was given to this session or browser.
pub fn is_form_token(app: &App, bound_to: &str, claimed: &str) -> bool {
    let Some(bytes) = URL_SAFE_NO_PAD.decode(claimed).ok().filter(|bytes| bytes.len() == 2 * HALF) else {
        return false;
    };
    let secret = token_secret(app, bound_to);
    // Every octet is compared, so that nobody learns from the time how many were right.
    (0..HALF).fold(0, |wrong, at| wrong | (bytes[at] ^ bytes[HALF + at] ^ secret[at])) == 0
}

fn token_secret(app: &App, bound_to: &str) -> [u8; 32] {
    token::mac(app.keys.secret(), "form", &[bound_to])
}
