//! The administrator of a town, appointed by whoever keeps the installation: the first one, or one in place of
//! somebody who can no longer get in. Every other post is given by administrators, on their pages.

use anyhow::{Context as _, bail, ensure};
use connectors::identity::token::{is_subject, written_email};
use engine::base::Name;
use engine::tenant::Tenant;

use crate::app::App;
use crate::auth::policy::ADMINISTRATOR;
use crate::auth::{password, token};
use crate::store::appointments::{self, Appointment, THE_TOWN};
use crate::store::identities::{self, Identity};
use crate::store::people::{self, Person};
use crate::store::{By, events, factors, sessions};

/// A password that nobody can guess, in groups that can be read out.
pub fn first_password(app: &App) -> String {
    let text = token::base32(&app.chance.bytes::<10>());
    [&text[..4], &text[4..8], &text[8..12], &text[12..16]].join("-")
}

/// Appoints whoever signs in as `login`, from today on; somebody new of this `name` if nobody does. Gives the
/// password, which is to be changed at the first sign-in. An authenticator that was there is taken away.
///
/// # Errors
/// When the login will not do, or the store fails.
pub async fn administrator(app: &App, tenant: &Tenant, login: &str, name: &str) -> anyhow::Result<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b);
    ensure!(
        login.len() >= 3 && login.bytes().all(plain),
        "a user name has small letters, digits, full stops and hyphens"
    );
    let now = app.clock.now(tenant);
    let by = By::system(now.ms);
    let made = first_password(app);
    let hash = password::hash(&made, &app.chance)?;
    let mut tx = app.store.begin(&tenant.id).await?;
    let person = if let Some(known) = people::by_login(&mut tx, login).await? {
        known
    } else {
        ensure!(!name.trim().is_empty(), "nobody signs in as `{login}` yet: give a name");
        newcomer(app, tenant, (login, name.trim()), now.ms)
    };
    let id = person.id.clone();
    let person = Person { password_hash: Some(hash), disabled: false, at_ms: now.ms, ..person };
    people::save(&mut tx, by, &person).await.context("writing the person")?;
    factors::to_be_changed(&mut tx, &id, now.ms).await?;
    factors::remove(&mut tx, by, &id).await?;
    sessions::end_others(&mut tx, &id, "").await?;
    let held = appointments::of_person(&mut tx, &id, now.day()).await?;
    if !held.iter().any(|held| held.role == *ADMINISTRATOR && held.service == THE_TOWN) {
        let appointment = Appointment {
            person: id.clone(),
            service: THE_TOWN.to_owned(),
            role: Name::new(ADMINISTRATOR),
            place: String::new(),
            from: now.day(),
            until: None,
            departments: Vec::new(),
            most: None,
            held_for: None,
        };
        appointments::save(&mut tx, by, &appointment).await?;
    }
    events::note(&mut tx, by, None, "first_password", serde_json::json!({ "person": id })).await?;
    tx.commit().await?;
    Ok(made)
}

/// Enters how whoever signs in as `login` is known at an identity provider of the town, which the configuration calls
/// `word`: by a mail address that is proved there, or by the provider's own name for the person.
///
/// # Errors
/// When there is no such provider or person, when somebody else is known so, or when the store fails.
pub async fn known_as(app: &App, tenant: &Tenant, login: &str, (word, name): (&str, &str)) -> anyhow::Result<()> {
    let provider = app.identity_of(&tenant.id).find(|(known, _)| *known == word).map(|(_, provider)| provider);
    let provider = provider.with_context(|| format!("no identity provider of {} is called `{word}`", tenant.id))?;
    let (subject, email) = match written_email(name) {
        Some(email) => (None, Some(email)),
        None if is_subject(name) => (Some(name.to_owned()), None),
        None => bail!("`{name}` is neither a mail address nor a name at an identity provider"),
    };
    let now_ms = app.clock.now_ms();
    let mut tx = app.store.begin(&tenant.id).await?;
    let person = people::by_login(&mut tx, login).await?.with_context(|| format!("nobody signs in as `{login}`"))?;
    let issuer = provider.config().issuer.clone();
    let entered = Identity { person: person.id, issuer, subject, email, entered_ms: now_ms, bound_ms: None };
    identities::enter(&mut tx, By::system(now_ms), &entered).await.context("entering the identity")?;
    Ok(tx.commit().await?)
}

fn newcomer(app: &App, tenant: &Tenant, (login, name): (&str, &str), at_ms: i64) -> Person {
    Person {
        id: app.chance.ordered_id(at_ms),
        kind: "employee".to_owned(),
        mobile: None,
        login: Some(login.to_owned()),
        name: name.to_owned(),
        email: None,
        password_hash: None,
        language: tenant.languages.first().cloned().unwrap_or_default(),
        disabled: false,
        at_ms,
    }
}
