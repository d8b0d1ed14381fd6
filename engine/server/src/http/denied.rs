//! Whoever is known and tries what is not theirs leaves a trace in the chain of the town.
//!
//! Strangers leave none: what nobody has signed for says nothing of anybody, and would let everybody lengthen the
//! chain. They are counted where it matters, and every answer is in the log.

use connectors::control::holds;
use engine::case::ActorKind;
use engine::tenant::Tenant;
use serde_json::json;

use super::ask::Ask;
use super::limits;
use super::routes::Route;
use crate::auth::Who;
use crate::auth::otp::network;
use crate::problem::Problem;
use crate::store::{self, By, events, throttles};

/// Letters and digits of the key of a case.
const CASE: usize = 40;

/// Why somebody was refused who was let onto a page; none where it was no matter of who asks. Of a case that is
/// there and not for this employee the page says that there is none.
pub(super) fn why(ask: &Ask, problem: &Problem) -> Option<&'static str> {
    match problem {
        Problem::Forbidden => Some("forbidden"),
        Problem::Refused(refusal) if problem.status() == 403 => Some(refusal.word()),
        Problem::NotFound if ask.case.is_some() && ask.who.employee().is_some() => Some("hidden"),
        _ => None,
    }
}

/// Writes it down. That it cannot be written lets nobody in: the refusal stands.
pub(super) async fn note(ask: &Ask, route: &Route, why: &str) {
    let (Some(tenant), Some(person)) = (&ask.tenant, ask.who.person()) else { return };
    if holds("aud_01_denied")
        && let Err(error) = write(ask, tenant, person, (route, why)).await
    {
        tracing::error!(%error, "a refusal could not be written down");
    }
}

async fn write(ask: &Ask, tenant: &Tenant, person: &str, (route, why): (&Route, &str)) -> store::Result<()> {
    let at_ms = ask.app.clock.now_ms();
    let (most, window_ms) = limits::DENIED;
    let mut tx = ask.app.store.begin(&tenant.id).await?;
    let tries = throttles::hit(&mut tx, &format!("denied:{person}"), at_ms, window_ms).await?;
    if tries.count <= most {
        let kind = match ask.who {
            Who::Employee(_) => ActorKind::Employee,
            Who::Citizen(_) | Who::Nobody => ActorKind::Citizen,
        };
        // What stands in the address in the place of a case; it need be none.
        let fits = |text: &&String| text.len() <= CASE && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let case = ask.params.iter().find(|(name, _)| name == "case").map(|(_, text)| text).filter(fits);
        let facts = json!({
            "route": route.path, "writes": !route.get, "why": why, "tried": case, "from": network(ask.remote),
        });
        events::note(&mut tx, By { person, kind, at_ms }, None, "denied", facts).await?;
    }
    tx.commit().await
}
