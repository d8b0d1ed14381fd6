//! The keys of every file, read from the schemas that editors use.

#![allow(clippy::format_push_string, reason = "readable beats fast in a test")]

use serde_json::{Map, Value as Json};

use crate::document::{DEFINITIONS, hold};

/// File and schema.
const FILES: [(&str, &str); 15] = [
    ("service.yaml", "service"),
    ("form.yaml", "form"),
    ("workflow.yaml", "workflow"),
    ("rates.yaml", "rates"),
    ("billing.yaml", "billing"),
    ("postings.yaml", "postings"),
    ("notifications/NAME.yaml", "notice"),
    ("locales/LANGUAGE.yaml", "locale"),
    ("imports/NAME.yaml", "import"),
    ("tests/NAME.yaml", "scenario"),
    ("demo.yaml", "demo"),
    ("tenant.yaml", "tenant"),
    ("accounts.yaml", "accounts"),
    ("surveys/NAME.yaml", "survey"),
    ("by-laws.yaml", "by-laws"),
];

/// A table for each kind of file.
pub(crate) fn tables() {
    let mut text = String::new();
    for (file, name) in FILES {
        let mut schemas = engine::reference::schemas();
        schemas.push(("by-laws", scrutiny::laws::schema()));
        let (_, schema) = schemas.into_iter().find(|(known, _)| *known == name).unwrap();
        let schema: Json = serde_json::from_str(&schema).unwrap();
        text.push_str(&format!("\n### {file}\n"));
        let root = if schema["type"] == "array" { &schema["items"] } else { &schema };
        text.push_str(&map(&sentence(root), root));
        for (definition, body) in schema["$defs"].as_object().into_iter().flatten() {
            let about = format!("**{}**: {}", title(definition), sentence(body));
            if body.get("properties").is_none() {
                text.push_str(&format!("\n{about}\n"));
            } else if body["description"] != root["description"] {
                text.push_str(&map(&about, body));
            }
        }
    }
    text.push('\n');
    hold(DEFINITIONS, "keys", &text);
}

/// Definitions are called after types; readers see words.
fn title(definition: &str) -> &str {
    match definition {
        "onrecord" => "on_record",
        "runby" => "run_by",
        "takesover" => "takes_over",
        "twowords" => "two wordings",
        "heldrole" => "role by a record",
        "financialyear" => "financial_year",
        "hours" => "working_hours",
        "atleast" => "at_least",
        other => other,
    }
}

fn sentence(schema: &Json) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// One table: the keys of a map.
fn map(about: &str, schema: &Json) -> String {
    let mut text = format!("\n{about}\n\n| Key | Value | Meaning |\n|---|---|---|\n");
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    for (key, value) in schema["properties"].as_object().expect("a map has keys") {
        let star = if required.contains(&key.as_str()) { " *" } else { "" };
        let (what, meaning) = if let Some(open) = open(key, value) { open } else { (words(value), sentence(value)) };
        text.push_str(&format!("| `{key}`{star} | {what} | {} |\n", meaning.replace('|', "\\|")));
    }
    if let Some(others) = schema.get("additionalProperties").filter(|others| others.is_object()) {
        text.push_str(&format!("| any other name | {} | {} |\n", words(others), sentence(others)));
    }
    text
}

/// What the keys say whose values depend on another file: the schema leaves them open.
fn open(key: &str, schema: &Json) -> Option<(String, String)> {
    if *schema != Json::Bool(true) && schema["items"] != Json::Bool(true) {
        return None;
    }
    let (what, meaning) = match key {
        "rows" => ("a list: key or column → value", "The rows. A key that a row leaves out matches any value."),
        "answers" => ("question → answer", "Answers, each as its type says: see [Field types](#field-types)."),
        "pages" => ("page → text, or a map with `title` and `hint`", "Titles of pages of form.yaml."),
        "fields" => (
            "question → text, or a map with `label`, `hint`, `options` and `fields`",
            "Questions of form.yaml; `options` by code, and `fields` inside of a list or group in the same way.",
        ),
        "translations" => (
            "language → question → text, or a map with `label`, `hint` and `options`",
            "The words of the questions in other languages.",
        ),
        "notifications" => {
            ("notice → a map with `sms` and `email`", "Messages, in the form of notifications/NAME.yaml.")
        }
        _ => return None,
    };
    Some((what.to_owned(), meaning.to_owned()))
}

/// What a value may be, in words.
fn words(schema: &Json) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return format!("a *{}*", title(name.trim_start_matches("#/$defs/")));
    }
    if let Some(of) = schema["oneOf"].as_array() {
        return one_of(of.iter().map(|one| &one["const"]));
    }
    if let Some(of) = schema["enum"].as_array() {
        return one_of(of.iter());
    }
    if let Some(of) = schema["anyOf"].as_array() {
        let parts: Vec<String> = of.iter().map(words).collect();
        return parts.join(", or ");
    }
    if schema["type"] == "array" {
        return format!("a list: {}", words(&schema["items"]));
    }
    if schema["type"] == "object" {
        return object(schema);
    }
    scalar(schema).to_owned()
}

fn one_of<'a>(values: impl Iterator<Item = &'a Json>) -> String {
    values.filter_map(Json::as_str).map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

fn object(schema: &Json) -> String {
    if let Some(properties) = schema["properties"].as_object() {
        let keys = |properties: &Map<String, Json>| {
            properties.keys().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ")
        };
        return format!("a map with {}", keys(properties));
    }
    let key = match schema["propertyNames"]["pattern"].as_str() {
        Some("^[A-Za-z0-9_]{1,64}$") => "code",
        Some("^[a-z]{2}$") => "language",
        Some("^[a-z][a-z0-9_]{0,63}$") => "name",
        _ => "key",
    };
    format!("{key} → {}", words(&schema["additionalProperties"]))
}

/// The scalars of the format, told apart by their patterns.
fn scalar(schema: &Json) -> &'static str {
    match (schema["type"].as_str(), schema["pattern"].as_str(), schema["format"].as_str()) {
        (_, Some("^[a-z][a-z0-9_]{0,63}$" | "^[a-z][a-z0-9_]*$"), _) => "a name",
        (_, Some("^[A-Za-z0-9_]{1,64}$"), _) => "a code",
        (_, Some(pattern), _) if pattern.starts_with("^[1-9][0-9]* (minutes") => "a span",
        (_, Some(pattern), _) if pattern.starts_with("^[1-9][0-9]* (rupees") => "a unit of money",
        (_, Some(pattern), _) if pattern.ends_with(" %$") => "a share: `25 %`",
        (_, Some(pattern), _) if pattern.contains("serial") => "a number format",
        (_, Some(pattern), _) if pattern.contains("open") => "an interval: `0 to 20`, `20 to open`",
        (_, Some(pattern), _) if pattern.contains("today") => "a day: `2026-04-01`, `today`, `today + 30 days`",
        (_, _, Some("date")) => "a day: `2026-04-01`",
        (None, ..) if schema["type"].is_array() => "an expression",
        (Some("boolean"), ..) => "`true` or `false`",
        (Some("integer"), ..) => "a whole number",
        (Some("number"), ..) if schema["multipleOf"].is_number() => "an amount in rupees",
        (Some("number"), ..) => "a number",
        (Some("string"), ..) => "text",
        other => panic!("no word for {other:?}: {schema}"),
    }
}
