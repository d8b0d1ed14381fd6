//! `/{tenant}/desk/sign-in/…`: what follows a right password, or the word of an identity provider, before there is a
//! session: the second factor, and a password of one's own in place of one that somebody else gave.
//!
//! In between, this browser is remembered as that of somebody who has proved so much; nothing is open to it.

use axum::response::Response;
use engine::case::ActorKind;
use serde_json::{Value as Json, json};
use ui_gen::Page;
use ui_gen::view::account::{RecoveryCodes, SecondCode, SecondFactor};
use ui_gen::view::common::Link;

use super::passwords::{self, New};
use super::sign_in;
use crate::auth::factor::{self, Need};
use crate::auth::otp::{counted_second, network, throttle};
use crate::auth::{session, token, totp};
use crate::http::ask::{self, Answer, Ask};
use crate::http::cookies::Cookie;
use crate::http::{agent, limits};
use crate::problem::Problem;
use crate::store::people::{self, Person};
use crate::store::{By, Tx, desk, events, factors, throttles};

/// What the trail calls the way in by user name and password; other ways are called as in the configuration.
const PASSWORD: &str = "password";

/// Somebody on the way in.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    /// Who it is.
    pub(super) person: &'a str,
    /// Where to go afterwards.
    pub(super) next: &'a str,
    /// Which identity provider said who it is; none where a password did.
    pub(super) provider: Option<&'a str>,
    /// Whether the second factor was proved.
    pub(super) proved: bool,
}

/// The same, as it is remembered of the browser.
struct Pending {
    person: Person,
    next: String,
    provider: Option<String>,
    proved: bool,
}

impl Pending {
    fn way(&self) -> Way<'_> {
        let Self { person, next, provider, proved } = self;
        Way { person: &person.id, next, provider: provider.as_deref(), proved: *proved }
    }
}

/// What comes next for somebody.
enum Step {
    Second(Need),
    Password,
    Enter,
}

/// What is remembered of this browser lies beside what is remembered of a citizen's signing in.
fn browser(ask: &Ask) -> String {
    format!("{} desk", ask.browser)
}

/// Goes on with somebody whose password was right, or whom an identity provider has signed in.
pub(super) async fn go_on(ask: &Ask, way: Way<'_>) -> Answer {
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let step = step(ask, &mut tx, way).await?;
    if let Step::Second(Need::SetUp) = step {
        factor::begin(&ask.app, &mut tx, way.person).await?;
    }
    let answer = lead(ask, &mut tx, way, &step).await?;
    tx.commit().await?;
    end_old(ask, &step).await?;
    Ok(answer)
}

/// Ends the session that the browser had before, if it has a new one.
async fn end_old(ask: &Ask, step: &Step) -> Result<(), Problem> {
    match (&ask.session, step) {
        (Some(old), Step::Enter) => session::end(&ask.app, old).await,
        _ => Ok(()),
    }
}

async fn step(ask: &Ask, tx: &mut Tx, way: Way<'_>) -> Result<Step, Problem> {
    if !way.proved {
        match factor::need(&ask.app, tx, way.person, ask.now().day()).await? {
            Need::Nothing => {}
            need => return Ok(Step::Second(need)),
        }
    }
    // Whoever came without a password chooses none; one that was given still has to be changed by whoever uses it.
    let given = way.provider.is_none() && factors::given_ms(tx, way.person).await?.is_some();
    let given = given && connectors::control::holds("auth_11_first_password");
    Ok(if given { Step::Password } else { Step::Enter })
}

/// Leads to the next step: remembers whose turn it is, or begins the session.
async fn lead(ask: &Ask, tx: &mut Tx, way: Way<'_>, step: &Step) -> Result<Response, Problem> {
    let page = match step {
        Step::Second(_) => "/desk/sign-in/second",
        Step::Password => "/desk/sign-in/password",
        Step::Enter => return enter(ask, tx, way).await,
    };
    let Way { person, next, provider, proved } = way;
    let pending = json!({ "person": person, "next": next, "provider": provider, "proved": proved });
    session::remember(&ask.app, tx, &browser(ask), &pending).await?;
    Ok(ask::see_other(&ask.at(page)))
}

