//! `/{tenant}/my/mobile`: a citizen changes the number under which he is known. One code goes to the old
//! number and one to the new, whatever is known of the device.

use connectors::message::{Channel, Message, masked};
use engine::case::ActorKind;
use serde_json::json;
use ui_gen::from_engine::typed;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::sign_in;
use crate::auth::otp::{self, Asked, Opens};
use crate::auth::{Citizen, session};
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::renumber;
use crate::store::people::{self, Person};
use crate::store::{self, By, devices, mobiles, sessions};

/// What the browser is remembered for.
const REMEMBERED: &str = "mobile";

/// `GET /{tenant}/my/mobile`
pub async fn ask_mobile(ask: &Ask) -> Answer {
    mobile_page(ask, "", "", 200)
}

fn mobile_page(ask: &Ask, typed: &str, error: &str, status: u16) -> Answer {
    let words = ask.words();
    let citizen = ask.citizen()?;
    let field = FieldView::new("mobile", words.get("mobile.new"), Input::Phone(Text::new(typed)))
        .hint(words.get("mobile.new_hint"))
        .error(said(ask, error));
    let text = vec![words.say("mobile.text", &[("mobile", &masked(&citizen.mobile))]), words.get("mobile.hold")];
    let view = ActionForm { text, fields: vec![field], ..form(ask, "/my/mobile", "button.continue") };
    ask.page(Page::ActionForm(view)).back(ask.at("/my/account")).status(status).answer()
}

/// What both forms have in common.
fn form(ask: &Ask, path: &str, submit: &str) -> ActionForm {
    let words = ask.words();
    ActionForm {
        service: words.get("account.title"),
        number: ask.who.citizen().map(|citizen| masked(&citizen.mobile)).unwrap_or_default(),
        action: ask.at(path),
        title: words.get("mobile.title"),
        submit: words.get(submit),
        case: ask.at("/my/account"),
        ..ActionForm::default()
    }
}

fn said(ask: &Ask, error: &str) -> String {
    if error.is_empty() { String::new() } else { ask.words().get(error) }
}

/// `POST /{tenant}/my/mobile`
pub async fn send_codes(ask: &Ask) -> Answer {
    let typed = ask.field("mobile")?;
    if ask.only_shows() {
        return mobile_page(ask, typed, "", 200);
    }
    let (citizen, new) = (ask.citizen()?, typed::phone(typed));
    if !otp::is_mobile(&new) {
        return mobile_page(ask, typed, "sign_in.wrong", 422);
    }
    if new == citizen.mobile {
        return mobile_page(ask, typed, "mobile.same", 422);
    }
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &format!("mobile:{}", citizen.id), now_ms, limits::MOBILE_CHANGES).await?;
    tx.commit().await?;
    for to in [&citizen.mobile, &new] {
        otp::send(&ask.app, ask.tenant(), asked(ask, citizen, to, &new)).await?;
    }
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    session::remember(&ask.app, &mut tx, &sign_in::browser_for(ask, REMEMBERED), &json!({ "new": new })).await?;
    tx.commit().await?;
    ask.redirect(&ask.at("/my/mobile/code"))
}

fn asked<'a>(ask: &'a Ask, citizen: &'a Citizen, to: &'a str, new: &'a str) -> Asked<'a> {
    let opens = Opens::Mobile { person: &citizen.id, new };
    Asked { mobile: to, browser: &ask.browser, lang: &ask.lang, remote: ask.remote, opens }
}

/// `GET /{tenant}/my/mobile/code`
pub async fn ask_codes(ask: &Ask) -> Answer {
    codes_page(ask, [""; 2], 200).await
}

