//! `/{tenant}/desk/sign-in`: staff sign in with a name and a password, or go to where somebody else says who they are.

use connectors::control::holds;
use serde::Deserialize;
use serde_json::json;
use ui_gen::Page;
use ui_gen::view::desk::{DemoSignIn, DeskSignIn};

use super::enter::{self, Way};
use super::identity;
use crate::auth::otp::{network, throttle};
use crate::auth::password;
use crate::auth::policy::{ADMINISTRATOR, AUDITOR};
use crate::demo;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::sign_in::own_path;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::{By, events, people, throttles};

/// Where a demonstration writes down who can sign in, below the data directory.
const DEMO: &str = "demo.json";
/// Characters of a user's name.
const NAME: usize = 100;
/// What the chain of events says instead of a name that nobody has. No login has a bracket.
pub(super) const UNKNOWN: &str = "(unknown)";

/// `GET /{tenant}/desk/sign-in`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let next = next(ask, ask.query("next")?);
    if ask.who.employee().is_some() {
        return ask.redirect(&next);
    }
    shown(ask, "", false, &next, 200).await
}

async fn shown(ask: &Ask, user: &str, wrong: bool, next: &str, status: u16) -> Answer {
    let page = DeskSignIn {
        action: ask.at("/desk/sign-in"),
        user: user.to_owned(),
        error: if wrong { ask.words().get("desk_sign_in.wrong") } else { String::new() },
        next: next.to_owned(),
        others: identity::links(ask, next),
        demo: demo(ask).await,
    };
    ask.page(Page::DeskSignIn(page)).back(ask.at("")).status(status).answer()
}

/// Where to go afterwards: a page of the desk of this town.
pub(super) fn next(ask: &Ask, next: &str) -> String {
    let desk = ask.at("/desk");
    let path = own_path(ask, next);
    if path == desk || path.starts_with(&format!("{desk}/")) || path.starts_with(&format!("{desk}?")) {
        path
    } else {
        desk
    }
}

/// `POST /{tenant}/desk/sign-in`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let next = next(ask, ask.field("next")?);
    let (user, typed) = (ask.field("user")?.trim().to_lowercase(), ask.field("password")?);
    if ask.only_shows() {
        let user: String = user.chars().take(NAME).collect();
        return shown(ask, &user, false, &next, 200).await;
    }
    if user.is_empty() || user.chars().count() > NAME {
        return shown(ask, "", true, &next, 422).await;
    }
    let counted = count(ask, &user).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = people::by_login(&mut tx, &user).await?;
    drop(tx);
    let known = found.is_some();
    let found = found.filter(|person| person.kind == "employee" && !person.disabled);
    let stored = found.as_ref().and_then(|person| person.password_hash.as_deref());
    let right = password::is_right(typed, stored).await;
    let person = found.filter(|_| matches!(right, Ok(true)));
    // A whole office shares a network and comes at ten: only wrong passwords count, and none that was not looked at.
    if person.is_some() || right.is_err() {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        for key in &counted {
            throttles::take_back(&mut tx, key).await?;
        }
        tx.commit().await?;
    }
    right?;
    if let Some(person) = person {
        enter::go_on(ask, Way { person: &person.id, next: &next, provider: None, proved: false }).await
    } else {
        denied(ask, known.then_some(user.as_str())).await?;
        shown(ask, &user, true, &next, 422).await
    }
}

/// Counts a try: of the network it comes from, of that network for this name, and of the name wherever it comes from.
/// However many guess at a name elsewhere, a network keeps a few tries of its own, so that nobody is kept out by
/// strangers. Gives what it was counted under.
async fn count(ask: &Ask, user: &str) -> Result<[String; 3], Problem> {
    let (from, now_ms) = (network(ask.remote), ask.now().ms);
    let counted = [format!("password-from:{from}"), format!("password:{from}:{user}"), password::counted_in_all(user)];
    let [of_network, of_both, of_name] = &counted;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    throttle(&mut tx, of_network, now_ms, limits::PASSWORD_TRIES_FROM).await?;
    let (most, window_ms) = limits::PASSWORD_TRIES_IN_ALL;
    let beset = throttles::hit(&mut tx, of_name, now_ms, window_ms).await?.count > most;
    let beset = beset && holds("auth_01_name_beset");
    let tries = if beset { limits::PASSWORD_TRIES_THEN } else { limits::PASSWORD_TRIES };
    if holds("auth_01_name") {
        throttle(&mut tx, of_both, now_ms, tries).await?;
    }
    tx.commit().await?;
    Ok(counted)
}

/// A wrong password leaves a trace; the password itself does not. Nor does a name that nobody has here: it may be a
/// password that was typed a line too high, and what is in the chain stays there.
async fn denied(ask: &Ask, known: Option<&str>) -> Result<(), Problem> {
    let user = if holds("aud_01_unknown_user") { known.unwrap_or(UNKNOWN) } else { ask.field("user")? };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    events::note(
        &mut tx,
        By::system(ask.now().ms),
        None,
        "sign_in_denied",
        json!({ "user": user, "from": network(ask.remote) }),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// What a demonstration wrote down.
#[derive(Default, Deserialize)]
struct Written {
    #[serde(default)]
    sign_ins: Vec<Shown>,
    #[serde(default)]
    password: String,
}

/// A sign-in that a demonstration shows on the page.
#[derive(Deserialize)]
struct Shown {
    town: String,
    login: String,
    role: String,
}

/// The sign-ins of this town in a demonstration; none anywhere else.
async fn demo(ask: &Ask) -> Vec<DemoSignIn> {
    if !ask.app.config.demo {
        return Vec::new();
    }
    let read = tokio::fs::read(ask.app.config.data_dir.join(DEMO)).await;
    let Written { sign_ins, password } =
        read.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let here = sign_ins.into_iter().filter(|shown| shown.town == ask.tenant().id);
    here.map(|Shown { login, role, .. }| DemoSignIn {
        role: role_of(ask, &login).unwrap_or(role),
        user: login,
        password: password.clone(),
    })
    .collect()
}

/// What the role is called in the reader's language: sign-ins of a demonstration are called by it.
fn role_of(ask: &Ask, login: &str) -> Option<String> {
    let mut roles = ask.library.catalogue.services(ask.tenant()).flat_map(|service| &service.roles);
    for office in [ADMINISTRATOR, AUDITOR] {
        // Of some offices there are two.
        if login.trim_end_matches(".2") == demo::login(office) {
            return Some(ask.words().get(&format!("staff.{office}")));
        }
    }
    let role = roles.find(|role| demo::login(&role.name) == login)?;
    Some(role.label.in_language(&ask.lang).to_owned())
}
