//! Answers as rules see them: numbers as numbers, days as days, what was not answered as nothing.

use rhai::Dynamic;

use super::{Field, Form, Kind};
use crate::base::date::parse_day;
use crate::base::{Answers, Value};
use crate::rule::Facts;

/// The answers of a case for its rules. Every field of the form is there; one that was not
/// answered, or was not asked, is `()`.
pub fn facts(form: &Form, answers: &Answers) -> Facts {
    of_fields(form.fields(), answers)
}

/// The answers of a group, or of an item of a list, in the same way.
pub fn facts_of(fields: &[Field], answers: &Answers) -> Facts {
    of_fields(fields.iter(), answers)
}

fn of_fields<'a>(fields: impl Iterator<Item = &'a Field>, answers: &Answers) -> Facts {
    fields.map(|field| (field.name.as_str().into(), of(&field.kind, answers.get(&field.name)))).collect()
}

/// One answer of this kind.
pub(super) fn of(kind: &Kind, value: Option<&Value>) -> Dynamic {
    let Some(value) = value else { return Dynamic::UNIT };
    match (kind, value) {
        (Kind::Decimal { .. } | Kind::Money { .. }, value) => {
            value.decimal().map_or(Dynamic::UNIT, Dynamic::from_decimal)
        }
        (Kind::Date { .. }, Value::Text(text)) => parse_day(text).map_or(Dynamic::UNIT, Dynamic::from),
        (Kind::List { fields, .. }, Value::List(items)) => {
            let item = |item: &Value| match item {
                Value::Map(map) => Dynamic::from_map(of_fields(fields.iter(), map)),
                _ => Dynamic::UNIT,
            };
            Dynamic::from_array(items.iter().map(item).collect())
        }
        (Kind::Group { fields }, Value::Map(map)) => Dynamic::from_map(of_fields(fields.iter(), map)),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> Dynamic {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Int(number) => Dynamic::from_int(*number),
        Value::Flag(flag) => Dynamic::from_bool(*flag),
        Value::List(items) => Dynamic::from_array(items.iter().map(plain).collect()),
        Value::Map(map) => {
            Dynamic::from_map(map.0.iter().map(|(name, value)| (name.as_str().into(), plain(value))).collect())
        }
    }
}
