//! The API as an OpenAPI document: what it says is there, and what it does not say is not.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value as Json;
use server::http::routes::table;

use crate::browser::{Browser, Page};
use crate::town::{TOWN, Town};

async fn document(town: &Town) -> Json {
    let page = Browser::new(town).send(Request::get(format!("/api/{TOWN}/openapi.json")), Body::empty()).await;
    assert_eq!(page.status, 200);
    serde_json::from_str(&page.html).unwrap()
}

#[tokio::test]
async fn every_route_of_the_api_is_described_and_nothing_else() {
    let town = Town::open().await;
    let document = document(&town).await;
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, ways)| ways.as_object().unwrap().keys().map(move |way| format!("{way} {path}")))
        .collect();
    let routes: BTreeSet<String> = table()
        .filter_map(|route| Some((route.get, route.path.strip_prefix("/api/{tenant}")?)))
        // The other format is said by its own specification.
        .filter(|(_, path)| !path.strip_suffix(".xml").is_some_and(|path| path.starts_with("/open311")))
        // OpenAPI has one kind of hole; what has slashes is encoded there.
        .map(|(get, path)| format!("{} {}", if get { "get" } else { "post" }, path.replace("{*", "{")))
        .collect();
    assert_eq!(described, routes);
}

#[tokio::test]
async fn every_service_of_the_town_is_there_with_its_actions() {
    let town = Town::open().await;
    let document = document(&town).await;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["stall_permit_answers", "stall_permit_application", "report_answers", "report_do_rate", "fair_answers"]
    {
        assert!(schemas.contains_key(name), "{name} is missing among {:?}", schemas.keys());
    }
    // What an officer does is no action of programs.
    assert!(!schemas.keys().any(|name| name == "report_do_resolve"));
    assert_eq!(schemas["report_do_rate"]["properties"]["answers"]["properties"]["stars"]["maximum"], 5);
    assert!(document["servers"][0]["url"].as_str().unwrap().ends_with(&format!("/api/{TOWN}")));
}

/// Holds an answer to what the document says of it: its status, the kind of its body, and the shape.
fn hold(document: &Json, operation: &str, page: &Page) {
    let (way, path) = operation.split_once(' ').unwrap();
    let said = &document["paths"][path][way]["responses"][page.status.to_string()];
    let said = said["$ref"].as_str().map_or(said, |at| document.pointer(&at[1..]).unwrap());
    assert!(said.is_object(), "{operation} is answered with {}, of which nothing is said: {}", page.status, page.at);
    let kind = page.headers["content-type"].split(';').next().unwrap();
    let content = &said["content"][kind];
    assert!(content.is_object(), "{operation} is answered as {kind}: {}", page.at);
    if kind.ends_with("json") {
        // The schemas refer to each other within the document.
        let mut schema = content["schema"].clone();
        schema["components"] = document["components"].clone();
        let told: Json = serde_json::from_str(&page.html).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&told), "{operation}: {told}");
    }
}

#[tokio::test]
async fn what_is_answered_is_what_the_document_says() {
    let town = Town::open().await;
    let document = document(&town).await;
    for (operation, at, status) in [
        ("get /services", "services", 200),
        ("get /services", "services?a=1&a=2", 400),
        ("get /charter", "charter", 200),
        ("get /calendars/{calendar}", "calendars/nothing?month=x&month=y", 400),
        ("get /calendars/{calendar}", "calendars/nothing", 404),
        ("get /registers/{registry}/public", "registers/nothing/public", 404),
        ("get /registers/{registry}/public", "registers/nothing/public?q=x", 400),
        ("post /registers/{registry}/public", "registers/nothing/public", 415),
        ("get /sessions", "sessions", 401),
        ("get /stocks", "stocks", 401),
        ("get /stocks/{stock}", "stocks/x", 401),
        ("post /stocks/{stock}/moves", "stocks/x/moves", 401),
        ("get /cases/{case}", "cases/x", 401),
        ("get /open311/discovery.json", "open311/discovery.json", 200),
        ("get /open311/discovery.json", "open311/discovery.json?a=1&a=2", 400),
        ("get /open311/services.json", "open311/services.json", 200),
        ("get /open311/services.json", "open311/services.json?jurisdiction_id=nowhere", 404),
        ("get /open311/services/{code}", "open311/services/food.json", 200),
        ("get /open311/services/{code}", "open311/services/food.xml", 200),
        ("get /open311/services/{code}", "open311/services/nothing.xml", 404),
        ("get /open311/requests.json", "open311/requests.json?status=lost", 400),
        ("get /open311/requests/{request}", "open311/requests/1.json", 404),
        ("get /open311/tokens/{code}", "open311/tokens/1.json", 404),
        ("post /open311/requests.json", "open311/requests.json", 403),
        ("post /sign-in", "sign-in", 415),
        ("post /files", "files", 401),
    ] {
        let at = format!("/api/{TOWN}/{at}");
        let request = if operation.starts_with("get") { Request::get(&at) } else { Request::post(&at) };
        let form = operation == "post /open311/requests.json";
        let request =
            if form { request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded") } else { request };
        let page = Browser::new(&town).send(request, Body::empty()).await;
        assert_eq!(page.status, status, "{operation}: {at}");
        hold(&document, operation, &page);
    }
}
