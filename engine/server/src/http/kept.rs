//! What was typed into a page whose session had ended. It is kept for a short while under a key that
//! nobody can guess, and shown once more on its page when the same person has signed in again. Nothing
//! is done with it by itself: the page is only shown, as when its language is switched.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header;
use serde::{Deserialize, Serialize};
use ui_gen::from_engine::typed::Sent;

use super::ask::{Answer, Ask};
use super::body::{self, Content, Form, Reads};
use super::cookies::Cookie;
use super::routes::{Route, table};
use super::{dispatch, limits};
use crate::auth::{otp, session, token};
use crate::problem::Problem;
use crate::store::EVERYBODY;
use crate::store::sessions::{self, Session};

/// The kind of a row of sessions in which a form is kept.
const KIND: &str = "kept";

/// The forms that can be shown once more with what was typed: their handlers ask [`Ask::only_shows`].
const SHOWN_AGAIN: [&str; 13] = [
    "/{tenant}/cases/{case}/form/{page}",
    "/{tenant}/cases/{case}/act/{action}",
    "/{tenant}/cases/{case}/note",
    "/{tenant}/cases/{case}/pay",
    "/{tenant}/my/erasing",
    "/{tenant}/desk/bulk",
    "/{tenant}/desk/cases/{case}/act/{action}",
    "/{tenant}/desk/cases/{case}/edit/{page}",
    "/{tenant}/desk/cases/{case}/note",
    "/{tenant}/desk/cases/{case}/unmask",
    "/{tenant}/desk/cases/{case}/collect",
    "/{tenant}/desk/receipts/{receipt}/cancel",
    "/{tenant}/desk/erasing/{request}",
];

/// A form with the page it belongs to.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    person: String,
    route: String,
    path: String,
    params: Vec<(String, String)>,
    query: Sent,
    sent: Sent,
}

/// Keeps the form of a request that was refused because its session had ended; the address at which
/// its page is shown again. Forms without the token of that very session are not kept; of a form with
/// files, what was typed is kept and the files are not.
pub async fn keep(ask: &Ask, route: &Route, request: Request) -> Result<Option<String>, Problem> {
    let Some(reads @ (Reads::Form | Reads::Parts)) = route.reads else { return Ok(None) };
    let most = if reads == Reads::Parts { limits::UPLOAD } else { limits::KEPT_FORM };
    let small = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let small = small.is_none_or(|length: usize| length <= most);
    let Some(secret) = ask.jar().get(&ask.headers, Cookie::Session) else { return Ok(None) };
    if !small || !SHOWN_AGAIN.contains(&route.path) {
        return Ok(None);
    }
    let mut tx = ask.app.store.read(EVERYBODY).await?;
    let ended = sessions::find(&mut tx, &token::stored(&secret), 0).await?;
    drop(tx);
    let Some(ended) = ended.filter(|session| !session.person.is_empty()) else { return Ok(None) };
    // What cannot be read is no reason to say anything else than that the session has ended.
    let Ok(Content::Form(Form { mut sent, files: _ })) = body::read(request, reads, &ended.person).await else {
        return Ok(None);
    };
    let claimed = body::one(&sent, "_csrf")?;
    let size: usize =
        sent.iter().map(|(name, values)| name.len() + values.iter().map(String::len).sum::<usize>()).sum();
    let own = session::is_form_token(&ask.app, &format!("session {}", ended.csrf), claimed);
    if !own || size > limits::KEPT_FORM {
        return Ok(None);
    }
    sent.retain(|name, _| !matches!(name.as_str(), "_csrf" | "_key" | "_lang"));
    let kept = Kept {
        person: ended.person,
        route: route.path.to_owned(),
        path: ask.path.clone(),
        params: ask.params.clone(),
        query: ask.query.clone(),
        sent,
    };
    let (key, now_ms) = (ask.app.chance.secret(), ask.app.clock.now_ms());
    let row = Session {
        hash: hash(&key),
        tenant: ended.tenant.clone(),
        person: String::new(),
        kind: KIND.to_owned(),
        created_ms: now_ms,
        seen_ms: now_ms,
        expires_ms: now_ms + limits::KEPT_FORM_MS,
        csrf: String::new(),
        data: serde_json::to_string(&kept).map_err(anyhow::Error::from)?,
    };
    let mut tx = ask.app.store.begin(&ended.tenant).await?;
    let key_of_person = format!("kept:{}", kept.person);
    if otp::throttle(&mut tx, &key_of_person, now_ms, limits::KEPT_FORMS).await.is_err() {
        return Ok(None);
    }
    sessions::insert(&mut tx, &row).await?;
    tx.commit().await?;
    let desk = if ended.kind == "employee" { "/desk" } else { "" };
    Ok(Some(ask.at(&format!("{desk}/resume/{key}"))))
}

fn hash(key: &str) -> String {
    token::stored(&format!("kept\n{key}"))
}

/// `GET /{tenant}/resume/{key}`, and the same at the desk: the page with what was typed, for the person
/// who typed it; for anybody else, the page where one begins.
pub async fn resume(ask: &Ask) -> Answer {
    // It is sealed with the key of whoever keeps the person: the town an employee, the state a citizen.
    let tenant = if ask.who.employee().is_some() { &ask.tenant().id } else { &ask.tenant().state };
    let mut tx = ask.app.store.read(tenant).await?;
    let row = sessions::find(&mut tx, &hash(ask.param("key")), ask.app.clock.now_ms()).await?;
    drop(tx);
    let kept = row.filter(|row| row.kind == KIND).and_then(|row| serde_json::from_str::<Kept>(&row.data).ok());
    let own = |kept: &Kept| {
        let here = kept.params.iter().any(|(name, id)| name == "tenant" && *id == ask.tenant().id);
        here && ask.who.person() == Some(kept.person.as_str())
    };
    let home = if ask.who.employee().is_some() { ask.at("/desk") } else { ask.at("/my") };
    let Some(kept) = kept.filter(own) else { return ask.redirect(&home) };
    let Some(route) = table().find(|row| !row.get && row.path == kept.route) else { return ask.redirect(&home) };
    let mut again = Ask {
        app: Arc::clone(&ask.app),
        library: Arc::clone(&ask.library),
        route: Some(route),
        path: kept.path,
        params: kept.params,
        query: kept.query,
        content: Content::Form(Form { sent: kept.sent, files: Vec::new() }),
        headers: ask.headers.clone(),
        remote: ask.remote,
        tenant: ask.tenant.clone(),
        who: ask.who.clone(),
        session: ask.session.clone(),
        program: None,
        browser: ask.browser.clone(),
        new_browser: ask.new_browser,
        lang: ask.lang.clone(),
        switched: true,
        resume: String::new(),
        case: None,
        held: Vec::new(),
        reference: ask.reference.clone(),
        request: ask.request.clone(),
    };
    dispatch::allow(&mut again, route).await?;
    dispatch::handle(&again, route).await
}

/// Whether the page that this row shows is that of another row: [`resume`].
pub(super) fn shows_another(route: &Route) -> bool {
    route.path.ends_with("/resume/{key}")
}
