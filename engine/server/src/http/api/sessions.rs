//! `/api/{tenant}/sessions`: where the citizen of the token is signed in, and how that is ended.

use serde_json::json;

use super::body;
use super::once::Once;
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

/// `POST /api/{tenant}/sessions/end`: ends one other session, all `others`, or forgets all `devices`. With a key it is
/// done once.
pub async fn end(ask: &Ask) -> Answer {
    let body = body(ask)?;
    let once = Once::if_any(ask, body.to_string().as_bytes())?;
    if let Some(once) = &once
        && let Some(answer) = once.answered(ask).await?
    {
        return Ok(ask::json(200, &answer));
    }
    let wanted = body["session"].as_str().filter(|wanted| !wanted.is_empty());
    let wanted = wanted.ok_or(Problem::BadRequest("`session` names no session"))?;
    let answer = json!({ "ended": sessions::end(ask, wanted).await? });
    let answer = match &once {
        Some(once) => once.keep(ask, answer).await?,
        None => answer,
    };
    Ok(ask::json(200, &answer))
}
