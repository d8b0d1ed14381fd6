//! Signing in with a mobile number and a code, and signing out.

use axum::http::StatusCode;
use connectors::control::holds;
use connectors::message::masked;
use serde_json::{Value as Json, json};
use ui_gen::Page;
use ui_gen::from_engine::typed;
use ui_gen::view::common::{Link, Tone};
use ui_gen::view::home::{SignIn, SignInCode};

use super::{device, profile, second, start, statement};
use crate::auth::otp::{self, Asked, Opens, Right};
use crate::auth::{Citizen, session};
use crate::http::ask::{self, Answer, Ask};
use crate::http::cookies::Cookie;
use crate::http::{agent, body, chrome, limits, when};
use crate::problem::Problem;

/// `GET /{tenant}/sign-in`
pub async fn ask_mobile(ask: &Ask) -> Answer {
    let next = own_path(ask, ask.query("next")?);
    if ask.who.citizen().is_some() {
        return ask.redirect(&next);
    }
    mobile_page(ask, "", "", &next, 200)
}

fn mobile_page(ask: &Ask, mobile: &str, error: &str, next: &str, status: u16) -> Answer {
    let page = SignIn {
        action: ask.at("/sign-in"),
        mobile: mobile.to_owned(),
        error: if error.is_empty() { String::new() } else { ask.words().get(error) },
        next: next.to_owned(),
        counter: statement::counter(ask),
    };
    ask.page(Page::SignIn(page)).back(ask.at("")).status(status).answer()
}

/// `POST /{tenant}/sign-in`
pub async fn send_code(ask: &Ask) -> Answer {
    let next = own_path(ask, ask.field("next")?);
    let typed = ask.field("mobile")?;
    if ask.only_shows() {
        return mobile_page(ask, typed, "", &next, 200);
    }
    let mobile = typed::phone(typed);
    if !otp::is_mobile(&mobile) {
        return mobile_page(ask, typed, "sign_in.wrong", &next, 422);
    }
    if let Some(signed_in) = device::sign_in(ask, &mobile, &next).await? {
        return Ok(signed_in);
    }
    send(ask, &mobile, &next).await
}

/// `POST /{tenant}/sign-in/again`
pub async fn send_again(ask: &Ask) -> Answer {
    let Some((mobile, next)) = asked_before(ask).await? else { return ask.redirect(&ask.at("/sign-in")) };
    send(ask, &mobile, &next).await
}

async fn send(ask: &Ask, mobile: &str, next: &str) -> Answer {
    let tenant = ask.tenant();
    otp::send(&ask.app, tenant, asked(ask, mobile)).await?;
    let mut tx = ask.app.store.begin(&tenant.state).await?;
    let remembered = json!({ "mobile": mobile, "next": next, "sent_ms": ask.app.clock.now_ms() });
    session::remember(&ask.app, &mut tx, &ask.browser, &remembered).await?;
    tx.commit().await?;
    ask.redirect(&ask.at("/sign-in/code"))
}

fn asked<'a>(ask: &'a Ask, mobile: &'a str) -> Asked<'a> {
    Asked { mobile, browser: &ask.browser, lang: &ask.lang, remote: ask.remote, opens: Opens::SignIn }
}

/// The number and the page to go to that this browser began to sign in with.
async fn asked_before(ask: &Ask) -> Result<Option<(String, String)>, Problem> {
    let kept = session::remembered(&ask.app, &ask.tenant().state, &ask.browser).await?;
    Ok(kept["mobile"]
        .as_str()
        .map(|mobile| (mobile.to_owned(), own_path(ask, kept["next"].as_str().unwrap_or_default()))))
}

/// `GET /{tenant}/sign-in/code`
pub async fn ask_code(ask: &Ask) -> Answer {
    code_page(ask, "", 200).await
}

