//! The API of a town as an OpenAPI 3.1 document, made from the definitions that it serves: the answers of every
//! service as the schemas that they are held to, every action of an applicant, and every problem.

mod open311;
mod paths;
mod schemas;
mod stocks;

use std::collections::BTreeMap;

use engine::service::Service;
use serde_json::{Map, Value as Json, json};

/// What a document is made of.
#[derive(Debug)]
pub struct Api<'a> {
    /// The town in the address.
    pub town: &'a str,
    /// What people call the town.
    pub title: &'a str,
    /// Where the API is: `https://example.org/api/riverton`.
    pub base: &'a str,
    /// The language of the words.
    pub language: &'a str,
    /// The services of the town, in the order of its catalogue.
    pub services: Vec<&'a Service>,
    /// Answers that a service takes, by its id: examples of the definitions.
    pub examples: BTreeMap<String, Json>,
    /// Whether some service takes requests by Open311.
    pub open311: bool,
}

/// The document.
pub fn document(api: &Api<'_>) -> Json {
    let tags: Vec<Json> = api
        .services
        .iter()
        .map(|service| {
            let mut tag = json!({ "name": service.id, "x-title": service.title.in_language(api.language) });
            if let Some(about) = &service.about {
                tag["description"] = about.in_language(api.language).into();
            }
            tag
        })
        .collect();
    // The version is that of everything it was made from: another definition, another version.
    let digests: Vec<&str> =
        api.services.iter().map(|service| &service.digest[..service.digest.len().min(8)]).collect();
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": api.title,
            "version": if digests.is_empty() { "0".to_owned() } else { digests.join("-") },
            "description": "Programs apply and act for a person, with the same rules as pages.",
        },
        "servers": [{ "url": api.base }],
        "tags": tags,
        "paths": paths::paths(api),
        "components": {
            "schemas": schemas::schemas(api),
            "responses": schemas::responses(),
            "parameters": schemas::parameters(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "The token that a code gives." },
            },
        },
    })
}

/// A name of a component: letters, digits and underscores.
pub(crate) fn component(service: &str, what: &str) -> String {
    format!("{}_{what}", service.replace('-', "_"))
}

/// A reference to a schema of the document.
pub(crate) fn schema(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object of properties, all of which must be there.
pub(crate) fn object(properties: &[(&str, Json)]) -> Json {
    let map: Map<String, Json> = properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": map, "required": required })
}
