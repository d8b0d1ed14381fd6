//! The authenticator of a citizen who wants one: its code is asked for beside the one that is sent as a message, which
//! others may read on its way, or get by taking over the number.
//!
//! Setting it up ends every other session and forgets every device, so that nothing goes around it.

use connectors::message::masked;
use engine::case::ActorKind;
use serde_json::json;
use ui_gen::view::account::{SecondCode, SecondFactor};
use ui_gen::view::apply::ActionForm;
use ui_gen::view::common::Link;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::sign_in;
use crate::auth::news::{self, News};
use crate::auth::{factor, otp, session};
use crate::http::ask::{self, Answer, Ask};
use crate::http::desk::enter;
use crate::http::{agent, limits};
use crate::store::people::{self, Person};
use crate::store::sessions::{self, Session};
use crate::store::{self, By, devices, factors, throttles};

/// What the browser is remembered for.
const REMEMBERED: &str = "second";

/// Leads somebody whose code was right to where the authenticator's is asked for.
pub(super) async fn lead(ask: &Ask, person: &str, next: &str, device: bool) -> Answer {
    let pending = json!({ "person": person, "next": next, "device": device });
    sign_in::remember_for(ask, REMEMBERED, &pending).await?;
    ask.redirect(&ask.at("/sign-in/second"))
}

/// `GET /{tenant}/sign-in/second`
pub async fn ask_code(ask: &Ask) -> Answer {
    code_page(ask, "", 200).await
}

async fn code_page(ask: &Ask, error: &str, status: u16) -> Answer {
    let kept = sign_in::kept_for(ask, REMEMBERED).await?;
    if kept["person"].as_str().is_none() {
        return ask.redirect(&ask.at("/sign-in"));
    }
    let words = ask.words();
    let page = SecondCode {
        action: ask.at("/sign-in/second"),
        error: if error.is_empty() { String::new() } else { words.get(error) },
        lost: words.get("second.citizen_lost"),
        other: Link::new(ask.at("/sign-in"), words.get("code.other")),
    };
    ask.page(Page::SecondCode(page)).back(ask.at("/sign-in")).status(status).answer()
}

/// `POST /{tenant}/sign-in/second`
pub async fn check_code(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return code_page(ask, "", 200).await;
    }
    let kept = sign_in::kept_for(ask, REMEMBERED).await?;
    let Some(person) = kept["person"].as_str() else { return ask.redirect(&ask.at("/sign-in")) };
    let next = sign_in::own_path(ask, kept["next"].as_str().unwrap_or_default());
    let data = json!({ "agent": agent::of(&ask.headers) });
    let proved = otp::second(&ask.app, ask.tenant(), (person, ask.remote), ask.field("code")?, &data).await?;
    let Some((citizen, secret)) = proved else { return code_page(ask, "second.wrong", 422).await };
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    session::forget(&mut tx, &sign_in::browser_for(ask, REMEMBERED)).await?;
    tx.commit().await?;
    sign_in::entered(ask, (&citizen, &secret), &next, kept["device"] == true).await
}

/// `GET /{tenant}/my/second`
pub async fn page(ask: &Ask) -> Answer {
    draw(ask, "", 200).await
}

/// Whether somebody signed in with this session not long ago, and by a code: whoever came upon an open one, or upon a
/// device on which no code is asked for, can set nothing up.
fn is_fresh(ask: &Ask) -> bool {
    let by_code = |session: &&Session| session::data(session)["device"] != true;
    let since = ask.session.as_ref().filter(by_code).map_or(0, |session| session.created_ms);
    ask.app.clock.now_ms() < since + limits::CODE_MS
}

/// Asks to set it up, or for the code with which it is turned off.
async fn draw(ask: &Ask, error: &str, status: u16) -> Answer {
    let (words, citizen) = (ask.words(), ask.citizen()?);
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let on = factor::is_set_up(&mut tx, &citizen.id).await?;
    drop(tx);
    let view = ActionForm {
        service: words.get("account.title"),
        number: masked(&citizen.mobile),
        action: ask.at("/my/second"),
        case: ask.at("/my/account"),
        ..ActionForm::default()
    };
    let view = if on {
        let input = Text { width: 20, autocomplete: "one-time-code".to_owned(), ..Text::default() };
        let field = FieldView::new("code", words.get("second.code"), Input::Text(input));
        let error = if error.is_empty() { String::new() } else { words.get(error) };
        ActionForm {
            title: words.get("second.turn_off"),
            text: vec![words.get("second.turn_off_text")],
            fields: vec![field.hint(words.get("second.hint")).error(error)],
            submit: words.get("second.turn_off"),
            danger: true,
            ..view
        }
    } else if is_fresh(ask) {
        ActionForm {
            title: words.get("second.set_up"),
            text: vec![words.get("second.citizen_text")],
            submit: words.get("button.continue"),
            ..view
        }
    } else {
        let fresh = words.say("second.fresh", &[("minutes", &sign_in::minutes())]);
        ActionForm {
            action: ask.at("/sign-out"),
            title: words.get("second.set_up"),
            text: vec![words.get("second.citizen_text"), fresh],
            submit: words.get("chrome.sign_out"),
            ..view
        }
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/my/account")).status(status).answer()
}

/// `POST /{tenant}/my/second`: begins to set one up, or turns off the one that is there.
pub async fn take(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return draw(ask, "", 200).await;
    }
    let id = &ask.citizen()?.id;
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let on = factor::is_set_up(&mut tx, id).await?;
    drop(tx);
    if on {
        return turn_off(ask, id).await;
    }
    if !is_fresh(ask) {
        return draw(ask, "", 422).await;
    }
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    factor::begin(&ask.app, &mut tx, id).await?;
    tx.commit().await?;
    ask.redirect(&ask.at("/my/second/code"))
}

