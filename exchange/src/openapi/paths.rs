//! The paths: what can be asked and sent.

use serde_json::{Map, Value as Json, json};

use super::schemas::actions;
use super::{Api, component, object, open311, schema, stocks};

pub(super) fn paths(api: &Api<'_>) -> Json {
    let mut paths = Map::new();
    catalogue(&mut paths);
    charter(&mut paths);
    signing_in(&mut paths);
    cases(api, &mut paths);
    calendars(&mut paths);
    stocks::paths(&mut paths);
    registers(&mut paths);
    if api.open311 {
        open311::paths(&mut paths);
    }
    paths.insert(
        "/openapi.json".to_owned(),
        json!({ "get": {
        "operationId": "get_document", "summary": "This document",
        "responses": answers(&[("200", "The document", json!({ "type": "object" }))], &["not_found"]),
    } }),
    );
    Json::Object(paths)
}

/// A reference to a parameter of the document.
pub(super) fn parameter(name: &str) -> Json {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// What every request may be answered with instead of what it asked for: a name that is there twice, an address that
/// is too long, a token that is used too often, a fault, a store that is busy.
const ALWAYS: [&str; 5] = ["bad_request", "too_large", "too_many", "fault", "unavailable"];

/// Answers with a body, and problems by the names of their components, to which those of every request come.
pub(super) fn answers(good: &[(&str, &str, Json)], problems: &[&str]) -> Json {
    let mut all = Map::new();
    for (status, description, schema) in good {
        let content = json!({ "application/json": { "schema": schema } });
        all.insert((*status).to_owned(), json!({ "description": description, "content": content }));
    }
    for problem in problems.iter().chain(&ALWAYS) {
        let status = match *problem {
            "bad_request" => "400",
            "sign_in" => "401",
            "forbidden" => "403",
            "not_found" => "404",
            "conflict" => "409",
            "too_large" => "413",
            "wrong_type" => "415",
            "answers" => "422",
            "too_many" => "429",
            "unavailable" => "503",
            _ => "500",
        };
        all.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{problem}") }));
    }
    Json::Object(all)
}

pub(super) fn body(schema: &Json) -> Json {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

/// What asks for a token.
pub(super) fn token() -> Json {
    json!([{ "token": [] }])
}

fn catalogue(paths: &mut Map<String, Json>) {
    let list = object(&[("services", json!({ "type": "array", "items": schema("service") }))]);
    paths.insert(
        "/services".to_owned(),
        json!({ "get": {
        "operationId": "list_services", "summary": "What the town offers", "parameters": [parameter("language")],
        "responses": answers(&[("200", "The services", list)], &["not_found"]),
    } }),
    );
    let one = [parameter("service"), parameter("language")];
    paths.insert(
        "/services/{service}".to_owned(),
        json!({ "get": {
        "operationId": "get_service", "summary": "One of them", "parameters": one,
        "responses": answers(&[("200", "The service", schema("service"))], &["not_found"]),
    } }),
    );
    paths.insert(
        "/services/{service}/schema.json".to_owned(),
        json!({ "get": {
        "operationId": "get_schema", "summary": "The applicant's form as a JSON Schema", "parameters": one,
        "responses": answers(&[("200", "The schema", json!({ "type": "object" }))], &["not_found"]),
    } }),
    );
}

fn charter(paths: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let row = json!({ "type": "object", "description": "What is promised of one service" });
    let rows = json!({ "type": "array", "items": row });
    let told = object(&[("town", text()), ("day", json!({ "type": "string", "format": "date" })), ("services", rows)]);
    paths.insert(
        "/charter".to_owned(),
        json!({ "get": {
        "operationId": "get_charter", "summary": "The citizens' charter: what the town promises of each service",
        "parameters": [parameter("language")], "responses": answers(&[("200", "The charter", told)], &["not_found"]),
    } }),
    );
}

fn signing_in(paths: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let asked = object(&[("browser", text()), ("seconds", json!({ "type": "integer" }))]);
    paths.insert("/sign-in".to_owned(), json!({ "post": {
        "operationId": "send_code", "summary": "Sends a code to a mobile number", "requestBody": body(&object(&[("mobile", text())])),
        "responses": answers(&[("200", "What goes with the code", asked)], &["wrong_type", "too_many"]),
    } }));
    let mut code = object(&[("mobile", text()), ("browser", text()), ("code", text())]);
    let second = "A code of the authenticator, or a recovery code, of whoever has set one up";
    code["properties"]["second"] = json!({ "type": "string", "description": second });
    paths.insert("/sign-in/code".to_owned(), json!({ "post": {
        "operationId": "sign_in", "summary": "A token for a code", "requestBody": body(&code),
        "responses": answers(&[("200", "The token", object(&[("token", text())]))], &["sign_in", "wrong_type", "too_many"]),
    } }));
    let each = json!({ "type": "object", "description": "Where, since when, and the name by which it is ended" });
    let sessions = object(&[("sessions", json!({ "type": "array", "items": each }))]);
    paths.insert(
        "/sessions".to_owned(),
        json!({ "get": {
        "operationId": "list_sessions", "summary": "Where the citizen is signed in", "security": token(),
        "responses": answers(&[("200", "Each of them", sessions)], &["sign_in"]),
    } }),
    );
    let ended = object(&[("ended", json!({ "type": "integer" }))]);
    paths.insert("/sessions/end".to_owned(), json!({ "post": {
        "operationId": "end_sessions", "summary": "Ends one of them, all `others`, or forgets all `devices`", "security": token(),
        "requestBody": body(&object(&[("session", text())])),
        "responses": answers(&[("200", "How many were ended", ended)], &["sign_in", "not_found", "wrong_type"]),
    } }));
}

fn cases(api: &Api<'_>, paths: &mut Map<String, Json>) {
    let file = json!({ "required": true, "content": {
        "application/pdf": {}, "image/jpeg": {}, "image/png": {},
    } });
    let name = json!({ "name": "name", "in": "query", "schema": { "type": "string" } });
    paths.insert("/files".to_owned(), json!({ "post": {
        "operationId": "keep_file", "summary": "Keeps a file for an application to come", "security": token(),
        "parameters": [name], "requestBody": file,
        "responses": answers(&[("201", "What the form takes as a file", schema("file"))], &["sign_in", "forbidden", "conflict", "wrong_type", "too_many"]),
    } }));
    let told = |status: &'static str, what: &'static str| [(status, what, schema("case"))];
    let refused = ["sign_in", "forbidden", "not_found", "conflict", "wrong_type", "answers", "too_many"];
    paths.insert(
        "/cases".to_owned(),
        json!({ "post": {
        "operationId": "apply", "summary": "An application, filled in and sent as one", "security": token(),
        "tags": api.services.iter().map(|service| service.id.as_str()).collect::<Vec<_>>(),
        "parameters": [parameter("key"), parameter("language")],
        "requestBody": body(&applications(api)),
        "responses": answers(&told("201", "Where it stands"), &refused),
    } }),
    );
    let one = [parameter("case"), parameter("language")];
    paths.insert(
        "/cases/{case}".to_owned(),
        json!({ "get": {
        "operationId": "get_case", "summary": "Where an own application stands", "security": token(), "parameters": one,
        "responses": answers(&told("200", "Where it stands"), &["sign_in", "forbidden", "not_found"]),
    } }),
    );
    let mut keyed = one.to_vec();
    keyed.push(parameter("key"));
    paths.insert(
        "/cases/{case}/act".to_owned(),
        json!({ "post": {
        "operationId": "act", "summary": "One of the applicant's actions", "security": token(), "parameters": keyed,
        "requestBody": body(&acts(api)),
        "responses": answers(&told("200", "Where it stands afterwards"), &refused),
    } }),
    );
}

/// An application of one service or another; the service tells which.
fn applications(api: &Api<'_>) -> Json {
    let names = api.services.iter().map(|service| (service.id.clone(), component(&service.id, "application")));
    let names: Vec<(String, String)> = names.collect();
    if names.is_empty() {
        return json!({ "type": "object" });
    }
    let mapping: Map<String, Json> =
        names.iter().map(|(id, name)| (id.clone(), json!(format!("#/components/schemas/{name}")))).collect();
    let one_of: Vec<Json> = names.iter().map(|(_, name)| schema(name)).collect();
    json!({ "oneOf": one_of, "discriminator": { "propertyName": "service", "mapping": mapping } })
}

/// An action of one service or another; which ones there are, the case tells.
fn acts(api: &Api<'_>) -> Json {
    let names = api.services.iter().flat_map(|service| {
        actions(service).into_iter().map(|action| component(&service.id, &format!("do_{}", action.name)))
    });
    let any_of: Vec<Json> = names.map(|name| schema(&name)).collect();
    if any_of.is_empty() { object(&[("action", json!({ "type": "string" }))]) } else { json!({ "anyOf": any_of }) }
}

fn calendars(paths: &mut Map<String, Json>) {
    let one = |name: &str, place: &str, schema: Json| json!({ "name": name, "in": place, "required": place == "path", "schema": schema });
    let named = json!({ "type": "string", "minLength": 1 });
    let month = json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" });
    let parameters = [
        one("calendar", "path", json!({ "type": "string" })),
        one("resource", "query", named),
        one("month", "query", month),
    ];
    paths.insert(
        "/calendars/{calendar}".to_owned(),
        json!({ "get": {
        "operationId": "get_calendar", "summary": "What is free in a month, day by day; who has what is not told",
        "parameters": parameters,
        "responses": answers(&[("200", "The days", json!({ "type": "object" }))], &["not_found"]),
    } }),
    );
}

fn registers(paths: &mut Map<String, Json>) {
    let thing = || json!({ "type": "object" });
    let list = |name: &str| object(&[(name, json!({ "type": "array", "items": thing() }))]);
    let lookup = ["forbidden", "not_found", "too_many"];
    paths.insert(
        "/registers".to_owned(),
        json!({ "get": {
        "operationId": "list_registers", "summary": "The registers of the town",
        "responses": answers(&[("200", "The registers", list("registers"))], &["not_found"]),
    } }),
    );
    let number =
        json!({ "name": "number", "in": "query", "required": true, "schema": { "type": "string", "maxLength": 100 } });
    paths.insert(
        "/registers/{registry}/records".to_owned(),
        json!({ "get": {
        "operationId": "find_records", "summary": "Records by their number or an old one",
        "parameters": [parameter("registry"), number],
        "responses": answers(&[("200", "The records", list("records"))], &lookup),
    } }),
    );
    public_list(paths);
    let record = [parameter("registry"), parameter("record")];
    let dated: Vec<Json> = record.iter().cloned().chain([parameter("on"), parameter("known_on")]).collect();
    for (path, id, summary) in [
        ("/registers/{registry}/records/{record}", "get_record", "A record as it holds"),
        ("/registers/{registry}/records/{record}/dues", "get_dues", "What is owed on it"),
    ] {
        paths.insert(
            path.to_owned(),
            json!({ "get": {
            "operationId": id, "summary": summary, "parameters": dated, "security": [{}, { "token": [] }],
            "responses": answers(&[("200", summary, thing())], &lookup),
        } }),
        );
    }
    let own = ["sign_in", "forbidden", "not_found", "too_many"];
    for (path, id, summary, name) in [
        ("/registers/{registry}/records/{record}/versions", "list_versions", "Every version of it", "versions"),
        ("/registers/{registry}/records/{record}/documents", "list_documents", "Papers about it", "documents"),
    ] {
        paths.insert(
            path.to_owned(),
            json!({ "get": {
            "operationId": id, "summary": summary, "parameters": record, "security": token(),
            "responses": answers(&[("200", summary, list(name))], &own),
        } }),
        );
    }
    let mut of_paper = record.to_vec();
    of_paper.push(parameter("paper"));
    let mut paper = answers(&[], &own);
    paper["200"] = json!({ "description": "The paper", "content": { "application/pdf": {} } });
    paths.insert(
        "/registers/{registry}/records/{record}/documents/{paper}".to_owned(),
        json!({ "get": {
        "operationId": "get_document_of_record", "summary": "One of them", "parameters": of_paper, "security": token(),
        "responses": paper,
    } }),
    );
}

/// The records of a register that anybody may read. What is searched for is sent in a body: an address is kept.
fn public_list(paths: &mut Map<String, Json>) {
    let query = |name: &str, what: &str, schema: Json| json!({ "name": name, "in": "query", "description": what, "schema": schema });
    let search = query(
        "search",
        "Stands for what was searched for; `next` of the answer to a search has it.",
        json!({ "type": "string", "minLength": 1 }),
    );
    let page = query("page", "The first when silent.", json!({ "type": "integer", "minimum": 1 }));
    let mut sought = object(&[("q", json!({ "type": "string", "minLength": 1, "maxLength": 100 }))]);
    sought["additionalProperties"] = false.into();
    let whole = || json!({ "type": "integer" });
    let next = json!({ "type": ["string", "null"], "description": "The address of the next page; null on the last." });
    let records = json!({ "type": "array", "items": { "type": "object" } });
    let told = object(&[
        ("title", json!({ "type": "string" })),
        ("total", whole()),
        ("page", whole()),
        ("of", whole()),
        ("next", next),
        ("records", records),
    ]);
    let found = || [("200", "The records", told.clone())];
    paths.insert(
        "/registers/{registry}/public".to_owned(),
        json!({
            "get": {
                "operationId": "list_public_records",
                "summary": "What anybody may read of a register, 25 records at a time",
                "parameters": [parameter("registry"), search, page, parameter("language")],
                "responses": answers(&found(), &["not_found"]),
            },
            "post": {
                "operationId": "search_public_records",
                "summary": "Those of them that are found by what is shown of them",
                "parameters": [parameter("registry"), page, parameter("language")],
                "requestBody": body(&sought),
                "responses": answers(&found(), &["not_found", "wrong_type"]),
            },
        }),
    );
}
