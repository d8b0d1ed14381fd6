//! A device that its owner asked to be known: for a while no code is asked for on it. What matters most, such
//! as another mobile number, asks for codes all the same.

use axum::response::Response;
use serde_json::json;

use super::sign_in;
use crate::auth::{otp, session, token};
use crate::http::ask::{self, Ask};
use crate::http::cookies::Cookie;
use crate::http::{agent, limits};
use crate::problem::Problem;
use crate::store::devices::{self, Device};
use crate::store::people;

/// Signs in without a code, if this device is known as one of whoever has the number. The device gets a new
/// secret each time, so that a copy of the old one opens nothing.
pub(super) async fn sign_in(ask: &Ask, mobile: &str, next: &str) -> Result<Option<Response>, Problem> {
    let Some(known) = ask.jar().get(&ask.headers, Cookie::Device) else { return Ok(None) };
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    let Some(device) = devices::take(&mut tx, &token::stored(&known), now_ms).await? else { return Ok(None) };
    let person = people::by_mobile(&mut tx, mobile).await?;
    let person = person.filter(|person| person.id == device.person && !person.disabled && person.kind == "citizen");
    // What was taken comes back with the transaction: somebody else uses the device.
    let Some(person) = person else { return Ok(None) };
    let fresh = ask.app.chance.secret();
    let device = Device { hash: token::stored(&fresh), seen_ms: now_ms, agent: agent::of(&ask.headers), ..device };
    devices::insert(&mut tx, &device).await?;
    let data = json!({ "agent": device.agent, "device": true });
    let secret = session::begin(&ask.app, &mut tx, (&person.id, "citizen"), &data).await?;
    otp::note_sign_in(&mut tx, (&person.id, now_ms), ask.remote, "device").await?;
    tx.commit().await?;
    if let Some(old) = &ask.session {
        session::end(&ask.app, old).await?;
    }
    let response = sign_in::signed_in(ask, (&person.id, &person.name), next, &secret).await?;
    Ok(Some(ask::with_cookie(response, ask.jar(), Cookie::Device, &fresh)))
}

/// Knows this device from now on; returns the secret for its cookie, which is kept nowhere.
pub(super) async fn know(ask: &Ask, person: &str) -> Result<String, Problem> {
    let (secret, now_ms) = (ask.app.chance.secret(), ask.app.clock.now_ms());
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    if devices::of_person(&mut tx, person, now_ms).await?.len() >= limits::DEVICES {
        devices::forget(&mut tx, person).await?;
    }
    let device = Device {
        hash: token::stored(&secret),
        person: person.to_owned(),
        agent: agent::of(&ask.headers),
        trusted_ms: now_ms,
        seen_ms: now_ms,
        expires_ms: now_ms + limits::DEVICE_MS,
    };
    devices::insert(&mut tx, &device).await?;
    tx.commit().await?;
    Ok(secret)
}
