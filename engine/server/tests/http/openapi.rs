//! The API as an OpenAPI document: what it says is there, and what it does not say is not.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use serde_json::Value as Json;
use server::http::routes::table;

use crate::browser::Browser;
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
        .map(|(get, path)| format!("{} {path}", if get { "get" } else { "post" }))
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
