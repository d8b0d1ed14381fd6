//! The API: what is offered, and applications sent by programs.
//!
//! A program signs in as a person does, with a code, and sends what it was given as
//! `Authorization: Bearer …`. What it sends is held to the published schema of the form.

use axum::http::header;
use connectors::files::{Kind as FileKind, Unfit};
use engine::case::{Case, Command, Refusal, command};
use engine::form::{self, Field, FieldError, Kind as FieldKind, Problem as Wrong};
use engine::service::Service;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use ui_gen::from_engine::typed;

use super::ask::{self, Answer, Ask};
use super::body::{Content, Part};
use super::citizen::upload::take_in;
use super::citizen::{asked, check, tell};
use super::{limits, when};
use crate::act::{self, Opening};
use crate::auth::otp::{self, Asked};
use crate::auth::token;
use crate::problem::Problem;
use crate::store::idempotency::{self, Kept};
use crate::store::{Error, files, retry};

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
        Asked { mobile: &mobile, browser: &browser, lang: &ask.lang, remote: ask.remote },
    )
    .await?;
    Ok(ask::json(200, &json!({ "browser": browser, "seconds": limits::CODE_MS / 1_000 })))
}

/// `POST /api/{tenant}/sign-in/code`: a token for `{"mobile": …, "browser": …, "code": …}`.
pub async fn sign_in(ask: &Ask) -> Answer {
    let body = body(ask)?;
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let mobile = typed::phone(text("mobile"));
    let asked = Asked { mobile: &mobile, browser: text("browser"), lang: &ask.lang, remote: ask.remote };
    match otp::sign_in(&ask.app, ask.tenant(), asked, text("code")).await? {
        Ok((_, secret)) => Ok(ask::json(200, &json!({ "token": secret }))),
        Err(_) => Err(Problem::SignIn),
    }
}

fn body(ask: &Ask) -> Result<&Json, Problem> {
    match &ask.content {
        Content::Json(body @ Json::Object(_)) => Ok(body),
        _ => Err(Problem::BadRequest("the body is no JSON object")),
    }
}

/// `POST /api/{tenant}/files?name=deed.pdf`: keeps the body, a file of the media type in its header,
/// for an application to come; gives the answer that names it.
pub async fn upload(ask: &Ask) -> Answer {
    let Content::Raw(bytes) = &ask.content else { return Err(Problem::WrongType) };
    let claimed = ask.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let part = Part {
        field: String::new(),
        name: ask.query("name")?.to_owned(),
        claimed: claimed.to_owned(),
        bytes: bytes.clone(),
    };
    match take_in(ask, &part, &FileKind::ALL, connectors::limits::FILE_BYTES, None).await? {
        Ok(answer) => Ok(ask::json(201, &answer)),
        Err(Unfit::TooBig(_) | Unfit::TooManyPixels(..)) => Err(Problem::TooLarge),
        Err(Unfit::WrongKind(_) | Unfit::Mismatch(_)) => Err(Problem::WrongType),
        Err(_) => Err(Problem::BadRequest("a file that is empty or damaged")),
    }
}

/// `POST /api/{tenant}/cases`: `{"service": …, "answers": {…}, "record": …}`, sent as one. The header
/// `Idempotency-Key` is asked for; the same key gives the same answer.
pub async fn open(ask: &Ask) -> Answer {
    let body = body(ask)?;
    if let Some(stranger) = body
        .as_object()
        .and_then(|body| body.keys().find(|key| !["service", "answers", "record"].contains(&key.as_str())))
    {
        tracing::debug!(stranger, "unknown member");
        return Err(Problem::BadRequest("a member that is not known"));
    }
    let key = ask
        .headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .filter(|key| !key.is_empty() && key.len() <= limits::KEY);
    let citizen = ask.citizen()?.id.clone();
    let key = format!("api:{citizen}:{}", key.ok_or(Problem::BadRequest("the header Idempotency-Key is missing"))?);
    let digest = token::hex(&Sha256::digest(body.to_string().as_bytes()));
    if let Some(kept) = kept(ask, &key).await? {
        return if kept.body_hash == digest {
            Ok(ask::json(201, &serde_json::from_str(&kept.answer).unwrap_or_default()))
        } else {
            Err(Problem::KeyReused)
        };
    }
    let tenant = ask.tenant();
    let id = body["service"].as_str().unwrap_or_default();
    let offered = tenant.services.iter().any(|offered| offered == id);
    let service = ask
        .library
        .catalogue
        .service(&tenant.id, id)
        .filter(|_| offered)
        .ok_or(Problem::BadRequest("`service` is not offered here"))?;
    if let Some(wrong) = shape(service, &ask.lang, &body["answers"])? {
        return Ok(wrong);
    }
    own_files(ask, service, &citizen, &body["answers"]).await?;
    let case = apply(ask, service, &citizen, body, &key).await?;
    let answer = case_json(ask, service, &case);
    let kept = Kept { body_hash: digest, answer: answer.to_string(), at_ms: ask.app.clock.now_ms() };
    let keep = || async {
        let mut tx = ask.app.store.begin(&tenant.id).await?;
        idempotency::keep(&mut tx, &key, &kept).await?;
        tx.commit().await
    };
    match retry(|error: &Error| matches!(error, Error::Busy), keep).await {
        Ok(()) | Err(Error::Taken(_)) => Ok(ask::json(201, &answer)),
        Err(error) => Err(error.into()),
    }
}

