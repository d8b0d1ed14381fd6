//! `/{tenant}/desk/account`: how an employee signs in, and where from; the own password and authenticator.
//!
//! What is changed here is proved once more: by the password, or by a code of the authenticator that is there.

use axum::response::Response;
use ui_gen::view::account::{Account, RecoveryCodes, SecondFactor};
use ui_gen::view::apply::ActionForm;
use ui_gen::view::common::{ActionLink, Link, Row};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::passwords::{self, New};
use super::reader::Reader;
use super::{enter, own_wait, staff_wait};
use crate::auth::{factor, password, session};
use crate::http::ask::{self, Answer, Ask};
use crate::http::cookies::Cookie;
use crate::http::sessions;
use crate::problem::Problem;
use crate::store::factors::{self, Factor};
use crate::store::people::{self, Person};
use crate::store::{By, Tx, sessions as kept_sessions};

/// The reader, with the authenticator that was confirmed.
pub(super) async fn reader(ask: &Ask) -> Result<(Person, Option<Factor>), Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let id = &ask.employee()?.id;
    let person = people::find(&mut tx, id).await?.ok_or(Problem::SignIn)?;
    let factor = factors::find(&mut tx, id).await?.filter(|factor| factor.confirmed_ms.is_some());
    Ok((person, factor))
}

/// `GET /{tenant}/desk/account`
pub async fn page(ask: &Ask) -> Answer {
    draw(ask, "").await
}

/// The page, with a token of a program that was just made.
pub(super) async fn draw(ask: &Ask, token: &str) -> Answer {
    let (person, factor) = reader(ask).await?;
    let reader = Reader::of(ask);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mine = sessions::mine(ask, &mut tx, &person.id).await?;
    let left = factors::codes_left(&mut tx, &person.id).await?;
    let waits = staff_wait::of_person(ask, &mut tx, &person.id).await?;
    drop(tx);
    let since = factor.as_ref().and_then(|factor| factor.confirmed_ms);
    let second = match since {
        Some(ms) => reader.say("second.on", &[("day", &reader.day_of(ms)), ("n", &left.to_string())]),
        None => reader.get("second.off"),
    };
    let link =
        |path: &str, key: &str| ActionLink { href: ask.at(path), text: reader.get(key), ..ActionLink::default() };
    let mut actions = vec![link("/desk/account/password", "password.title")];
    actions.push(link("/desk/account/second", if since.is_some() { "second.renew" } else { "second.set_up" }));
    actions.extend(since.map(|_| link("/desk/account/codes", "second.new_codes")));
    let mut rows = vec![
        Row::new(reader.get("desk_sign_in.user"), person.login.unwrap_or_default()),
        Row::new(reader.get("second.row"), second),
    ];
    rows.extend(own_wait::rows(ask, &waits).await?);
    let view = Account {
        token: token.to_owned(),
        rows,
        actions,
        others: mine.len() > 1,
        sessions: mine,
        devices: Vec::new(),
        end: ask.at("/desk/account"),
    };
    ask.page(Page::Account(view)).back(ask.at("/desk")).answer()
}

/// `POST /{tenant}/desk/account`
pub async fn end(ask: &Ask) -> Answer {
    sessions::end(ask, ask.field("session")?).await?;
    ask.redirect(&ask.at("/desk/account"))
}

fn form(ask: &Ask) -> passwords::Form {
    passwords::Form { path: "/desk/account/password", back: ask.at("/desk/account"), proof: true }
}

/// `GET /{tenant}/desk/account/password`
pub async fn password_page(ask: &Ask) -> Answer {
    let (person, _) = reader(ask).await?;
    passwords::draw(ask, &person, &form(ask), ["", ""], 200)
}

