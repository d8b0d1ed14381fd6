//! Answers as rules see them: numbers as numbers, days as days, what was not answered as nothing.

use rhai::Dynamic;

use super::{Field, Form, Kind};
use crate::base::date::parse_day;
use crate::base::{Answers, Value};
use crate::rule::{Facts, Seen};

/// The answers of a case for its rules. Every field of the form is there; one that was not
/// answered, or was not asked, is `()`.
pub fn facts(form: &Form, answers: &Answers) -> Facts {
    of_fields(form.fields(), answers)
}

/// The answers to those fields of the form that are `wanted`, in the same way.
pub fn facts_among(form: &Form, answers: &Answers, wanted: impl Fn(&str) -> bool) -> Facts {
    of_fields(form.fields().filter(|field| wanted(&field.name)), answers)
}

/// Everything that a record knows: what the form asks too as rules see it there, the rest as it is kept.
pub(crate) fn facts_of_record(form: &Form, answers: &Answers) -> Facts {
    let mut facts = facts(form, answers);
    for (name, value) in answers.0.iter().filter(|(name, _)| form.field(name).is_none()) {
        facts.insert(name.as_str().into(), plain(value).into());
    }
    facts
}

/// The answers of a group, or of an item of a list, in the same way.
pub fn facts_of(fields: &[Field], answers: &Answers) -> Facts {
    of_fields(fields.iter(), answers)
}

fn of_fields<'a>(fields: impl Iterator<Item = &'a Field>, answers: &Answers) -> Facts {
    fields.map(|field| (field.name.as_str().into(), of(&field.kind, answers.get(&field.name)))).collect()
}

/// The answer to the question `name` of the form as conditions look at it.
pub fn seen<'a>(form: &'a Form, answers: &'a Answers, name: &str) -> Option<Seen<'a>> {
    form.field(name).map(|field| see(&field.kind, answers.get(name)))
}

/// One answer of this kind, for the interpreter.
pub(super) fn of(kind: &Kind, value: Option<&Value>) -> Dynamic {
    see(kind, value).into()
}

/// One answer of this kind.
pub(super) fn see<'a>(kind: &'a Kind, value: Option<&'a Value>) -> Seen<'a> {
    let Some(value) = value else { return Seen::Nothing };
    let group = |fields: &'a [Field], answers: &'a Answers| {
        Seen::Group(fields.iter().map(|field| (&*field.name, see(&field.kind, answers.get(&field.name)))).collect())
    };
    match (kind, value) {
        (Kind::Decimal { .. } | Kind::Money { .. }, value) => value.decimal().map_or(Seen::Nothing, Seen::Number),
        (Kind::Date { .. }, Value::Text(text)) => parse_day(text).map_or(Seen::Nothing, Seen::Day),
        (Kind::List { fields, .. }, Value::List(items)) => {
            let item = |item: &'a Value| match item {
                Value::Map(answers) => group(fields, answers),
                _ => Seen::Nothing,
            };
            Seen::Items(items.iter().map(item).collect())
        }
        (Kind::Group { fields }, Value::Map(answers)) => group(fields, answers),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> Seen<'_> {
    match value {
        Value::Text(text) => Seen::Text(text),
        Value::Int(number) => Seen::Whole(*number),
        Value::Flag(flag) => Seen::Flag(*flag),
        Value::List(items) => Seen::Items(items.iter().map(plain).collect()),
        Value::Map(map) => Seen::Group(map.0.iter().map(|(name, value)| (name.as_str(), plain(value))).collect()),
    }
}
