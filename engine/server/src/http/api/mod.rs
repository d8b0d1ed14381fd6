//! The API: what is offered, applications sent by programs, and records of registers.
//!
//! A program signs in as a person does, with a code, and sends what it was given as
//! `Authorization: Bearer …`. What it sends is held to the published schema of the form.

pub mod calendars;
pub mod cases;
pub mod charter;
pub mod document;
mod files;
mod once;
pub mod open311;
pub mod public;
pub mod registers;
pub mod sessions;
mod shape;
pub mod stocks;

use axum::http::header;
use connectors::files::{Kind as FileKind, Unfit};
use engine::form;
use engine::service::Service;
use serde_json::{Value as Json, json};
use ui_gen::from_engine::typed;

use super::ask::{self, Answer, Ask};
use super::body::{Content, Part};
use super::citizen::upload::take_in;
use super::{agent, limits, when};
use crate::auth::otp::{self, Asked, Opens, Right};
use crate::problem::Problem;

/// `GET /api/{tenant}/services`
pub async fn services(ask: &Ask) -> Answer {
    let services: Vec<Json> = ask.library.catalogue.services(ask.tenant()).map(|service| told(ask, service)).collect();
    Ok(ask::json(200, &json!({ "services": services })))
}

/// `GET /api/{tenant}/services/{service}`
pub async fn service(ask: &Ask) -> Answer {
    Ok(ask::json(200, &told(ask, ask.service()?)))
}

fn told(ask: &Ask, service: &Service) -> Json {
    let lang = ask.lang.as_str();
    let statute = service.statute.as_ref();
    json!({
        "id": service.id,
        "title": service.title.in_language(lang),
        "about": service.about.as_ref().map(|about| about.in_language(lang)),
        "department": service.department.in_language(lang),
        "group": service.group.in_language(lang),
        "definition": service.digest,
        "free": service.fees.is_none(),
        "within": statute.map(|statute| when::span(ask.words(), statute.within)),
        "on_record": service.on_record.as_ref().map(|on| on.registry.as_str()),
        "schema": ask.app.link(&format!("/api/{}/services/{}/schema.json", ask.tenant().id, service.id)),
    })
}

/// `GET /api/{tenant}/services/{service}/schema.json`
pub async fn schema(ask: &Ask) -> Answer {
    let service = ask.service()?;
    Ok(ask::json(200, &form::schema(&service.form, None, &ask.lang)))
}

/// `POST /api/{tenant}/sign-in`: sends a code to `{"mobile": "…"}`; the answer's `browser` must come
/// back with the code.
pub async fn send_code(ask: &Ask) -> Answer {
    let body = body(ask)?;
    let mobile = typed::phone(body["mobile"].as_str().unwrap_or_default());
    if !otp::is_mobile(&mobile) {
        return Err(Problem::BadRequest("`mobile` is no mobile number"));
    }
    let browser = ask.app.chance.id();
    otp::send(
        &ask.app,
        ask.tenant(),
        Asked { mobile: &mobile, browser: &browser, lang: &ask.lang, remote: ask.remote, opens: Opens::SignIn },
    )
    .await?;
    Ok(ask::json(200, &json!({ "browser": browser, "seconds": limits::CODE_MS / 1_000 })))
}

/// `POST /api/{tenant}/sign-in/code`: a token for `{"mobile": …, "browser": …, "code": …}`, and `"second": …` from whoever has
/// an authenticator.
pub async fn sign_in(ask: &Ask) -> Answer {
    let body = body(ask)?;
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let mobile = typed::phone(text("mobile"));
    let (lang, browser) = (ask.lang.as_str(), text("browser"));
    let asked = Asked { mobile: &mobile, browser, lang, remote: ask.remote, opens: Opens::SignIn };
    let data = json!({ "agent": agent::of(&ask.headers) });
    match otp::sign_in(&ask.app, ask.tenant(), asked, text("code"), &data).await? {
        Ok(Right::In(_, secret)) => Ok(ask::json(200, &json!({ "token": secret }))),
        Ok(Right::Second(person)) => {
            let proof = (person.as_str(), ask.remote);
            let (_, secret) =
                otp::second(&ask.app, ask.tenant(), proof, text("second"), &data).await?.ok_or(Problem::SignIn)?;
            Ok(ask::json(200, &json!({ "token": secret })))
        }
        Err(_) => Err(Problem::SignIn),
    }
}

/// A parameter of the address, if it was sent. A page takes an empty one for silence; a program that sends one has
/// lost what it meant, and would take what it is told for something else.
fn given<'a>(ask: &'a Ask, name: &str) -> Result<Option<&'a str>, Problem> {
    match ask.query(name)? {
        "" if ask.query.contains_key(name) => Err(Problem::BadRequest("a parameter is empty")),
        "" => Ok(None),
        text => Ok(Some(text)),
    }
}

fn body(ask: &Ask) -> Result<&Json, Problem> {
    match &ask.content {
        Content::Json(body @ Json::Object(_)) => Ok(body),
        _ => Err(Problem::BadRequest("the body is no JSON object")),
    }
}

/// `POST /api/{tenant}/files?name=deed.pdf`: keeps the body, a file of the media type in its header,
/// for an application to come; gives the answer that names it. With a key it is kept once.
pub async fn upload(ask: &Ask) -> Answer {
    let Content::Raw(bytes) = &ask.content else { return Err(Problem::WrongType) };
    let once = once::Once::if_any(ask, bytes)?;
    if let Some(once) = &once
        && let Some(answer) = once.answered(ask).await?
    {
        return Ok(ask::json(201, &answer));
    }
    let claimed = ask.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let part = Part {
        field: String::new(),
        name: ask.query("name")?.to_owned(),
        claimed: claimed.to_owned(),
        bytes: bytes.clone(),
    };
    match take_in(ask, &part, &FileKind::SENT, connectors::limits::FILE_BYTES, None).await? {
        Ok(answer) => {
            let answer = match &once {
                Some(once) => once.keep(ask, answer).await?,
                None => answer,
            };
            Ok(ask::json(201, &answer))
        }
        Err(Unfit::TooBig(_) | Unfit::TooManyPixels(..)) => Err(Problem::TooLarge),
        Err(Unfit::WrongKind(_) | Unfit::Mismatch(_)) => Err(Problem::WrongType),
        Err(Unfit::Active(_)) => Err(Problem::BadRequest("a file that does something by itself")),
        Err(Unfit::Locked) => Err(Problem::BadRequest("a file that is encrypted")),
        Err(Unfit::Full) => Err(Problem::Unavailable("there is no room left for files".to_owned())),
        Err(Unfit::Virus(_)) => Err(Problem::BadRequest("a file with a virus")),
        Err(_) => Err(Problem::BadRequest("a file that is empty or damaged")),
    }
}