async fn codes_page(ask: &Ask, errors: [&str; 2], status: u16) -> Answer {
    let kept = sign_in::kept_for(ask, REMEMBERED).await?;
    let Some(new) = kept["new"].as_str() else { return ask.redirect(&ask.at("/my/mobile")) };
    let (words, citizen) = (ask.words(), ask.citizen()?);
    let code = |name: &str, mobile: &str, error: &str| {
        let value = if ask.only_shows() { sign_in::shortened(ask.field(name)?) } else { String::new() };
        let input = Text { width: 10, autocomplete: "one-time-code".to_owned(), ..Text::new(value) };
        let label = words.say("mobile.code", &[("mobile", &masked(mobile))]);
        Ok::<_, Problem>(FieldView::new(name, label, Input::Text(input)).error(said(ask, error)))
    };
    let view = ActionForm {
        text: vec![words.say("mobile.codes", &[("minutes", &sign_in::minutes())])],
        fields: vec![code("old", &citizen.mobile, errors[0])?, code("new", new, errors[1])?],
        ..form(ask, "/my/mobile/code", "mobile.button")
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/my/mobile")).status(status).answer()
}

/// `POST /{tenant}/my/mobile/code`
pub async fn change(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return codes_page(ask, [""; 2], 200).await;
    }
    let kept = sign_in::kept_for(ask, REMEMBERED).await?;
    let Some(new) = kept["new"].as_str() else { return ask.redirect(&ask.at("/my/mobile")) };
    let citizen = ask.citizen()?;
    let typed = [sign_in::digits(ask.field("old")?), sign_in::digits(ask.field("new")?)];
    let sent = [asked(ask, citizen, &citizen.mobile, new), asked(ask, citizen, new, new)];
    let right = otp::are_codes(&ask.app, ask.tenant(), sent, [&typed[0], &typed[1]]).await?;
    if right != [true; 2] {
        return codes_page(ask, right.map(|right| if right { "" } else { "code.wrong" }), 422).await;
    }
    match write(ask, citizen, new).await {
        Ok(()) => {}
        // Both numbers are the reader's own, so that may be told.
        Err(store::Error::Taken(_)) => return mobile_page(ask, new, "mobile.taken", 422),
        Err(other) => return Err(other.into()),
    }
    tell(ask, &citizen.mobile).await;
    find_again(ask, citizen, new).await;
    ask.redirect(&ask.at("/my/account"))
}

/// Writes the new number; whoever is signed in elsewhere, and every known device, has to begin anew.
async fn write(ask: &Ask, citizen: &Citizen, new: &str) -> store::Result<()> {
    let at_ms = ask.app.clock.now_ms();
    let by = By { person: &citizen.id, kind: ActorKind::Citizen, at_ms };
    let own = ask.session.as_ref().map(|session| session.hash.as_str()).unwrap_or_default();
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    let person = people::find(&mut tx, &citizen.id).await?;
    let person = person.filter(|person| person.mobile.as_ref() == Some(&citizen.mobile)).ok_or(store::Error::Stale)?;
    if people::by_mobile(&mut tx, new).await?.is_some() {
        return Err(store::Error::Taken("people_by_mobile".to_owned()));
    }
    people::save(&mut tx, by, &Person { mobile: Some(new.to_owned()), at_ms, ..person }).await?;
    mobiles::left(&mut tx, by, &citizen.id, &citizen.mobile).await?;
    sessions::end_others(&mut tx, &citizen.id, own).await?;
    devices::forget(&mut tx, &citizen.id).await?;
    session::forget(&mut tx, &sign_in::browser_for(ask, REMEMBERED)).await?;
    tx.commit().await
}

/// Makes what is the citizen's found by the new number. The number is changed all the same if that fails: an act on
/// the case, or on the record, makes it good.
async fn find_again(ask: &Ask, citizen: &Citizen, new: &str) {
    let by = By { person: &citizen.id, kind: ActorKind::Citizen, at_ms: ask.app.clock.now_ms() };
    if let Err(error) = renumber::everywhere(&ask.app, &ask.tenant().state, by, new).await {
        tracing::error!(%error, "what is found by a number that was changed could not be changed everywhere");
    }
}

/// Tells the old number. It is done all the same if no message can be sent.
async fn tell(ask: &Ask, old: &str) {
    let town = ask.tenant().short.in_language(&ask.lang);
    let message = Message {
        key: format!("mobile-{}", ask.app.chance.id()),
        tenant: ask.tenant().id.clone(),
        channel: Channel::Sms,
        to: old.to_owned(),
        subject: None,
        body: ask.words().say("mobile.told_sms", &[("town", town)]),
        template: "mobile_changed".to_owned(),
        language: ask.lang.clone(),
    };
    if let Err(fault) = ask.app.messenger.send(&message).await {
        tracing::warn!(%fault, "the old number was not told of its change");
    }
}

/// Refuses papers for a while after the number was changed: whoever has got hold of both numbers is not handed
/// what was issued before the owner of the old one could object.
pub async fn hold(ask: &Ask) -> Result<(), Problem> {
    let Some(citizen) = ask.who.citizen() else { return Ok(()) };
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let changed_ms = mobiles::latest_ms(&mut tx, &citizen.id).await?;
    let held = changed_ms.is_some_and(|ms| ask.app.clock.now_ms() < ms + limits::MOBILE_HOLD_MS);
    if held && connectors::control::holds("auth_12_hold") { Err(Problem::OnHold) } else { Ok(()) }
}
