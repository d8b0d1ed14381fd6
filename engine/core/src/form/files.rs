//! The schemas of the files of this part, for editors.

use serde_json::{Value as Json, json};

/// The JSON Schema of `form.yaml`.
pub fn file_schema() -> Json {
    crate::source::shape::document::<super::yaml::FormYaml>("The questions of a service")
}

/// The JSON Schema of a file of `fieldsets/`.
pub fn fieldset_schema() -> Json {
    crate::source::shape::document::<super::yaml::FieldsetYaml>("Questions that many forms ask")
}

/// The JSON Schema of a file of `fieldsets/locales/`.
pub fn fieldset_locale_schema() -> Json {
    let words = json!({ "anyOf": [
        { "type": "string", "minLength": 1 },
        {
            "type": "object", "additionalProperties": false,
            "properties": {
                "label": { "type": "string", "minLength": 1, "description": "The question." },
                "hint": { "type": "string", "minLength": 1, "description": "One short sentence of help." },
                "purpose": { "type": "string", "minLength": 1, "description": "What the answer is needed for." },
                "unit": { "type": "string", "minLength": 1, "description": "In what is counted." },
                "options": { "type": "object", "additionalProperties": { "type": "string", "minLength": 1 }, "description": "Words by code." },
                "fields": { "$ref": "#/$defs/fields", "description": "The questions inside." },
            },
        },
    ] });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The words of fieldsets in another language",
        "description": "Words by the name of the fieldset, and in it by the name of the question.",
        "type": "object",
        "propertyNames": { "pattern": "^[a-z][a-z0-9_]{0,63}$" },
        "additionalProperties": { "$ref": "#/$defs/fields" },
        "$defs": { "fields": { "type": "object", "propertyNames": { "pattern": "^[a-z][a-z0-9_]{0,63}$" }, "additionalProperties": words } },
    })
}
