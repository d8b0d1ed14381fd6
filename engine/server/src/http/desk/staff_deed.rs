//! `/{tenant}/desk/staff/{person}/do/{deed}`: the way in of somebody else: a first password, a lost
//! authenticator, barring.

use engine::case::ActorKind;
use serde_json::json;
use ui_gen::Page;
use ui_gen::view::apply::ActionForm;

use super::staff;
use crate::appoint::first_password;
use crate::auth::password;
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::people::{self, Person};
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
        text: vec![words.get(leads)],
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
    let me = ask.employee()?.id.clone();
    let by = By { person: &me, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let made = if word == "password" && person.login.is_some() { first_password(&ask.app) } else { String::new() };
    let hash = if made.is_empty() { None } else { Some(password::hash_in_turn(&made, &ask.app.chance).await?) };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    match (word, hash) {
        ("password", Some(hash)) => {
            let changed = Person { password_hash: Some(hash), at_ms: by.at_ms, ..person.clone() };
            people::save(&mut tx, by, &changed).await?;
            given(&mut tx, by, &person.id).await?;
            sessions::end_others(&mut tx, &person.id, "").await?;
        }
        ("second", _) => {
            factors::remove(&mut tx, by, &person.id).await?;
            sessions::end_others(&mut tx, &person.id, "").await?;
        }
        ("bar" | "let", _) => {
            let disabled = word == "bar";
            people::save(&mut tx, by, &Person { disabled, at_ms: by.at_ms, ..person.clone() }).await?;
            if disabled {
                sessions::end_others(&mut tx, &person.id, "").await?;
            }
        }
        _ => return Err(Problem::NotFound),
    }
    tx.commit().await?;
    if made.is_empty() {
        return ask.redirect(&staff::href(ask, &person.id));
    }
    staff::draw(ask, &person, staff::Shown { password: &made, ..staff::Shown::default() }).await
}

/// Marks a password as one that was given, and writes that down.
pub(super) async fn given(tx: &mut Tx, by: By<'_>, person: &str) -> store::Result<()> {
    factors::to_be_changed(tx, person, by.at_ms).await?;
    events::note(tx, by, None, "first_password", json!({ "person": person })).await?;
    Ok(())
}
