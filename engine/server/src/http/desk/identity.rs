//! `/{tenant}/desk/sign-in/with/{provider}`: employees sign in at an identity provider, and come back.
//!
//! Signing in there makes nobody's account here: whoever is not entered on the page of a person stays out.

use std::sync::Arc;

use connectors::control::holds;
use connectors::identity::address::Begin;
use connectors::identity::{Identity, NotProved, Provider, Returned};
use engine::case::ActorKind;
use serde_json::{Value as Json, json};
use ui_gen::Page;
use ui_gen::view::common::Link;
use ui_gen::view::other::{Problem as View, ProblemKind};

use super::enter::{self, Way};
use super::sign_in;
use crate::auth::otp::{network, throttle};
use crate::auth::session;
use crate::http::ask::{self, Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::people::{self, Person};
use crate::store::{By, events, identities, throttles};

/// The ways to sign in elsewhere that a town has, each leading to `next` in the end.
pub(super) fn links(ask: &Ask, next: &str) -> Vec<Link> {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let link = |(word, provider): (&str, &Arc<Provider>)| {
        Link::new(format!("{}?next={next}", ask.at(&format!("/desk/sign-in/with/{word}"))), button(ask, provider))
    };
    ask.app.identity_of(&ask.tenant().id).map(link).collect()
}

/// The words on the button: those of the operator, or ours with the provider's host.
fn button(ask: &Ask, provider: &Provider) -> String {
    let config = provider.config();
    let own = config.button.get(&ask.lang).cloned();
    own.unwrap_or_else(|| ask.words().say("identity.button", &[("who", config.host())]))
}

/// The provider in the address, and its word.
pub(super) fn provider(ask: &Ask) -> Result<(&str, &Arc<Provider>), Problem> {
    let wanted = ask.param("provider");
    ask.app.identity_of(&ask.tenant().id).find(|(word, _)| *word == wanted).ok_or(Problem::NotFound)
}

/// Where browsers come back to: an address of ours as it is configured, whatever the request claims.
fn redirect_uri(ask: &Ask, word: &str) -> String {
    ask.app.link(&ask.at(&format!("/desk/sign-in/with/{word}/back")))
}

/// What is remembered of this browser meanwhile lies beside what is remembered of its other ways in.
fn browser(ask: &Ask) -> String {
    format!("{} identity", ask.browser)
}

fn counted(ask: &Ask) -> String {
    format!("identity:{}", network(ask.remote))
}

/// `GET /{tenant}/desk/sign-in/with/{provider}`
///
/// It is a link and no form: a policy of content that governs where forms lead would have to name every host that
/// the provider itself sends people on to.
pub(crate) async fn begin(ask: &Ask) -> Answer {
    let (word, provider) = provider(ask)?;
    let next = sign_in::next(ask, ask.query("next")?);
    if ask.who.employee().is_some() {
        return ask.redirect(&next);
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    throttle(&mut tx, &counted(ask), ask.now().ms, limits::IDENTITY_TRIES).await?;
    tx.commit().await?;
    let chance = &ask.app.chance;
    let (state, nonce, verifier) = (chance.secret(), chance.secret(), chance.secret());
    let redirect_uri = redirect_uri(ask, word);
    let begin =
        Begin { redirect_uri: &redirect_uri, state: &state, nonce: &nonce, verifier: &verifier, language: &ask.lang };
    let to = match provider.begin(begin).await {
        Ok(to) => to,
        Err(fault) => return away(ask, &fault.to_string()),
    };
    let kept = json!({ "provider": word, "state": state, "nonce": nonce, "verifier": verifier, "next": next });
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    session::remember(&ask.app, &mut tx, &browser(ask), &kept).await?;
    tx.commit().await?;
    Ok(ask::see_other(&to))
}

/// `GET /{tenant}/desk/sign-in/with/{provider}/back`
pub(crate) async fn back(ask: &Ask) -> Answer {
    let (word, provider) = provider(ask)?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let kept = session::taken(&ask.app, &mut tx, &browser(ask)).await?;
    tx.commit().await?;
    if !answers(ask, word, &kept)? {
        return told(ask, vec![ask.words().get("identity.late")], 400);
    }
    let issuer = ask.query("iss")?;
    if !issuer.is_empty() && issuer != provider.config().issuer {
        return denied(ask, word, "another issuer answered").await;
    }
    let error = ask.query("error")?;
    if !error.is_empty() {
        let error: String = error.chars().take(limits::SEARCH).collect();
        tracing::warn!(provider = word, error, "the identity provider signed nobody in");
        return told(ask, vec![ask.words().get("identity.refused")], 403);
    }
    let text = |name: &str| kept[name].as_str().unwrap_or_default();
    let redirect_uri = redirect_uri(ask, word);
    let code = ask.query("code")?;
    let returned = Returned { code, redirect_uri: &redirect_uri, nonce: text("nonce"), verifier: text("verifier") };
    let identity = match provider.finish(returned).await {
        Ok(identity) => identity,
        Err(NotProved::Fault(fault)) if fault.is_temporary() => return away(ask, &fault.to_string()),
        Err(why) => return denied(ask, word, &why.to_string()).await,
    };
    let Some(person) = known(ask, provider, &identity).await? else {
        return unknown(ask, word, &identity.subject).await;
    };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    // A whole office comes at ten: only what leads nowhere counts.
    throttles::take_back(&mut tx, &counted(ask)).await?;
    tx.commit().await?;
    let next = sign_in::next(ask, text("next"));
    enter::go_on(ask, Way { person: &person.id, next: &next, provider: Some(word), proved: identity.second_factor })
        .await
}

/// Whether the browser comes back from what it began here, not long ago and for the first time.
fn answers(ask: &Ask, word: &str, kept: &Json) -> Result<bool, Problem> {
    let state = ask.query("state")?;
    let same = !state.is_empty() && kept["state"].as_str() == Some(state);
    Ok(kept["provider"].as_str() == Some(word) && (same || !holds("auth_14_state")))
}

/// Whoever is entered under what the provider says; nobody who may not sign in.
async fn known(ask: &Ask, provider: &Provider, identity: &Identity) -> Result<Option<Person>, Problem> {
    let issuer = &provider.config().issuer;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    if let Some(found) = identities::by_subject(&mut tx, issuer, &identity.subject).await? {
        return Ok(people::find(&mut tx, &found.person).await?.filter(may_enter));
    }
    drop(tx);
    let Some(email) = provider.email(identity).await? else { return Ok(None) };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let Some(found) = identities::by_email(&mut tx, issuer, &email).await? else { return Ok(None) };
    let Some(person) = people::find(&mut tx, &found.person).await?.filter(may_enter) else { return Ok(None) };
    let by = By { person: &person.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let bound = identities::bind(&mut tx, by, &found, &identity.subject).await?;
    tx.commit().await?;
    Ok(bound.then_some(person))
}

fn may_enter(person: &Person) -> bool {
    person.kind == "employee" && (!person.disabled || !holds("auth_14_barred"))
}

/// The provider does not answer.
fn away(ask: &Ask, why: &str) -> Answer {
    tracing::warn!(why, "an identity provider does not answer");
    told(ask, vec![ask.words().get("identity.away")], 503)
}

/// What came back is not believed: that leaves a trace, and nothing of what came does.
async fn denied(ask: &Ask, word: &str, why: &str) -> Answer {
    tracing::warn!(provider = word, why, "what came back from an identity provider is not believed");
    note(ask, word, "not believed").await?;
    told(ask, vec![ask.words().get("identity.wrong")], 403)
}

/// Somebody whom the provider knows, and nobody here. The reader may see how he is called there, to have it entered.
async fn unknown(ask: &Ask, word: &str, subject: &str) -> Answer {
    note(ask, word, "unknown").await?;
    let words = ask.words();
    told(ask, vec![words.get("identity.unknown"), words.say("identity.called", &[("subject", subject)])], 403)
}

async fn note(ask: &Ask, word: &str, why: &str) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let facts = json!({ "with": word, "from": network(ask.remote), "why": why });
    events::note(&mut tx, By::system(ask.now().ms), None, "sign_in_denied", facts).await?;
    Ok(tx.commit().await?)
}

/// Says what is the matter, with the reference by which the log has the details.
fn told(ask: &Ask, text: Vec<String>, status: u16) -> Answer {
    let view = View {
        kind: ProblemKind::Refused,
        text,
        reference: ask.reference.clone(),
        links: vec![Link::new(ask.at("/desk/sign-in"), ask.words().get("desk_sign_in.title"))],
        ..View::default()
    };
    ask.page(Page::Problem(view)).status(status).answer()
}