async fn kept(ask: &Ask, key: &str) -> Result<Option<Kept>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    Ok(idempotency::find(&mut tx, key).await?)
}

/// Holds the answers to the published schema; all that is wrong is told.
fn shape(service: &Service, lang: &str, answers: &Json) -> Result<Option<axum::response::Response>, Problem> {
    let schema = form::schema(&service.form, None, lang);
    let validator =
        jsonschema::validator_for(&schema).map_err(|error| anyhow::anyhow!("the schema of {}: {error}", service.id))?;
    let errors: Vec<Json> = validator
        .iter_errors(answers)
        .map(|error| json!({ "path": error.instance_path().to_string(), "problem": error.to_string() }))
        .collect();
    if errors.is_empty() {
        return Ok(None);
    }
    let told = json!({ "type": "urn:nagar:answers", "title": "The answers do not fit the schema", "status": 422, "errors": errors });
    Ok(Some(ask::text(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "application/problem+json", told.to_string())))
}

/// Refuses files that are not there, or that somebody else sent.
async fn own_files(ask: &Ask, service: &Service, citizen: &str, answers: &Json) -> Result<(), Problem> {
    let mut named = Vec::new();
    for page in service.form.pages_by(None) {
        collect_files("", &page.fields, answers, &mut named);
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut errors = Vec::new();
    for (path, file) in named {
        let kept = files::find(&mut tx, file["id"].as_str().unwrap_or_default()).await?;
        let same = kept.is_some_and(|kept| {
            let kind = kept.kind.rsplit('/').next();
            let told = (file["name"].as_str(), file["size"].as_i64(), file["sha256"].as_str().unwrap_or(&kept.sha256));
            kept.person == citizen
                && kept.case.is_none()
                && file["kind"].as_str() == kind
                && told == (Some(&kept.name), Some(kept.size), &kept.sha256)
        });
        if !same {
            errors.push(FieldError { path, problem: Wrong::Missing });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Answers(errors).into()) }
}

fn collect_files<'a>(prefix: &str, fields: &[Field], answers: &'a Json, named: &mut Vec<(String, &'a Json)>) {
    for field in fields {
        let (path, answer) = (ui_gen::from_engine::path(prefix, &field.name), &answers[field.name.as_str()]);
        match &field.kind {
            FieldKind::File { .. } | FieldKind::Photo { .. } if answer.is_object() => named.push((path, answer)),
            FieldKind::Group { fields } => collect_files(&path, fields, answer, named),
            FieldKind::List { fields, .. } => {
                for (index, item) in answer.as_array().into_iter().flatten().enumerate() {
                    collect_files(&format!("{path}.{index}"), fields, item, named);
                }
            }
            _ => {}
        }
    }
}

/// Opens, fills in and sends an application; begun once more under the same key, it goes on.
async fn apply(ask: &Ask, service: &Service, citizen: &str, body: &Json, key: &str) -> Result<Case, Problem> {
    let (app, tenant) = (&ask.app, ask.tenant());
    let record = match (&service.on_record, body["record"].as_str()) {
        (Some(on), Some(number)) => Some((on.registry.as_str(), number)),
        _ => None,
    };
    let mut case =
        act::open(app, tenant, service, Opening { applicant: citizen, language: &ask.lang, record, key: Some(key) })
            .await?;
    if case.number.is_some() {
        return Ok(case);
    }
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    for page in service.form.pages_by(None) {
        let asked = asked::pages(service, tenant, &case, ask.now().day()).iter().any(|asked| asked.name == page.name);
        if !asked {
            continue;
        }
        let own = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.to_string(), body["answers"].get(field.name.as_str())?.clone())));
        let save = Command::Save { page: page.name.clone(), answers: Json::Object(own.collect()) };
        case = act::act(app, tenant, &case.id, &actor, &save, None).await?.case;
    }
    let action = check::sends(service, &case).ok_or(Problem::NotFound)?;
    let send = Command::Act {
        action: action.name.clone(),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    Ok(act::act(app, tenant, &case.id, &actor, &send, Some(&format!("{key}:send"))).await?.case)
}

/// `GET /api/{tenant}/cases/{case}`
pub async fn case(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    Ok(ask::json(200, &case_json(ask, &service, ask.case())))
}

fn case_json(ask: &Ask, service: &Service, case: &Case) -> Json {
    let state = tell::state_of(service, case);
    let moment = |ms: Option<i64>| ms.map(|ms| when::iso(ask.now().with_ms(ms)));
    json!({
        "id": case.id,
        "number": case.number,
        "service": case.service,
        "definition": case.definition,
        "state": case.state.as_str(),
        "state_label": state.label.in_language(&ask.lang),
        "end": state.end.map(engine::workflow::End::word),
        "version": case.version,
        "submitted_at": moment(case.submitted_ms),
        "due_at": moment(case.promised_ms),
        "answers": case.answers.to_json(),
        "owed": case.demands.iter().map(engine::billing::Demand::owed).sum::<engine::base::Money>().to_string(),
        "receipts": case.receipts.iter().map(|receipt| receipt.number.clone()).collect::<Vec<_>>(),
        "link": ask.app.link(&format!("/{}/cases/{}", ask.tenant().id, case.id)),
    })
}