async fn turn_off(ask: &Ask, id: &str) -> Answer {
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    let right = otp::is_second(&ask.app, &mut tx, (id, ask.remote), ask.field("code")?).await?;
    if right {
        let by = By { person: id, kind: ActorKind::Citizen, at_ms: ask.app.clock.now_ms() };
        factors::remove(&mut tx, by, id).await?;
    }
    // A wrong guess stays counted.
    tx.commit().await?;
    if !right {
        return draw(ask, "second.wrong", 422).await;
    }
    tell(ask, id, News::TurnedOff).await;
    ask.redirect(&ask.at("/my/account"))
}

/// Tells the citizen, who may not be the one that did it. It is done by now: the recovery codes, which are shown once,
/// are shown all the same if this fails.
async fn tell(ask: &Ask, id: &str, news: News) {
    match known(ask, id).await {
        Ok(Some(person)) => news::tell(&ask.app, ask.tenant(), &person, news).await,
        Ok(None) => {}
        Err(fault) => tracing::warn!(%fault, "nobody was told what became of an authenticator"),
    }
}

async fn known(ask: &Ask, id: &str) -> store::Result<Option<Person>> {
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    people::find(&mut tx, id).await
}

/// `GET /{tenant}/my/second/code`
pub async fn set_up_page(ask: &Ask) -> Answer {
    draw_set_up(ask, "", 200).await
}

async fn draw_set_up(ask: &Ask, error: &str, status: u16) -> Answer {
    let (words, citizen) = (ask.words(), ask.citizen()?);
    // What was begun while it was fresh and left there is nothing for whoever comes later.
    if !is_fresh(ask) {
        return ask.redirect(&ask.at("/my/second"));
    }
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let secret = factor::begun(&ask.app, &mut tx, &citizen.id).await?;
    drop(tx);
    let Some(secret) = secret else { return ask.redirect(&ask.at("/my/second")) };
    let page = SecondFactor {
        action: ask.at("/my/second/code"),
        text: words.get("second.citizen_text"),
        error: if error.is_empty() { String::new() } else { words.get(error) },
        other: Link::new(ask.at("/my/account"), words.get("button.cancel")),
        ..SecondFactor::default()
    };
    let page = enter::set_up(ask, &masked(&citizen.mobile), &secret, page);
    ask.page(Page::SecondFactor(page)).back(ask.at("/my/account")).status(status).answer()
}

/// `POST /{tenant}/my/second/code`: the first code proves that it is set up.
pub async fn confirm(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return draw_set_up(ask, "", 200).await;
    }
    let id = &ask.citizen()?.id;
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    if !is_fresh(ask) || factor::begun(&ask.app, &mut tx, id).await?.is_none() {
        drop(tx);
        return ask.redirect(&ask.at("/my/second"));
    }
    let now_ms = ask.app.clock.now_ms();
    let counted = otp::counted_second(id);
    otp::throttle(&mut tx, &counted, now_ms, limits::SECOND_TRIES).await?;
    if !factor::is_code(&ask.app, &mut tx, id, &sign_in::digits(ask.field("code")?)).await? {
        tx.commit().await?;
        return draw_set_up(ask, "second.wrong", 422).await;
    }
    throttles::clear(&mut tx, &counted).await?;
    let (shown, kept) = factor::recovery_codes(&ask.app, tx.tenant(), id);
    let by = By { person: id, kind: ActorKind::Citizen, at_ms: now_ms };
    factors::confirm(&mut tx, by, id, &kept).await?;
    let own = ask.session.as_ref().map(|session| session.hash.as_str()).unwrap_or_default();
    sessions::end_others(&mut tx, id, own).await?;
    devices::forget(&mut tx, id).await?;
    tx.commit().await?;
    tell(ask, id, News::SetUp).await;
    Ok(enter::with_codes(ask, shown, &ask::see_other(&ask.at("/my/account"))))
}