/// Begins the session, and remembers when the one before it began.
async fn enter(ask: &Ask, tx: &mut Tx, way: Way<'_>) -> Result<Response, Problem> {
    let Way { person, next, provider, proved } = way;
    session::forget(tx, &browser(ask)).await?;
    let last_ms = desk::last_time(tx, person, "sign_in").await?;
    let data = json!({ "last_ms": last_ms, "factor": proved, "agent": agent::of(&ask.headers) });
    let secret = session::begin(&ask.app, tx, (person, "employee"), &data).await?;
    let by = By { person, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let with = provider.unwrap_or(PASSWORD);
    let facts = json!({ "from": network(ask.remote), "with": with, "second_factor": proved });
    events::note(tx, by, None, "sign_in", facts).await?;
    let response = ask::with_cookie(ask::see_other(next), ask.jar(), Cookie::Session, &secret);
    // Forms that were given to the browser before it had a session must not work for the session.
    Ok(ask::with_cookie(response, ask.jar(), Cookie::Browser, &ask.app.chance.id()))
}

/// Whoever this browser is remembered for; `None` once it took too long, or the person may not sign in.
async fn pending(ask: &Ask) -> Result<Option<Pending>, Problem> {
    let kept: Json = session::remembered(&ask.app, &ask.tenant().id, &browser(ask)).await?;
    let Some(id) = kept["person"].as_str() else { return Ok(None) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let person = people::find(&mut tx, id).await?.filter(|person| person.kind == "employee" && !person.disabled);
    let next = sign_in::next(ask, kept["next"].as_str().unwrap_or_default());
    let provider = kept["provider"].as_str().map(str::to_owned);
    Ok(person.map(|person| Pending { person, next, provider, proved: kept["proved"] == true }))
}

fn from_the_start(ask: &Ask) -> Answer {
    ask.redirect(&ask.at("/desk/sign-in"))
}

/// `GET /{tenant}/desk/sign-in/second`
pub async fn page(ask: &Ask) -> Answer {
    let Some(pending) = pending(ask).await?.filter(|pending| !pending.proved) else { return from_the_start(ask) };
    draw(ask, &pending, "", 200).await
}

async fn draw(ask: &Ask, pending: &Pending, error: &str, status: u16) -> Answer {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let secret = factor::begun(&ask.app, &mut tx, &pending.person.id).await?;
    drop(tx);
    let words = ask.words();
    let error = if error.is_empty() { String::new() } else { words.get(error) };
    let (action, other) =
        (ask.at("/desk/sign-in/second"), Link::new(ask.at("/desk/sign-in"), words.get("second.other")));
    let page = match secret {
        Some(secret) => Page::SecondFactor(set_up(
            ask,
            pending.person.login.as_deref().unwrap_or(&pending.person.name),
            &secret,
            SecondFactor { action, text: words.get("second.set_up_text"), error, other, ..SecondFactor::default() },
        )),
        None => Page::SecondCode(SecondCode { action, error, lost: words.get("second.lost_text"), other }),
    };
    ask.page(page).back(ask.at("/desk/sign-in")).status(status).answer()
}

/// The page on which an authenticator is set up, with the secret in both ways in which one takes it.
pub(crate) fn set_up(ask: &Ask, login: &str, secret: &[u8], page: SecondFactor) -> SecondFactor {
    let town = ask.tenant().short.in_language(&ask.lang);
    let address = totp::address(secret, town, login);
    let letters = token::rfc_base32(secret);
    let groups: Vec<&str> = (0..letters.len()).step_by(4).map(|at| &letters[at..(at + 4).min(letters.len())]).collect();
    SecondFactor { qr_svg: ui_gen::qr::svg(&address).unwrap_or_default(), secret: groups.join(" "), ..page }
}

/// `POST /{tenant}/desk/sign-in/second`
pub async fn take(ask: &Ask) -> Answer {
    let Some(pending) = pending(ask).await?.filter(|pending| !pending.proved) else { return from_the_start(ask) };
    if ask.only_shows() {
        return draw(ask, &pending, "", 200).await;
    }
    let (id, typed) = (pending.person.id.as_str(), ask.field("code")?);
    count(ask, id).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let setting_up = factor::begun(&ask.app, &mut tx, id).await?.is_some();
    if !is_right(ask, &mut tx, id, typed, setting_up).await? {
        tx.commit().await?;
        denied(ask, id).await?;
        return draw(ask, &pending, "second.wrong", 422).await;
    }
    throttles::clear(&mut tx, &counted_second(id)).await?;
    let codes = if setting_up { confirm(ask, &mut tx, id).await? } else { Vec::new() };
    let way = Way { proved: true, ..pending.way() };
    let step = step(ask, &mut tx, way).await?;
    let answer = lead(ask, &mut tx, way, &step).await?;
    tx.commit().await?;
    end_old(ask, &step).await?;
    Ok(if setting_up { with_codes(ask, codes, &answer) } else { answer })
}

/// Whether the code is right: one of the authenticator that is being set up, or whatever proves one that is.
async fn is_right(ask: &Ask, tx: &mut Tx, person: &str, typed: &str, setting_up: bool) -> Result<bool, Problem> {
    if !setting_up {
        return factor::is_proved(&ask.app, tx, person, typed).await;
    }
    let digits: String = engine::form::html::ascii(typed).chars().filter(char::is_ascii_digit).collect();
    factor::is_code(&ask.app, tx, person, &digits).await
}

/// Confirms the authenticator that a right code was typed of; gives the recovery codes, to be shown once.
pub(super) async fn confirm(ask: &Ask, tx: &mut Tx, person: &str) -> Result<Vec<String>, Problem> {
    let (shown, kept) = factor::recovery_codes(&ask.app, tx.tenant(), person);
    let by = By { person, kind: ActorKind::Employee, at_ms: ask.now().ms };
    factors::confirm(tx, by, person, &kept).await?;
    Ok(shown)
}

/// The page with the recovery codes, which leads where `onward` would have led, with its cookies.
pub(crate) fn with_codes(ask: &Ask, codes: Vec<String>, onward: &Response) -> Response {
    use axum::http::header::{LOCATION, SET_COOKIE};
    let next = onward.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    let mut response = ask.page(Page::RecoveryCodes(RecoveryCodes { codes, next })).response();
    for cookie in onward.headers().get_all(SET_COOKIE) {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

/// Counts a try at proving who somebody is; the time to wait if there were too many.
pub(super) async fn count(ask: &Ask, person: &str) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    throttle(&mut tx, &counted_second(person), ask.now().ms, limits::SECOND_TRIES).await?;
    Ok(tx.commit().await?)
}

/// Forgets the tries: this one was right.
pub(super) async fn uncount(tx: &mut Tx, person: &str) -> Result<(), Problem> {
    Ok(throttles::clear(tx, &counted_second(person)).await?)
}

/// A wrong code leaves a trace; the code itself does not.
pub(super) async fn denied(ask: &Ask, person: &str) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let facts = json!({ "person": person, "from": network(ask.remote) });
    events::note(&mut tx, By::system(ask.now().ms), None, "second_factor_denied", facts).await?;
    Ok(tx.commit().await?)
}

/// Whoever has come to where a password of one's own is chosen.
async fn pending_password(ask: &Ask) -> Result<Option<Pending>, Problem> {
    let Some(pending) = pending(ask).await? else { return Ok(None) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let step = step(ask, &mut tx, pending.way()).await?;
    Ok(matches!(step, Step::Password).then_some(pending))
}

/// `GET /{tenant}/desk/sign-in/password`
pub async fn password_page(ask: &Ask) -> Answer {
    let Some(pending) = pending_password(ask).await? else { return from_the_start(ask) };
    passwords::draw(ask, &pending.person, &form(ask), ["", ""], 200)
}

fn form(ask: &Ask) -> passwords::Form {
    passwords::Form { path: "/desk/sign-in/password", back: ask.at("/desk/sign-in"), proof: false }
}

/// `POST /{tenant}/desk/sign-in/password`
pub async fn take_password(ask: &Ask) -> Answer {
    let Some(pending) = pending_password(ask).await? else { return from_the_start(ask) };
    let new = match passwords::read(ask, &pending.person, &form(ask))? {
        New::Fits(new) => new,
        New::Again(page) => return Ok(page),
    };
    let hash = passwords::hash(ask, &new).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    passwords::save(ask, &mut tx, pending.person.clone(), hash).await?;
    let answer = lead(ask, &mut tx, pending.way(), &Step::Enter).await?;
    tx.commit().await?;
    end_old(ask, &Step::Enter).await?;
    Ok(answer)
}
