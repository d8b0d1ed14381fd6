//! The components: answers, applications and actions of each service; what is told of cases; problems.

use engine::form;
use engine::service::Service;
use engine::workflow::{APPLICANT, Action};
use serde_json::{Map, Value as Json, json};

use super::{Api, component, object, open311, schema};

/// Words that an error of an answer may carry, as `docs/api.md` lists them.
const PROBLEMS: [&str; 24] = [
    "missing",
    "wrong_kind",
    "too_short",
    "too_long",
    "too_small",
    "too_large",
    "too_many_decimals",
    "not_an_option",
    "too_few",
    "too_many",
    "does_not_fit",
    "not_a_phone",
    "not_an_email",
    "wrong_file_kind",
    "file_too_big",
    "not_asked",
    "not_confirmed",
    "bad_character",
    "identity_number",
    "disagrees",
    "repeated",
    "no_such_record",
    "record_suspended",
    "record_ended",
];

pub(super) fn schemas(api: &Api<'_>) -> Json {
    let mut all = Map::new();
    for service in &api.services {
        of_service(api, service, &mut all);
    }
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    all.insert(
        "service".to_owned(),
        json!({
            "type": "object",
            "required": ["id", "title", "department", "definition", "free", "schema"],
            "properties": {
                "id": text(), "title": text(), "about": maybe(), "department": text(), "group": text(),
                "definition": { "type": "string", "description": "SHA-256 of everything the service is made of." },
                "free": { "type": "boolean" }, "within": maybe(),
                "on_record": { "type": ["string", "null"], "description": "The registry that cases of it are about." },
                "schema": { "type": "string", "format": "uri" },
            },
        }),
    );
    all.insert(
        "case".to_owned(),
        json!({
            "type": "object",
            "required": ["id", "service", "definition", "state", "version", "actions", "answers", "owed"],
            "properties": {
                "id": text(), "number": maybe(), "service": text(), "definition": text(), "state": text(),
                "state_label": text(), "end": { "enum": ["granted", "refused", "closed", null] },
                "version": { "type": "integer" },
                "submitted_at": { "type": ["string", "null"], "format": "date-time" },
                "due_at": { "type": ["string", "null"], "format": "date-time" },
                "actions": { "type": "array", "items": text() },
                "answers": { "type": "object" },
                "owed": { "type": "string", "description": "In the currency of the town, with the charges of today: `1584.00`." },
                "receipts": { "type": "array", "items": text() },
                "link": { "type": "string", "format": "uri" },
            },
        }),
    );
    let integer = || json!({ "type": "integer" });
    let file = object(&[("id", text()), ("name", text()), ("kind", text()), ("size", integer())]);
    all.insert("file".to_owned(), file);
    all.insert(
        "problem".to_owned(),
        json!({
            "type": "object",
            "required": ["type", "title", "status"],
            "properties": {
                "type": { "type": "string", "pattern": "^urn:nagar:" },
                "title": text(), "status": { "type": "integer" }, "detail": text(), "reference": text(),
                "errors": { "type": "array", "items": schema("error") },
            },
        }),
    );
    all.insert(
        "error".to_owned(),
        json!({
            "type": "object",
            "required": ["path", "problem"],
            "properties": {
                "path": { "type": "string", "description": "The question, as forms write it: `owners.0.name`." },
                "problem": { "enum": PROBLEMS },
                "limit": { "type": ["string", "integer", "null"] },
                "detail": text(),
            },
        }),
    );
    all.extend([("applicant".to_owned(), applicant()), ("open311_errors".to_owned(), open311::errors_schema())]);
    Json::Object(all)
}

/// The answers of a service, an application of it, and each action of its applicants.
fn of_service(api: &Api<'_>, service: &Service, all: &mut Map<String, Json>) {
    let answers = component(&service.id, "answers");
    let mut asked = plain(form::schema(&service.form, None, api.language));
    asked["title"] = service.title.in_language(api.language).into();
    if let Some(example) = api.examples.get(&service.id) {
        asked["examples"] = json!([example]);
    }
    all.insert(answers.clone(), asked);
    let mut application = object(&[("service", json!({ "const": service.id })), ("answers", schema(&answers))]);
    if let Some(on) = &service.on_record {
        let about = format!("The number of a record of `{}`.", on.registry);
        application["properties"]["record"] = json!({ "type": "string", "description": about });
        application["required"] = json!(["service", "answers", "record"]);
    }
    application["properties"]["applicant"] = schema("applicant");
    application["additionalProperties"] = false.into();
    all.insert(component(&service.id, "application"), application);
    for action in actions(service) {
        all.insert(component(&service.id, &format!("do_{}", action.name)), act(api, service, action));
    }
}

