//! A form as a JSON Schema 2020-12: the shape of answers that programs may send.
//!
//! The schema and [`super::accept`] agree on shape; what shape cannot say is left to `accept`: the
//! calendar's limits of days, the limits of amounts and decimals, which codes a long list or the
//! town has, and what a `when` asks for.

use serde_json::{Map as JsonMap, Value as Json, json};

use super::limit::LARGEST;
use super::{Field, Form, Kind, Options, Page};
use crate::base::Text;
use crate::base::limits::RECORD_NUMBER;

/// Codes of a list that a schema names one by one; of a longer list it tells only the shape.
const ENUMERATED: usize = 200;

/// What no text may hold, as in [`super::answer`]: control characters, signs that reorder text,
/// the byte-order mark. Line breaks are left out.
const FORBIDDEN: &str = r"\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff";

/// The schema of the answers of `role` in `language`; `None` is the applicant.
pub fn schema(form: &Form, role: Option<&str>, language: &str) -> Json {
    of_pages(form.pages_by(role), language)
}

/// The schema of the answers to a single page in `language`, as an action asks them.
pub fn page_schema(page: &Page, language: &str) -> Json {
    of_pages(std::iter::once(page), language)
}

fn of_pages<'a>(pages: impl Iterator<Item = &'a Page>, language: &str) -> Json {
    let mut object = JsonMap::new();
    let mut required: Vec<&str> = Vec::new();
    for page in pages {
        for field in &page.fields {
            object.insert(field.name.to_string(), of_field(field, language));
            if !field.optional && field.when.is_none() && page.when.is_none() {
                required.push(&field.name);
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object", "properties": object, "required": required, "additionalProperties": false,
    })
}

fn of_fields(fields: &[Field], language: &str) -> Json {
    let properties: JsonMap<String, Json> =
        fields.iter().map(|field| (field.name.to_string(), of_field(field, language))).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| !field.optional && field.when.is_none())
        .map(|field| field.name.as_str())
        .collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn of_field(field: &Field, language: &str) -> Json {
    let mut schema = of_kind(&field.kind, field.optional, language);
    schema["title"] = json!(field.label.in_language(language));
    if let Some(hint) = &field.hint {
        schema["description"] = json!(hint.in_language(language));
    }
    schema
}

fn of_kind(kind: &Kind, optional: bool, language: &str) -> Json {
    match kind {
        Kind::Text { min_length, max_length, lines, pattern } => {
            let breaks = if *lines > 1 { "" } else { r"\u000a" };
            let filled = if *min_length > 1 { format!(r"\S[\s\S]{{{},}}\S", min_length - 2) } else { r"\S".to_owned() };
            let filled = if optional { format!(r"^\s*$|{filled}") } else { filled };
            let mut all =
                vec![json!({ "pattern": format!("^[^{FORBIDDEN}{breaks}]*$") }), json!({ "pattern": filled })];
            if let Some(pattern) = pattern {
                let regex = pattern.regex.as_str();
                let regex = if optional { format!(r"^\s*$|{regex}") } else { regex.to_owned() };
                all.push(json!({ "pattern": regex, "examples": [pattern.example] }));
            }
            json!({ "type": "string", "maxLength": max_length, "allOf": all })
        }
        Kind::Number { min, max, .. } => {
            json!({ "type": "integer", "minimum": min.unwrap_or(-LARGEST), "maximum": max.unwrap_or(LARGEST) })
        }
        Kind::Decimal { places, .. } => exact(*places),
        Kind::Money { .. } => exact(2),
        Kind::Date { .. } => {
            json!({ "type": "string", "format": "date", "pattern": "^(1[89][0-9]{2}|2[01][0-9]{2}|2200)-[0-9]{2}-[0-9]{2}$" })
        }
        Kind::YesNo => json!({ "type": "boolean" }),
        Kind::Declaration if optional => json!({ "type": "boolean" }),
        Kind::Declaration => json!({ "const": true }),
        Kind::Choice { options } => code(options, language),
        Kind::Choices { options, min, max } => {
            json!({ "type": "array", "items": code(options, language), "uniqueItems": true, "minItems": min, "maxItems": max })
        }
        Kind::Phone => json!({ "type": "string", "pattern": "^[6-9][0-9]{9}$" }),
        Kind::Email => json!({ "type": "string", "pattern": EMAIL }),
        Kind::File { kinds, max_bytes } => file(kinds, *max_bytes, false),
        Kind::Photo { place, max_bytes } => file(&["jpeg".to_owned(), "png".to_owned()], *max_bytes, *place),
        Kind::Place { .. } => any_code(),
        Kind::Record { .. } => json!({ "type": "string", "maxLength": RECORD_NUMBER }),
        Kind::Point => point(),
        Kind::Rating => json!({ "type": "integer", "minimum": 1, "maximum": 5 }),
        Kind::List { min, max, fields } => {
            json!({ "type": "array", "items": of_fields(fields, language), "minItems": min, "maxItems": max })
        }
        Kind::Group { fields } => of_fields(fields, language),
    }
}

/// As [`super::answer::is_email`] reads it.
const EMAIL: &str = concat!(
    r"^(?=[^@]{1,64}@[^@]{1,189}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*",
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"
);

/// An exact number: text, or a whole number.
fn exact(places: u32) -> Json {
    json!({
        "type": ["string", "integer"],
        "pattern": format!(r"^-?(0|[1-9][0-9]{{0,14}})(\.[0-9]{{1,{places}}})?$"),
        "minimum": -LARGEST, "maximum": LARGEST,
    })
}

fn any_code() -> Json {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9_]{1,64}$" })
}

fn code(options: &Options, language: &str) -> Json {
    if options.count() > ENUMERATED {
        return any_code();
    }
    let one = |code: &str, words: &Text| json!({ "const": code, "title": words.in_language(language) });
    let all: Vec<Json> = match options {
        Options::Here(options) => options.iter().map(|(code, words)| one(code, words)).collect(),
        Options::List(list) => list.choices().map(|entry| one(&entry.code, &entry.label)).collect(),
    };
    json!({ "type": "string", "oneOf": all })
}

fn file(kinds: &[String], max_bytes: u64, place: bool) -> Json {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
    let mut properties = json!({
        "id": text, "name": text, "sha256": text,
        "kind": { "enum": kinds },
        "size": { "type": "integer", "minimum": 1, "maximum": max_bytes },
    });
    if place {
        properties["point"] = point();
    }
    json!({ "type": "object", "properties": properties, "required": ["id", "name", "kind", "size"], "additionalProperties": false })
}

fn point() -> Json {
    json!({ "type": "object", "properties": { "lat": exact(7), "long": exact(7) }, "required": ["lat", "long"], "additionalProperties": false })
}
