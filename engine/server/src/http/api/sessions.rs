//! `/api/{tenant}/sessions`: where the citizen of the token is signed in, and how that is ended.

use serde_json::json;

use super::body;
use crate::http::ask::{self, Answer, Ask};
use crate::http::sessions;
use crate::problem::Problem;

/// `GET /api/{tenant}/sessions`
pub async fn list(ask: &Ask) -> Answer {
    let (tenant, person, _) = sessions::reader(ask)?;
    let mut tx = ask.app.store.read(tenant).await?;
    let told = sessions::told(ask, &mut tx, person).await?;
    Ok(ask::json(200, &json!({ "sessions": told })))
}

/// `POST /api/{tenant}/sessions/end`: ends one other session, all `others`, or forgets all `devices`.
pub async fn end(ask: &Ask) -> Answer {
    let wanted = body(ask)?["session"].as_str().filter(|wanted| !wanted.is_empty());
    let wanted = wanted.ok_or(Problem::BadRequest("`session` names no session"))?;
    let ended = sessions::end(ask, wanted).await?;
    Ok(ask::json(200, &json!({ "ended": ended })))
}