/// `POST /{tenant}/desk/account/password`: ends every other session, and this one goes on under another secret.
pub async fn take_password(ask: &Ask) -> Answer {
    let (person, _) = reader(ask).await?;
    let new = match passwords::read(ask, &person, &form(ask))? {
        New::Fits(new) => new,
        New::Again(page) => return Ok(page),
    };
    if !is_own_password(ask, &person, ask.field("present")?).await? {
        return passwords::draw(ask, &person, &form(ask), ["password.wrong", ""], 422);
    }
    let hash = passwords::hash(ask, &new).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    passwords::save(ask, &mut tx, person, hash).await?;
    let response = renewed(ask, &mut tx, "/desk/account", None).await?;
    tx.commit().await?;
    Ok(response)
}

/// Whether it is the reader's password; wrong ones are counted.
async fn is_own_password(ask: &Ask, person: &Person, typed: &str) -> Result<bool, Problem> {
    enter::count(ask, &person.id).await?;
    if !password::is_right(typed, person.password_hash.as_deref()).await? {
        return Ok(false);
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    enter::uncount(&mut tx, &person.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// Puts a new session in the place of all that the reader has, and leads on with its cookie. What was
/// remembered of it stays, and whether a second factor was proved, if that is said.
async fn renewed(ask: &Ask, tx: &mut Tx, to: &str, proved: Option<bool>) -> Result<Response, Problem> {
    let id = &ask.employee()?.id;
    let mut data = ask.session.as_ref().map(session::data).unwrap_or_default();
    if let (Some(proved), Some(known)) = (proved, data.as_object_mut()) {
        known.insert("factor".to_owned(), proved.into());
    }
    kept_sessions::end_others(tx, id, "").await?;
    let secret = session::begin(&ask.app, tx, (id, "employee"), &data).await?;
    Ok(ask::with_cookie(ask::see_other(&ask.at(to)), ask.jar(), Cookie::Session, &secret))
}

/// `GET /{tenant}/desk/account/second`
pub async fn second_page(ask: &Ask) -> Answer {
    let (person, factor) = reader(ask).await?;
    proof_page(ask, &person, ("/desk/account/second", factor.is_some()), "", 200)
}

/// The page that asks for a proof: a code of the authenticator that is there, else the password.
fn proof_page(ask: &Ask, person: &Person, (path, by_code): (&str, bool), error: &str, status: u16) -> Answer {
    let words = ask.words();
    let error = if error.is_empty() { String::new() } else { words.get(error) };
    let field = if by_code {
        let input = Text { width: 20, autocomplete: "one-time-code".to_owned(), ..Text::default() };
        FieldView::new("proof", words.get("second.code"), Input::Text(input)).hint(words.get("second.hint"))
    } else {
        let input = Text { autocomplete: "current-password".to_owned(), ..Text::default() };
        FieldView::new("proof", words.get("password.present"), Input::Password(input))
    };
    let codes = path.ends_with("codes");
    let view = ActionForm {
        service: words.get("account.title"),
        number: person.name.clone(),
        action: ask.at(path),
        title: words.get(match (codes, by_code) {
            (true, _) => "second.new_codes",
            (_, true) => "second.renew",
            _ => "second.set_up",
        }),
        text: vec![words.get(if codes { "second.new_codes_text" } else { "second.why" })],
        fields: vec![field.error(error)],
        submit: words.get("button.continue"),
        case: ask.at("/desk/account"),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/desk/account")).status(status).answer()
}

/// Whether the proof that was typed is right: the page again if not.
async fn proof(ask: &Ask, person: &Person, by_code: bool, path: &str) -> Result<Option<Response>, Problem> {
    if ask.only_shows() {
        return proof_page(ask, person, (path, by_code), "", 200).map(Some);
    }
    let typed = ask.field("proof")?;
    if !by_code {
        let right = is_own_password(ask, person, typed).await?;
        return if right { Ok(None) } else { proof_page(ask, person, (path, false), "password.wrong", 422).map(Some) };
    }
    if is_second_proved(ask, person, typed).await? {
        return Ok(None);
    }
    proof_page(ask, person, (path, true), "second.wrong", 422).map(Some)
}

/// Whether what was typed proves the reader's second factor; it is used up by that, and what does not is counted.
pub(super) async fn is_second_proved(ask: &Ask, person: &Person, typed: &str) -> Result<bool, Problem> {
    enter::count(ask, &person.id).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let right = factor::is_proved(&ask.app, &mut tx, &person.id, typed).await?;
    if right {
        enter::uncount(&mut tx, &person.id).await?;
    }
    tx.commit().await?;
    if !right {
        enter::denied(ask, &person.id).await?;
    }
    Ok(right)
}

/// `POST /{tenant}/desk/account/second`: takes the authenticator away that is there, and begins to set up another.
pub async fn begin_second(ask: &Ask) -> Answer {
    let (person, factor) = reader(ask).await?;
    if let Some(again) = proof(ask, &person, factor.is_some(), "/desk/account/second").await? {
        return Ok(again);
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if factor.is_some() {
        let by = By { person: &person.id, kind: engine::case::ActorKind::Employee, at_ms: ask.now().ms };
        factors::remove(&mut tx, by, &person.id).await?;
    }
    factor::begin(&ask.app, &mut tx, &person.id).await?;
    tx.commit().await?;
    ask.redirect(&ask.at("/desk/account/second/code"))
}

/// `GET /{tenant}/desk/account/second/code`
pub async fn code_page(ask: &Ask) -> Answer {
    draw_code(ask, "", 200).await
}

async fn draw_code(ask: &Ask, error: &str, status: u16) -> Answer {
    let (person, _) = reader(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let secret = factor::begun(&ask.app, &mut tx, &person.id).await?;
    drop(tx);
    let Some(secret) = secret else { return ask.redirect(&ask.at("/desk/account")) };
    let words = ask.words();
    let page = SecondFactor {
        action: ask.at("/desk/account/second/code"),
        text: words.get("second.set_up_text"),
        error: if error.is_empty() { String::new() } else { words.get(error) },
        other: Link::new(ask.at("/desk/account"), words.get("button.cancel")),
        ..SecondFactor::default()
    };
    let page = enter::set_up(ask, person.login.as_deref().unwrap_or(&person.name), &secret, page);
    ask.page(Page::SecondFactor(page)).back(ask.at("/desk/account")).status(status).answer()
}

/// `POST /{tenant}/desk/account/second/code`
pub async fn confirm_second(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return draw_code(ask, "", 200).await;
    }
    let id = &ask.employee()?.id;
    enter::count(ask, id).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let setting_up = factor::begun(&ask.app, &mut tx, id).await?.is_some();
    let digits: String = engine::form::html::ascii(ask.field("code")?).chars().filter(char::is_ascii_digit).collect();
    if !setting_up || !factor::is_code(&ask.app, &mut tx, id, &digits).await? {
        tx.commit().await?;
        return draw_code(ask, "second.wrong", 422).await;
    }
    enter::uncount(&mut tx, id).await?;
    let codes = enter::confirm(ask, &mut tx, id).await?;
    let onward = renewed(ask, &mut tx, "/desk/account", Some(true)).await?;
    tx.commit().await?;
    Ok(enter::with_codes(ask, codes, &onward))
}

/// `GET /{tenant}/desk/account/codes`
pub async fn codes_page(ask: &Ask) -> Answer {
    let (person, factor) = reader(ask).await?;
    if factor.is_none() {
        return ask.redirect(&ask.at("/desk/account/second"));
    }
    proof_page(ask, &person, ("/desk/account/codes", true), "", 200)
}

/// `POST /{tenant}/desk/account/codes`
pub async fn new_codes(ask: &Ask) -> Answer {
    let (person, factor) = reader(ask).await?;
    if factor.is_none() {
        return ask.redirect(&ask.at("/desk/account/second"));
    }
    if let Some(again) = proof(ask, &person, true, "/desk/account/codes").await? {
        return Ok(again);
    }
    let (codes, kept) = factor::recovery_codes(&ask.app, &ask.tenant().id, &person.id);
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let by = By { person: &person.id, kind: engine::case::ActorKind::Employee, at_ms: ask.now().ms };
    factors::renew_codes(&mut tx, by, &person.id, &kept).await?;
    tx.commit().await?;
    ask.page(Page::RecoveryCodes(RecoveryCodes { codes, next: ask.at("/desk/account") })).answer()
}
