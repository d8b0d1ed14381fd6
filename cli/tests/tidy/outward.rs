//! The outside is called from few places, and only the file of whoever runs the installation says where it is: no
//! definition and nothing that people type names an address that the program would go to.

use serde_json::Value as Json;

use crate::tree;

/// What opens a connection to somewhere, and the files that may. The database is reached through its own library, at
/// the address that the operator gives; a collector of traces through another.
const REACH: [(&str, &[&str]); 6] = [
    ("Client::builder(", &["connectors/src/http.rs"]),
    ("Client::new(", &[]),
    ("reqwest::get(", &[]),
    ("client::conn", &["connectors/src/identity/call.rs"]),
    ("TcpStream::connect", &["connectors/src/identity/call.rs", "connectors/src/scan/clamav.rs"]),
    ("UnixStream::connect", &["connectors/src/scan/clamav.rs"]),
];

/// The schema of the operator's file.
const OPERATOR: &str = "schemas/nagar.json";

/// Words in the name of a key that takes an address.
const ADDRESSES: [&str; 8] = ["url", "uri", "href", "host", "endpoint", "webhook", "server", "proxy"];

#[test]
fn in_12_the_outside_is_called_from_few_places() {
    let ours = tree::files("", &[".rs"]).into_iter().filter(|path| path.contains("/src/"));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in ours {
        let text = tree::text(&path);
        for (reach, may) in REACH {
            if text.contains(reach) {
                seen += 1;
                if !may.contains(&path.as_str()) {
                    wrong.push(format!("{path}: {reach}"));
                }
            }
        }
    }
    tree::none(&wrong, "whoever calls the outside does so from `connectors`");
    let places: usize = REACH.iter().map(|(_, may)| may.len()).sum();
    assert_eq!(seen, places, "every place that may is one that does");
}

/// Every key that a schema has, wherever it stands, and whether an address is asked for.
fn keys(schema: &Json, found: &mut Vec<(String, bool)>) {
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        let asked = |of: &Json| matches!(of["format"].as_str(), Some("uri" | "uri-reference" | "hostname"));
        found.extend(properties.iter().map(|(key, of)| (key.clone(), asked(of))));
    }
    match schema {
        Json::Object(parts) => parts.values().for_each(|part| keys(part, found)),
        Json::Array(parts) => parts.iter().for_each(|part| keys(part, found)),
        _ => {}
    }
}

/// The keys of a schema that take an address.
fn addresses(path: &str) -> Vec<String> {
    let schema: Json = serde_json::from_str(&tree::text(path)).unwrap();
    let mut found = Vec::new();
    keys(&schema, &mut found);
    let named = |key: &str| key.split('_').any(|word| ADDRESSES.contains(&word));
    found.into_iter().filter(|(key, asked)| *asked || named(key)).map(|(key, _)| format!("{path}: {key}")).collect()
}

#[test]
fn in_12_no_key_of_a_definition_takes_an_address() {
    let schemas = tree::files("schemas", &[".json"]);
    assert!(schemas.len() > 10 && schemas.iter().any(|path| path == OPERATOR), "{schemas:?}");
    let found: Vec<String> = schemas.iter().filter(|path| *path != OPERATOR).flat_map(|path| addresses(path)).collect();
    tree::none(&found, "only the operator's file says where something is");
    assert!(addresses(OPERATOR).len() >= 2, "the search finds what is there");
}
