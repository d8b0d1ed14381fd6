//! A report that is sent: its parameters as answers, then an application like any other.

use engine::base::Name;
use engine::form::{Field, FieldError, Kind, Problem as Wrong};
use engine::service::{Open311, Service};
use engine::source::At;
use serde_json::{Value as Json, json};
use ui_gen::from_engine::typed::{self, Sent, Typed};

use super::{begin, kinds, write};
use crate::http::api::once::Once;
use crate::http::api::{cases, shape};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;

/// The most decimals of a degree that are kept: about a centimetre.
const DECIMALS: usize = 7;

/// `POST …/open311/requests.json`: a report of the kind `service_code`.
///
/// Without the header `Idempotency-Key`, the same words of the same person are the same report: who has no answer
/// sends it again, and is told the number of the first.
pub async fn send(ask: &Ask) -> Answer {
    let (format, _) = begin(ask, "")?;
    let code = ask.field("service_code")?;
    if code.is_empty() {
        return Err(Problem::BadRequest("service_code was not provided"));
    }
    let known = kinds::all(ask);
    let kind = known.iter().find(|kind| kind.code == code).ok_or(Problem::NotFound)?;
    let sent = &ask.form().sent;
    let once = Once::of_content(ask, &content(sent))?;
    if let Some(answer) = once.answered(ask).await? {
        return Ok(write::list(format, "service_requests", "request", &[answer]));
    }
    let answers = answers(ask, kind.service, kind.open311, code)?;
    let schema = shape::of(kind.service, None)?;
    let wrong = shape::wrong(&schema, &answers);
    if !wrong.is_empty() {
        return Ok(write::errors(format, 400, &wrong.iter().map(|told| said(kind.open311, told)).collect::<Vec<_>>()));
    }
    let body = json!({ "service": kind.service.id, "answers": answers });
    let case = cases::apply(ask, kind.service, &body, &once.key).await?;
    let told = json!({
        "service_request_id": case.number, "service_notice": "", "account_id": "", "token": case.id,
    });
    let told = once.keep(ask, told).await?;
    Ok(write::list(format, "service_requests", "request", &[told]))
}

/// What was sent, without the key of whoever sent it: the same report has the same content.
pub fn content(sent: &Sent) -> Vec<u8> {
    let mut content = Vec::new();
    for (name, values) in sent.iter().filter(|(name, _)| *name != "api_key") {
        for value in values {
            content.extend(format!("{}:{name}{}:{value}", name.len(), value.len()).into_bytes());
        }
    }
    content
}

/// The answers that parameters and attributes make, in the shape of the form.
fn answers(ask: &Ask, service: &Service, open311: &Open311, code: &str) -> Result<Json, Problem> {
    let given = &ask.form().sent;
    let mut sent = Sent::new();
    let mut put = |name: &str, values: Vec<String>| {
        if values.iter().any(|value| !value.is_empty()) {
            sent.insert(name.to_owned(), values);
        }
    };
    for field in service.attributes() {
        let values = ["attribute[NAME]", "attribute[NAME][]"]
            .iter()
            .find_map(|form| given.get(&form.replace("NAME", &field.name)).cloned());
        for (name, values) in attribute(field, values.unwrap_or_default()) {
            put(&name, values);
        }
    }
    put(&open311.description.value, vec![ask.field("description")?.to_owned()]);
    if let Some(codes) = &open311.codes {
        put(&codes.value, vec![code.to_owned()]);
    }
    if let Some(address) = &open311.address {
        put(&address.value, vec![ask.field("address_string")?.to_owned()]);
    }
    if let Some(place) = &open311.place {
        put(&place.value, vec![ask.field("address_id")?.to_owned()]);
    }
    if let Some(name) = &open311.name {
        let whole = format!("{} {}", ask.field("first_name")?, ask.field("last_name")?);
        put(&name.value, vec![whole.trim().to_owned()]);
    }
    if let Some(point) = &open311.point {
        put(&format!("{}.lat", point.value), vec![degrees(ask.field("lat")?)]);
        put(&format!("{}.long", point.value), vec![degrees(ask.field("long")?)]);
    }
    let fields: Vec<Field> = service.form.pages_by(None).flat_map(|page| page.fields.iter().cloned()).collect();
    let mut typed = Typed::new();
    typed::take(&fields, &mut typed, &sent)?;
    Ok(typed::answers(&fields, &typed))
}

/// An attribute as the form sends its question. Of an instant the day is taken.
fn attribute(field: &Field, values: Vec<String>) -> Vec<(String, Vec<String>)> {
    let name = field.name.to_string();
    let Kind::Date { .. } = field.kind else { return vec![(name, values)] };
    let day: String = values.into_iter().next().unwrap_or_default().chars().take(10).collect();
    let parts: Vec<String> = day.split('-').map(str::to_owned).collect();
    let [year, month, day] = &parts[..] else {
        return if day.is_empty() { Vec::new() } else { vec![(format!("{name}.day"), vec![day])] };
    };
    vec![
        (format!("{name}.year"), vec![year.clone()]),
        (format!("{name}.month"), vec![month.clone()]),
        (format!("{name}.day"), vec![day.clone()]),
    ]
}

/// Degrees as they are kept: what stands behind the last decimal is left out.
pub fn degrees(text: &str) -> String {
    let text = text.trim();
    match text.split_once('.') {
        Some((whole, decimals)) => {
            let kept: String = decimals.chars().take(DECIMALS).collect();
            if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}") }
        }
        None => text.to_owned(),
    }
}

/// An error of an answer, by the name of the parameter that was sent for it.
fn said(open311: &Open311, told: &Json) -> String {
    let path = told["path"].as_str().unwrap_or_default();
    let word = told["problem"].as_str().unwrap_or_default();
    format!("{}: {word}", parameter(open311, path))
}

/// The same, of an error that the engine found.
pub(super) fn refused(open311: &Open311, error: &FieldError) -> String {
    let word: &Wrong = &error.problem;
    format!("{}: {}", parameter(open311, &error.path), word.word())
}

/// The parameter that a question takes its answer from.
fn parameter(open311: &Open311, path: &str) -> String {
    let first = path.split('.').next().unwrap_or_default();
    let is = |name: Option<&At<Name>>| name.is_some_and(|name| name.value.as_str() == first);
    if open311.description.value.as_str() == first {
        "description".to_owned()
    } else if is(open311.codes.as_ref()) {
        "service_code".to_owned()
    } else if is(open311.point.as_ref()) {
        path.rsplit('.').next().filter(|part| *part != first).unwrap_or("lat").to_owned()
    } else if is(open311.place.as_ref()) {
        "address_id".to_owned()
    } else if is(open311.address.as_ref()) {
        "address_string".to_owned()
    } else if is(open311.name.as_ref()) {
        "first_name".to_owned()
    } else {
        format!("attribute[{path}]")
    }
}