/// The actions that an applicant takes once an application was sent, each name once.
pub(super) fn actions(service: &Service) -> Vec<&Action> {
    let states = service.workflow.states.iter().filter(|state| state.name != service.workflow.start.value);
    let mut found: Vec<&Action> = Vec::new();
    for action in states.flat_map(|state| &state.actions) {
        let own = action.roles().iter().any(|role| role.value == *APPLICANT);
        if own && found.iter().all(|known| known.name != action.name) {
            found.push(action);
        }
    }
    found
}

fn act(api: &Api<'_>, service: &Service, action: &Action) -> Json {
    let page = action.asks.as_ref().and_then(|asks| service.form.page(&asks.value));
    let answers = match page {
        Some(page) => plain(form::page_schema(page, api.language)),
        // Where an application was sent back, the whole form may come with the action.
        None => schema(&component(&service.id, "answers")),
    };
    let mut act = object(&[("action", json!({ "const": action.name.as_str() }))]);
    act["title"] = action.label.in_language(api.language).into();
    act["properties"]["answers"] = answers;
    act["properties"]["comment"] = json!({ "type": "string", "maxLength": engine::base::limits::COMMENT_CHARS });
    act["properties"]["version"] = json!({ "type": "integer", "description": "Refused if the case changed since." });
    if action.comment == engine::workflow::Comment::Required {
        act["required"] = json!(["action", "comment"]);
    }
    act["additionalProperties"] = false.into();
    act
}

/// A schema inside of the document: the dialect is that of the whole.
fn plain(mut schema: Json) -> Json {
    if let Json::Object(map) = &mut schema {
        map.remove("$schema");
    }
    schema
}

/// For whom an employee's program opens an application.
fn applicant() -> Json {
    let text = || json!({ "type": "string" });
    let mut applicant = object(&[("mobile", text()), ("name", text())]);
    applicant["description"] = "For whom it is opened, of programs that work for an employee and of no others.".into();
    applicant["properties"]["language"] = text();
    applicant["additionalProperties"] = false.into();
    applicant
}

pub(super) fn responses() -> Json {
    let of = |description: &str| json!({ "description": description, "content": { "application/problem+json": { "schema": schema("problem") } } });
    json!({
        "bad_request": of("The request makes no sense."),
        "sign_in": of("A token is missing, or does not hold any more."),
        "forbidden": of("It is not for this person, or not what the token is for."),
        "not_found": of("There is nothing here, or nothing that this person may see."),
        "conflict": of("It was changed meanwhile, or the same key was used for another request."),
        "too_large": of("More was sent than is taken."),
        "wrong_type": of("The body is of a kind that is not taken here."),
        "answers": of("What was answered will not do: `errors` says what."),
        "too_many": of("Too often: `Retry-After` says when again."),
        "fault": of("Something is wrong here; `reference` names it in the log."),
        "unavailable": of("Not at the moment: `Retry-After` says when again."),
        "open311_errors": open311::errors(),
    })
}

pub(super) fn parameters() -> Json {
    let hole = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let day = |name: &str, what: &str| json!({ "name": name, "in": "query", "description": what, "schema": { "type": "string", "format": "date" } });
    json!({
        "service": hole("service"), "case": hole("case"), "registry": hole("registry"), "record": hole("record"),
        "paper": hole("paper"), "file": hole("file"), "stock": hole("stock"), "code": hole("code"), "request": hole("request"),
        "on": day("on", "The day on which it holds; today when silent."),
        "known_on": day("known_on", "By what was known when this day was over; by now when silent."),
        "key": {
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "The same key with the same body gives the same answer.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]([ -~]*[!-~])?$" },
        },
        "language": {
            "name": "Accept-Language", "in": "header", "description": "The language of what people read.",
            "schema": { "type": "string" },
        },
    })
}
