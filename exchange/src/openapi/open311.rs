//! The ways of Open311. What they mean is said by its own specification; here stands where they are, and what their
//! answers are like. What is refused is told as that specification asks: as a list, and a missing key as 403.

use serde_json::{Map, Value as Json, json};

use super::paths::{parameter, token};
use super::{object, schema};

/// What every request may be answered with instead of what it asked for.
const ALWAYS: [&str; 5] = ["400", "404", "429", "500", "503"];

pub(super) fn paths(paths: &mut Map<String, Json>) {
    let query = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let choosing = ["service_request_id", "service_code", "status", "start_date", "end_date"];
    for (path, id, summary, own, told) in [
        ("/open311/discovery.json", "open311_discovery", "What this endpoint is", Vec::new(), thing()),
        ("/open311/services.json", "open311_services", "What can be reported", Vec::new(), list()),
        (
            "/open311/services/{code}",
            "open311_definition",
            "What is asked of one kind of report",
            vec![parameter("code")],
            thing(),
        ),
        (
            "/open311/requests.json",
            "open311_requests",
            "Reports, the latest first",
            choosing.map(query).to_vec(),
            list(),
        ),
        ("/open311/requests/{request}", "open311_request", "One report", vec![parameter("request")], list()),
        ("/open311/tokens/{code}", "open311_token", "The number of a report", vec![parameter("code")], list()),
    ] {
        let parameters: Vec<Json> = own.into_iter().chain([query("jurisdiction_id")]).collect();
        let operation = json!({
            "operationId": id, "summary": summary, "parameters": parameters,
            "externalDocs": { "url": "https://wiki.open311.org/GeoReport_v2" },
            "responses": answers(summary, &told, &[]),
        });
        paths.insert(path.to_owned(), json!({ "get": operation }));
    }
    let form = json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
        "type": "object", "required": ["service_code"], "properties": { "service_code": { "type": "string" } },
    } } } });
    let post = json!({
        "operationId": "open311_report", "summary": "Sends a report", "security": token(), "requestBody": form,
        "responses": answers("Its number", &list(), &["403", "409"]),
    });
    if let Some(requests) = paths.get_mut("/open311/requests.json") {
        requests["post"] = post;
    }
}

fn thing() -> Json {
    json!({ "type": "object" })
}

fn list() -> Json {
    json!({ "type": "array", "items": thing() })
}

/// What is told, and the problems: those of every request, and those of this one.
fn answers(description: &str, told: &Json, problems: &[&str]) -> Json {
    let mut all = Map::new();
    all.insert("200".to_owned(), response(description, told));
    for status in problems.iter().chain(&ALWAYS) {
        all.insert((*status).to_owned(), json!({ "$ref": "#/components/responses/open311_errors" }));
    }
    Json::Object(all)
}

/// An answer in the format that the address ends with.
fn response(description: &str, told: &Json) -> Json {
    json!({ "description": description, "content": { "application/json": { "schema": told }, "text/xml": {} } })
}

/// What was wrong, as the component of that name.
pub(super) fn errors() -> Json {
    response("What was wrong, one entry each.", &schema("open311_errors"))
}

/// The schema of what was wrong.
pub(super) fn errors_schema() -> Json {
    let one = object(&[("code", json!({ "type": "integer" })), ("description", json!({ "type": "string" }))]);
    json!({ "type": "array", "items": one, "minItems": 1 })
}
