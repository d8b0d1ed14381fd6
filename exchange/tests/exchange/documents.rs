//! OpenAPI documents of everything that ships, held to the structure of OpenAPI 3.1.

use std::collections::{BTreeMap, BTreeSet};

use engine::form::Problem;
use engine::service::Service;
use exchange::openapi::{Api, document};
use serde_json::{Value as Json, json};

use crate::files::{all_shipped, shipped};

fn of(services: &[Service]) -> Json {
    document(&Api {
        town: "riverton",
        title: "Riverton",
        base: "https://example.org/api/riverton",
        language: "en",
        services: services.iter().collect(),
        examples: BTreeMap::new(),
        open311: true,
    })
}

/// Every object of the document, with the pointer to it.
fn walk<'a>(value: &'a Json, at: &str, each: &mut dyn FnMut(&str, &'a Json)) {
    each(at, value);
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                walk(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), each);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                walk(value, &format!("{at}/{index}"), each);
            }
        }
        _ => {}
    }
}

#[test]
fn the_document_has_the_structure_of_the_standard() {
    let services: Vec<Service> = all_shipped().iter().map(|id| shipped(id)).collect();
    let api = of(&services);
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1."));
    assert!(api["info"]["title"].is_string() && api["info"]["version"].is_string());
    walk(&api, "", &mut |at, value| {
        if let Some(reference) = value.get("$ref").and_then(Json::as_str) {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{at}: {reference} leads outside"));
            assert!(api.pointer(pointer).is_some(), "{at}: {reference} leads nowhere");
        }
    });
    let mut seen = BTreeSet::new();
    for (path, ways) in api["paths"].as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        for (way, operation) in ways.as_object().unwrap() {
            assert!(["get", "post"].contains(&way.as_str()), "{way} {path}");
            let id = operation["operationId"].as_str().unwrap();
            assert!(seen.insert(id.to_owned()), "{id} is there twice");
            assert!(!operation["responses"].as_object().unwrap().is_empty(), "{id} is never answered");
            let named: BTreeSet<String> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| one.get("$ref").and_then(Json::as_str).map_or(one, |r| api.pointer(&r[1..]).unwrap()))
                .filter(|one| one["in"] == "path")
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect();
            let holes: BTreeSet<String> =
                path.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect();
            assert_eq!(named, holes, "{way} {path}");
            if let Some(security) = operation.get("security") {
                for one in security.as_array().unwrap().iter().flat_map(|one| one.as_object().unwrap().keys()) {
                    assert!(api["components"]["securitySchemes"].get(one).is_some(), "{id}: {one}");
                }
            }
        }
    }
    for name in api["components"]["schemas"].as_object().unwrap().keys() {
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{name}");
    }
}

#[test]
fn an_application_is_held_to_the_schema_of_its_service() {
    let services: Vec<Service> = all_shipped().iter().map(|id| shipped(id)).collect();
    let api = of(&services);
    // The schemas refer to each other within the document.
    let mut schema = api["paths"]["/cases"]["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
    schema["components"] = api["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for id in all_shipped() {
        assert!(!validator.is_valid(&json!({ "service": id, "answers": { "stranger": 1 } })), "{id}");
    }
    assert!(!validator.is_valid(&json!({ "service": "nothing", "answers": {} })));
    for (name, schema) in api["components"]["schemas"].as_object().unwrap() {
        let mut schema = schema.clone();
        schema["components"] = api["components"].clone();
        assert!(jsonschema::validator_for(&schema).is_ok(), "{name} is no schema");
    }
}

/// Whoever writes a program for a service looks at an example first.
#[test]
fn every_service_that_ships_names_an_example() {
    let without: Vec<String> = all_shipped().into_iter().filter(|id| shipped(id).start.example.is_none()).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn a_town_without_services_has_a_document_too() {
    let api = of(&[]);
    assert_eq!(api["info"]["version"], "0");
    assert!(api["paths"]["/cases"]["post"].is_object());
}

#[test]
fn every_operation_says_what_every_request_may_meet() {
    let services: Vec<Service> = all_shipped().iter().map(|id| shipped(id)).collect();
    let api = of(&services);
    for (path, ways) in api["paths"].as_object().unwrap() {
        for (way, operation) in ways.as_object().unwrap() {
            let said = operation["responses"].as_object().unwrap();
            for status in ["400", "500", "503"] {
                assert!(said.contains_key(status), "{way} {path} is never answered with {status}");
            }
            // The key of Open311 is missing with 403, the token of everything else with 401.
            if operation["security"] == json!([{ "token": [] }]) {
                assert!(said.contains_key("401") || said.contains_key("403"), "{way} {path}");
            }
        }
    }
}

#[test]
fn whatever_may_be_wrong_with_an_answer_is_said() {
    let api = of(&[]);
    let words = api["components"]["schemas"]["error"]["properties"]["problem"]["enum"].as_array().unwrap();
    for problem in [Problem::Missing, Problem::NoSuchRecord, Problem::RecordSuspended, Problem::RecordEnded] {
        assert!(words.contains(&json!(problem.word())), "{}", problem.word());
    }
    let manual = include_str!("../../../docs/api.md");
    for word in words {
        assert!(manual.contains(&format!("`{}`", word.as_str().unwrap())), "docs/api.md does not tell of {word}");
    }
}
