//! `/{tenant}/desk/staff/{person}/do/{deed}`: the way in of somebody else: a first password and a lost authenticator,
//! which a second administrator agrees to; barring.

use engine::case::ActorKind;
use serde_json::json;
use ui_gen::Page;
use ui_gen::view::apply::ActionForm;

use super::{staff, staff_wait};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::people::{self, Person};
use crate::store::staff_requests::Kind;
use crate::store::{self, By, Tx, events, factors, sessions};

/// What can be done: its word in the address, its name, what it leads to.
const DEEDS: [(&str, &str, &str); 4] = [
    ("password", "staff.password", "staff.password_deed"),
    ("second", "staff.second", "staff.second_deed"),
    ("bar", "staff.bar", "staff.bar_deed"),
    ("let", "staff.let", "staff.let_deed"),
];

fn deed(ask: &Ask) -> Result<(&'static str, &'static str, &'static str), Problem> {
    let wanted = ask.param("deed");
    DEEDS.into_iter().find(|(word, ..)| *word == wanted).ok_or(Problem::NotFound)
}

/// `GET /{tenant}/desk/staff/{person}/do/{deed}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let (word, title, leads) = deed(ask)?;
    let person = staff::another(ask).await?;
    let back = staff::href(ask, &person.id);
    let words = ask.words();
    let view = ActionForm {
        service: words.get("staff.title"),
        number: person.name,
        action: format!("{back}/do/{word}"),
        title: words.get(title),
        text: std::iter::once(leads).chain(kind(word).map(|_| "waits.second_text")).map(|key| words.get(key)).collect(),
        submit: words.get(title),
        danger: word != "let",
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).answer()
}

/// `POST /{tenant}/desk/staff/{person}/do/{deed}`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let (word, ..) = deed(ask)?;
    if ask.only_shows() {
        return page(ask).await;
    }
    let person = staff::another(ask).await?;
    if let Some(kind) = kind(word) {
        if kind == Kind::Password && person.login.is_none() {
            return Err(Problem::NotFound);
        }
        return staff_wait::ask_for(ask, &person, (kind, json!({}), json!({}))).await;
    }
    let disabled = word == "bar";
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    people::save(&mut tx, by, &Person { disabled, at_ms: by.at_ms, ..person.clone() }).await?;
    if disabled {
        sessions::end_others(&mut tx, &person.id, "").await?;
    }
    tx.commit().await?;
    ask.redirect(&staff::href(ask, &person.id))
}

/// What a second administrator has to agree to first; nothing for what one does alone.
fn kind(word: &str) -> Option<Kind> {
    match word {
        "password" => Some(Kind::Password),
        "second" => Some(Kind::Second),
        _ => None,
    }
}

/// Marks a password as one that was given, and writes that down.
pub(super) async fn given(tx: &mut Tx, by: By<'_>, person: &str) -> store::Result<()> {
    factors::to_be_changed(tx, person, by.at_ms).await?;
    events::note(tx, by, None, "first_password", json!({ "person": person })).await?;
    Ok(())
}
