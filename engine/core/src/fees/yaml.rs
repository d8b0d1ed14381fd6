//! `rates.yaml` as the author wrote it.

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::table_yaml::TableYaml;
use crate::base::{Day, Name};
use crate::source::checks::{missing_key, wrong_shape};
use crate::source::scalar::{Code, Scalar};
use crate::source::shape::{Definitions, Key};
use crate::source::{At, Diagnostics, Node, NodeKind, Shape, Where, Words};

/// One schedule.
#[derive(Clone, Debug)]
pub(super) struct ScheduleYaml {
    pub(super) at: Where,
    pub(super) from: At<Day>,
    pub(super) authority: Words,
    pub(super) model: bool,
    pub(super) values: Vec<(At<Name>, RateYaml)>,
}

/// One rate.
#[derive(Clone, Debug)]
pub(super) enum RateYaml {
    Number(Decimal),
    Word(At<String>),
    Map(Vec<(At<Code>, RateYaml)>),
    Table(Box<TableYaml>),
}

const FROM: &str = "the first day on which these rates are in force";
const AUTHORITY: &str = "who set these rates, and when";

impl Shape for ScheduleYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            out.push(wrong_shape::diagnostic(
                node,
                "a schedule of rates",
                "{ from: 2026-04-01, authority: …, application_fee: 150 }",
            ));
            return None;
        };
        let from = required(node, "from", FROM, out);
        let authority = required(node, "authority", AUTHORITY, out);
        let model = node.get("model").map_or(Some(false), |node| At::<bool>::read(node, out).map(|model| model.value));
        let mut values = Vec::new();
        let mut complete = true;
        for (key, value) in
            entries.iter().filter(|(key, _)| !["from", "authority", "model"].contains(&key.value.as_str()))
        {
            match (Name::read_key(key, out), RateYaml::read(value, out)) {
                (Some(name), Some(value)) => values.push((At::new(name, key.at.clone()), value)),
                _ => complete = false,
            }
        }
        complete.then_some(())?;
        Some(Self { at: node.head.clone(), from: from?, authority: authority?, model: model?, values })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let rate = RateYaml::schema(definitions);
        json!({
            "type": "object",
            "description": "Rates as one authority notified them, in force from a day until the next schedule.",
            "properties": {
                "from": described(At::<Day>::schema(definitions), FROM),
                "authority": described(Words::schema(definitions), AUTHORITY),
                "model": described(At::<bool>::schema(definitions), "whether the figures are a model that a town has yet to replace"),
            },
            "required": ["from", "authority"],
            "propertyNames": { "pattern": Name::PATTERN },
            "additionalProperties": rate,
        })
    }
}

fn described(mut schema: Json, words: &str) -> Json {
    schema["description"] = json!(words);
    schema
}

/// Reads a key that must be there.
pub(super) fn required<T: Shape>(node: &Node, key: &str, meaning: &str, out: &mut Diagnostics) -> Option<T> {
    let Some(value) = node.get(key) else {
        out.push(missing_key::diagnostic(key, meaning, &node.head));
        return None;
    };
    T::read(value, out)
}

impl Shape for RateYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar { text, quoted } => {
                let number = Decimal::parse(text, *quoted).map(Self::Number);
                number.or_else(|| At::<String>::read(node, out).map(Self::Word))
            }
            NodeKind::Map(_) if node.get("keys").is_some() || node.get("rows").is_some() => {
                TableYaml::read(node, out).map(|table| Self::Table(Box::new(table)))
            }
            NodeKind::Map(entries) => {
                let read: Vec<Option<_>> = entries
                    .iter()
                    .map(|(key, value)| match (Code::read_key(key, out), Self::read(value, out)) {
                        (Some(code), Some(value)) => Some((At::new(code, key.at.clone()), value)),
                        _ => None,
                    })
                    .collect();
                read.into_iter().collect::<Option<_>>().map(Self::Map)
            }
            NodeKind::List(_) => {
                out.push(wrong_shape::diagnostic(node, "a number, a word, a map by code or a table", "150"));
                None
            }
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let reference = json!({ "$ref": "#/$defs/rate" });
        if !definitions.contains_key("rate") {
            definitions.insert("rate".to_owned(), Json::Null);
            let table = TableYaml::schema(definitions);
            let rate = json!({
                "description": "A number, a word, rates by code, or a table.",
                "anyOf": [
                    { "type": "number" },
                    { "type": "string", "minLength": 1 },
                    table,
                    {
                        "type": "object",
                        "propertyNames": { "pattern": Code::PATTERN },
                        "not": { "anyOf": [{ "required": ["keys"] }, { "required": ["rows"] }] },
                        "additionalProperties": reference,
                    },
                ],
            });
            definitions.insert("rate".to_owned(), rate);
        }
        reference
    }
}

/// The JSON Schema of `rates.yaml`.
pub fn schema() -> Json {
    crate::source::shape::document::<Vec<ScheduleYaml>>("Rates of a service, the latest schedule first")
}
