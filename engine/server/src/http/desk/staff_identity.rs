//! `/{tenant}/desk/staff/{person}/identity/{provider}`: how somebody is known at an identity provider. It counts once the
//! person has confirmed it.

use std::sync::Arc;

use connectors::identity::{Provider, token};
use engine::case::ActorKind;
use serde_json::json;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::common::{ActionLink, Row};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::identity::provider;
use super::reader::Reader;
use super::{staff, staff_wait};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::identities::{self, Identity};
use crate::store::people::Person;
use crate::store::staff_requests::Kind;
use crate::store::{By, sessions};

/// What was typed, and what is wrong with it: keys of words, empty for nothing.
#[derive(Default)]
struct Typed {
    email: String,
    subject: String,
    wrong: [&'static str; 2],
}

/// `GET /{tenant}/desk/staff/{person}/identity/{provider}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let person = staff::another(ask).await?;
    let (_, provider) = provider(ask)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let all = identities::of_person(&mut tx, &person.id).await?;
    let known = all.into_iter().find(|known| known.issuer == provider.config().issuer);
    let (email, subject) = known.map(|known| (known.email, known.subject)).unwrap_or_default();
    let typed = Typed { email: email.unwrap_or_default(), subject: subject.unwrap_or_default(), ..Typed::default() };
    draw(ask, &person, &typed, 200)
}

fn draw(ask: &Ask, person: &Person, typed: &Typed, status: u16) -> Answer {
    let (word, provider) = provider(ask)?;
    let words = ask.words();
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let text = |value: &str| Text { width: 30, autocomplete: "off".to_owned(), ..Text::new(value) };
    let back = staff::href(ask, &person.id);
    let view = ActionForm {
        service: words.get("staff.title"),
        number: person.name.clone(),
        action: format!("{back}/identity/{word}"),
        title: words.say("identity.enter", &[("who", provider.config().host())]),
        text: vec![words.get("identity.enter_text")],
        fields: vec![
            FieldView::new("email", words.get("identity.email"), Input::Email(text(&typed.email)))
                .hint(words.get("identity.email_hint"))
                .error(said(typed.wrong[0]))
                .optional(),
            FieldView::new("subject", words.get("identity.subject"), Input::Text(text(&typed.subject)))
                .hint(words.get("identity.subject_hint"))
                .error(said(typed.wrong[1]))
                .optional(),
        ],
        submit: words.get("identity.enter_button"),
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).status(status).answer()
}

/// `POST /{tenant}/desk/staff/{person}/identity/{provider}`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let person = staff::another(ask).await?;
    let (_, provider) = provider(ask)?;
    let mut typed = Typed {
        email: ask.field("email")?.trim().to_owned(),
        subject: ask.field("subject")?.trim().to_owned(),
        wrong: [""; 2],
    };
    if ask.only_shows() {
        return draw(ask, &person, &typed, 200);
    }
    let email = token::written_email(&typed.email);
    if email.is_none() && !typed.email.is_empty() {
        typed.wrong[0] = "identity.email_wrong";
    }
    let subject = Some(typed.subject.clone()).filter(|subject| token::is_subject(subject));
    if subject.is_none() && !typed.subject.is_empty() {
        typed.wrong[1] = "identity.subject_wrong";
    }
    if typed.wrong != [""; 2] {
        return draw(ask, &person, &typed, 422);
    }
    let issuer = &provider.config().issuer;
    if subject.is_none() && email.is_none() {
        take_away(ask, &person, issuer).await?;
        return ask.redirect(&staff::href(ask, &person.id));
    }
    if is_anothers(ask, &person, issuer, (subject.as_deref(), email.as_deref())).await? {
        typed.wrong[usize::from(email.is_none())] = "identity.taken";
        return draw(ask, &person, &typed, 422);
    }
    let body = json!({ "issuer": issuer, "subject": subject, "email": email });
    // Neither the provider's name for somebody nor the address is in the event.
    staff_wait::ask_for(ask, &person, (Kind::Identity, body, json!({ "issuer": issuer }))).await
}

/// Whether somebody else is known so.
async fn is_anothers(
    ask: &Ask,
    person: &Person,
    issuer: &str,
    (subject, email): (Option<&str>, Option<&str>),
) -> Result<bool, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut known = Vec::new();
    if let Some(subject) = subject {
        known.extend(identities::by_subject(&mut tx, issuer, subject).await?);
    }
    if let Some(email) = email {
        known.extend(identities::by_email(&mut tx, issuer, email).await?);
    }
    Ok(known.iter().any(|known| known.person != person.id))
}

/// Takes it away at once. Whoever was signed in signs in anew.
async fn take_away(ask: &Ask, person: &Person, issuer: &str) -> Result<(), Problem> {
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    identities::remove(&mut tx, by, &person.id, issuer).await?;
    sessions::end_others(&mut tx, &person.id, "").await?;
    Ok(tx.commit().await?)
}

/// How somebody is known at each provider of the town, for the page of the person.
pub(super) fn rows(ask: &Ask, known: &[Identity]) -> Vec<Row> {
    let reader = Reader::of(ask);
    let row = |(_, provider): (&str, &Arc<Provider>)| {
        let config = provider.config();
        let said = match known.iter().find(|known| known.issuer == config.issuer) {
            None => reader.get("identity.none"),
            Some(Identity { bound_ms: Some(ms), .. }) => reader.say("identity.bound", &[("day", &reader.day_of(*ms))]),
            Some(Identity { subject: Some(subject), .. }) => reader.say("identity.called", &[("subject", subject)]),
            Some(Identity { email, .. }) => {
                reader.say("identity.by_email", &[("email", email.as_deref().unwrap_or_default())])
            }
        };
        Row::new(reader.say("identity.row", &[("who", config.host())]), said)
    };
    ask.app.identity_of(&ask.tenant().id).map(row).collect()
}

/// The ways to enter it, for the page of the person.
pub(super) fn actions(ask: &Ask, person: &Person) -> impl Iterator<Item = ActionLink> {
    ask.app.identity_of(&ask.tenant().id).map(move |(word, provider)| ActionLink {
        href: format!("{}/identity/{word}", staff::href(ask, &person.id)),
        text: ask.words().say("identity.enter", &[("who", provider.config().host())]),
        ..ActionLink::default()
    })
}
