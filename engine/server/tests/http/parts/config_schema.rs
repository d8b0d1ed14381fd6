//! What is said of the configuration, held to what the program takes.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use server::config::Config;
use server::config_schema::schema;

/// The names in quotes of what serde says it expected.
fn expected(wrong: &Json) -> BTreeSet<String> {
    let error = serde_json::from_value::<Config>(wrong.clone()).unwrap_err().to_string();
    let (_, expected) = error.split_once("expected ").unwrap_or_else(|| panic!("{error}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys(schema: &Json) -> BTreeSet<String> {
    schema["properties"].as_object().unwrap().keys().filter(|key| *key != "type").cloned().collect()
}

fn kinds(schema: &Json) -> BTreeSet<String> {
    let all = schema["oneOf"].as_array().unwrap().iter();
    all.map(|kind| kind["properties"]["type"]["const"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn it_has_the_keys_that_the_program_knows() {
    let schema = schema();
    assert_eq!(keys(&schema), expected(&json!({ "no such key": 1 })));
    let no_kind = |key: &str| expected(&json!({ key: { "type": "no such type" } }));
    for key in ["message", "files"] {
        assert_eq!(kinds(&schema["properties"][key]), no_kind(key), "{key}");
    }
    assert_eq!(kinds(&schema["$defs"]["payment"]), no_kind("payment"));
    let wrong = json!({ "identity": { "city": { "no such key": 1 } } });
    assert_eq!(keys(&schema["properties"]["identity"]["additionalProperties"]), expected(&wrong));
    let demo = &schema["$defs"]["payment"]["oneOf"][1];
    assert_eq!(keys(demo), expected(&json!({ "payment": { "type": "demo", "no such key": 1 } })));
}

#[test]
fn it_accepts_what_the_program_accepts_and_nothing_else() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let secret = json!({ "type": "demo", "url": "http://127.0.0.1:8081", "key_id": "a", "secret": "env:A" });
    let provider = json!({
        "issuer": "https://id.example/realms/city", "client_id": "town", "client_secret": "env:A", "scopes": ["openid", "profile"],
        "button": { "en": "Sign in with the city account" }, "second_factor": { "amr": ["mfa"] }, "towns": ["riverton"],
    });
    let cases = [
        (json!({}), true),
        (json!({ "listen": "0.0.0.0:80", "definitions": ["a", "b"], "proxies": 1 }), true),
        (json!({ "demo": true, "payment": secret, "payment_of": { "town": { "type": "counter" } } }), true),
        (json!({ "message": { "type": "file", "path": "x" }, "files": { "type": "disk", "path": "y" } }), true),
        (json!({ "definitions": 1 }), false),
        (json!({ "published": true, "metrics": "127.0.0.1:9464", "drain": 5, "database_wait": 0 }), true),
        (json!({ "publication": { "two_people": false, "publishers": {} } }), true),
        (json!({ "publication": { "unsigned": true } }), true),
        (json!({ "publication": { "two_people": "yes" } }), false),
        (json!({ "upload_megabytes": 50_000, "upload_megabytes_of": { "town": 0 } }), true),
        (json!({ "upload_megabytes": -1 }), false),
        (json!({ "drain": 601 }), false),
        (json!({ "second_factor": ["*"] }), true),
        (json!({ "second_factor": "*" }), false),
        (json!({ "proxies": -1 }), false),
        (json!({ "identity": { "city": provider } }), true),
        (json!({ "identity": { "The city": provider } }), false),
        (json!({ "identity": { "city": { "issuer": "https://id.example", "client_id": "a" } } }), false),
        (
            json!({ "identity": { "city": { "issuer": "http://id.example", "client_id": "a", "client_secret": "env:A" } } }),
            false,
        ),
        (
            json!({ "identity": { "city": { "issuer": "https://id.example", "client_id": "a", "client_secret": "env:A", "scopes": ["email"] } } }),
            false,
        ),
        (json!({ "message": { "type": "file" } }), false),
        (json!({ "files": { "type": "disk", "path": "y", "more": 1 } }), false),
        (json!({ "base_url": "town.example" }), false),
    ];
    for (config, fits) in cases {
        assert_eq!(validator.is_valid(&config), fits, "{config}");
        let taken = serde_json::from_value::<Config>(config.clone()).map_err(anyhow::Error::from);
        assert_eq!(taken.and_then(|taken| taken.check()).is_ok(), fits, "{config}");
    }
}