async fn code_page(ask: &Ask, error: &str, status: u16) -> Answer {
    let kept = session::remembered(&ask.app, &ask.tenant().state, &ask.browser).await?;
    let Some(mobile) = kept["mobile"].as_str() else { return ask.redirect(&ask.at("/sign-in")) };
    let words = ask.words();
    let page = SignInCode {
        code: if ask.only_shows() { shortened(ask.field("code")?) } else { String::new() },
        action: ask.at("/sign-in/code"),
        hint: words.say("code.hint", &[("mobile", &masked(mobile)), ("minutes", &minutes())]),
        error: if error.is_empty() { String::new() } else { words.get(error) },
        wait: wait(ask, kept["sent_ms"].as_i64().unwrap_or_default()),
        again: ask.at("/sign-in/again"),
        other: Link::new(ask.at("/sign-in"), words.get("code.other")),
        next: kept["next"].as_str().unwrap_or_default().to_owned(),
        demo_code: String::new(),
        device: true,
        trusted: ask.only_shows() && ask.field("device")? == "yes",
    };
    shown(ask, page, ask.at("/sign-in"), status)
}

/// The page that asks for a code.
pub(super) fn shown(ask: &Ask, page: SignInCode, back: String, status: u16) -> Answer {
    let mut shown = ask.page(Page::SignInCode(page)).back(back).status(status);
    if ask.app.config.demo && ask.app.config.implementer {
        shown = shown.notice(Tone::Info, ask.words().get("code.outbox"));
    }
    shown.answer()
}

/// Minutes for which a code holds.
pub(super) fn minutes() -> String {
    (limits::CODE_MS / 60_000).to_string()
}

/// In words, how long it is until another code can be sent after one at `sent_ms`; empty if it can be now.
pub(super) fn wait(ask: &Ask, sent_ms: i64) -> String {
    let (_, pause_ms) = limits::CODES_SENT[0];
    let left = sent_ms + pause_ms - ask.app.clock.now_ms();
    if left > 0 { when::wait(ask.words(), (left + 999) / 1_000) } else { String::new() }
}

/// The digits of a code as it was typed.
pub(super) fn digits(typed: &str) -> String {
    engine::form::html::ascii(typed).chars().filter(char::is_ascii_digit).collect()
}

pub(super) fn shortened(typed: &str) -> String {
    typed.chars().take(limits::CODE_TYPED).collect()
}

/// The name under which a browser is remembered for something else than signing in: that lies beside it.
pub(super) fn browser_for(ask: &Ask, what: &str) -> String {
    format!("{} {what}", ask.browser)
}

/// What is remembered of this browser for something else.
pub(super) async fn kept_for(ask: &Ask, what: &str) -> Result<Json, Problem> {
    session::remembered(&ask.app, &ask.tenant().state, &browser_for(ask, what)).await
}

/// Remembers something else of this browser, as long as a code holds.
pub(super) async fn remember_for(ask: &Ask, what: &str, data: &Json) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    session::remember(&ask.app, &mut tx, &browser_for(ask, what), data).await?;
    Ok(tx.commit().await?)
}

/// `POST /{tenant}/sign-in/code`
pub async fn check_code(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return code_page(ask, "", 200).await;
    }
    let Some((mobile, next)) = asked_before(ask).await? else { return ask.redirect(&ask.at("/sign-in")) };
    let code = digits(ask.field("code")?);
    let data = json!({ "agent": agent::of(&ask.headers) });
    let signed = otp::sign_in(&ask.app, ask.tenant(), asked(ask, &mobile), &code, &data).await?;
    let device = ask.field("device")? == "yes";
    match signed {
        Err(_) => code_page(ask, "code.wrong", 422).await,
        Ok(Right::Second(person)) => second::lead(ask, &person, &next, device).await,
        Ok(Right::In(citizen, secret)) => entered(ask, (&citizen, &secret), &next, device).await,
    }
}

/// Goes on with a citizen who has a session now: the one that this browser had before ends, and the device is known from
/// now on if that is wanted.
pub(super) async fn entered(ask: &Ask, (citizen, secret): (&Citizen, &str), next: &str, known: bool) -> Answer {
    if let Some(old) = &ask.session {
        session::end(&ask.app, old).await?;
    }
    let response = signed_in(ask, (&citizen.id, &citizen.name), next, secret).await?;
    if known {
        let secret = device::know(ask, &citizen.id).await?;
        return Ok(ask::with_cookie(response, ask.jar(), Cookie::Device, &secret));
    }
    Ok(response)
}

/// Sends whoever has just signed in on, with the cookie of the session.
pub(super) async fn signed_in(ask: &Ask, (id, name): (&str, &str), next: &str, secret: &str) -> Answer {
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let wanting = profile::is_wanting(&mut tx, id, name).await?;
    drop(tx);
    let to = if wanting { profile::before(ask, next) } else { first_page(ask, id, next).await? };
    let response = ask::with_cookie(ask::see_other(&to), ask.jar(), Cookie::Session, secret);
    let browser = if holds("ses_01_browser") { ask.app.chance.id() } else { ask.browser.clone() };
    Ok(ask::with_cookie(response, ask.jar(), Cookie::Browser, &browser))
}

/// Whoever signed in to start an application goes straight to its first page.
pub(super) async fn first_page(ask: &Ask, citizen: &str, next: &str) -> Result<String, Problem> {
    let base = ask.at("/services/");
    let (path, query) = next.split_once('?').unwrap_or((next, ""));
    let Some(id) = path.strip_prefix(&base).and_then(|rest| rest.strip_suffix("/start")) else {
        return Ok(next.to_owned());
    };
    let query = body::pairs(query.as_bytes())?;
    let tenant = ask.tenant();
    let offered = tenant.services.iter().any(|offered| offered == id);
    let Some(service) = ask.library.catalogue.service(&tenant.id, id).filter(|_| offered) else {
        return Ok(next.to_owned());
    };
    match start::begin(ask, service, citizen, (body::one(&query, "record")?, None)).await {
        Ok(Ok(to)) => Ok(to),
        Ok(Err(_)) | Err(Problem::Refused(_) | Problem::TooMany(_)) => Ok(next.replacen("/start", "", 1)),
        Err(other) => Err(other),
    }
}

/// `POST /{tenant}/session`: whoever is signed in stays so. The answer is how many seconds there are now.
pub async fn stay(ask: &Ask) -> Answer {
    let left = chrome::session_left(ask).ok_or(Problem::SignIn)?;
    Ok(ask::text(StatusCode::OK, "text/plain; charset=utf-8", left.to_string()))
}

/// `POST /{tenant}/sign-out`
pub async fn sign_out(ask: &Ask) -> Answer {
    if let Some(session) = &ask.session {
        session::end(&ask.app, session).await?;
    }
    let desk = ask.session.as_ref().is_some_and(|session| session.kind == "employee");
    let to = if desk { ask.at("/desk/sign-in") } else { ask.at("") };
    let mut response = ask::without_cookie(ask::see_other(&to), ask.jar(), Cookie::Session);
    // Pages of the person must not come back with the browser's Back button.
    response.headers_mut().insert("clear-site-data", axum::http::HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// A path of this town to go to afterwards; the town's front page for anything else.
pub fn own_path(ask: &Ask, next: &str) -> String {
    // A number in the query may well have strokes; in the path they would hide where it leads.
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let plain =
        next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.?=&%#+*".contains(&byte)) && !path.contains("//");
    let (lower, path) = (next.to_ascii_lowercase(), path.to_ascii_lowercase());
    let hidden = ["%2f", "%5c"].iter().any(|code| path.contains(code))
        || ["%0d", "%0a", "%09"].iter().any(|code| lower.contains(code));
    let home = ask.at("");
    let inside = next == home || next.strip_prefix(&home).is_some_and(|rest| rest.starts_with('/'));
    let safe = plain && !hidden && inside && next.len() <= 500;
    if safe || !holds("ses_09_own_path") { next.to_owned() } else { ask.at("/my") }
}
