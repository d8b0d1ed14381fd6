//! Answers that will do: to try templates and rules with, and to fill scenarios and random walks.

use super::{Ctx, DayLimit, Field, Form, Kind, Options};
use crate::base::{Answers, Day, Value};
use crate::list::List;

/// Answers of every page and everybody that [`super::accept`] takes, as long as the town has a
/// place of each level that is asked. `chance` is asked for a whole number below its argument and
/// makes the answers differ; `|_| 0` gives the plainest.
pub fn sample(form: &Form, ctx: &Ctx<'_>, chance: &mut dyn FnMut(usize) -> usize) -> Answers {
    fields(form.fields(), ctx, chance)
}

fn fields<'a>(fields: impl Iterator<Item = &'a Field>, ctx: &Ctx<'_>, chance: &mut dyn FnMut(usize) -> usize) -> Answers {
    let mut answers = Answers::default();
    for field in fields {
        if let Some(value) = value(&field.kind, ctx, chance) {
            answers.set(&field.name, value);
        }
    }
    answers
}

/// One answer of this kind; `None` if there is nothing to choose from.
pub fn value(kind: &Kind, ctx: &Ctx<'_>, chance: &mut dyn FnMut(usize) -> usize) -> Option<Value> {
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    match kind {
        Kind::Text { pattern: Some(pattern), .. } => text(&pattern.example),
        Kind::Text { min_length, max_length, .. } => Some(Value::Text("Asha Rao of Fort Road ".repeat(min_length / 22 + 1).chars().take(*max_length).collect::<String>().trim().to_owned())),
        Kind::Number { min, max } => {
            let least = min.unwrap_or(1);
            let room = usize::try_from(max.unwrap_or(least + 20) - least).unwrap_or(0).min(1_000);
            Some(Value::Int(least + i64::try_from(chance(room + 1)).unwrap_or(0)))
        }
        Kind::Decimal { min, max, .. } => text(&min.or(*max).unwrap_or(rust_decimal::Decimal::TEN).to_string()),
        Kind::Money { min, max } => text(&min.or(*max).map_or_else(|| (100 + chance(900)).to_string(), |amount| amount.to_string())),
        Kind::Date { min, max } => Some(Value::Text(day(*min, *max, ctx.today, chance).to_string())),
        Kind::YesNo => Some(Value::Flag(chance(2) == 0)),
        Kind::Declaration => Some(Value::Flag(true)),
        Kind::Choice { options } => code(options, chance).map(Value::Text),
        Kind::Choices { options, min, max } => {
            let start = chance(options.count().max(1));
            let count = (*min).max(1).min(*max);
            let codes = codes(options);
            Some(Value::List((0..count).filter_map(|index| codes.get((start + index) % codes.len().max(1))).map(|code| Value::Text((*code).to_owned())).collect()))
        }
        Kind::Phone => Some(Value::Text(format!("98765{:05}", chance(100_000)))),
        Kind::Email => text("asha@example.org"),
        Kind::File { kinds, .. } => Some(file(kinds.first().map_or("pdf", String::as_str))),
        Kind::Photo { .. } => Some(file("jpeg")),
        Kind::Place { level } => place(ctx.places, level, chance).map(Value::Text),
        Kind::Point => Some(Value::Map(map(&[("lat", "30.3165"), ("long", "78.0322")]))),
        Kind::Rating => Some(Value::Int(1 + i64::try_from(chance(5)).unwrap_or(0))),
        Kind::List { min, max, fields: inner } => {
            let count = (*min).max(1).min(*max);
            Some(Value::List((0..count).map(|_| Value::Map(fields(inner.iter(), ctx, chance))).collect()))
        }
        Kind::Group { fields: inner } => Some(Value::Map(fields(inner.iter(), ctx, chance))),
    }
}

fn map(pairs: &[(&str, &str)]) -> Answers {
    Answers(pairs.iter().map(|(name, text)| ((*name).to_owned(), Value::Text((*text).to_owned()))).collect())
}

/// A file that nobody sent, of a `kind`.
pub fn file(kind: &str) -> Value {
    let mut file = map(&[("id", "sample"), ("name", &format!("sample.{kind}")), ("kind", kind)]);
    file.set("size", Value::Int(1_000));
    Value::Map(file)
}

fn day(min: Option<DayLimit>, max: Option<DayLimit>, today: Day, chance: &mut dyn FnMut(usize) -> usize) -> Day {
    let (min, max) = (min.map(|limit| limit.day(today)), max.map(|limit| limit.day(today)));
    let (first, last) = match (min, max) {
        (Some(min), Some(max)) => (min, max),
        (Some(min), None) => (min, crate::base::date::add_days(min, 30)),
        (None, max) => (crate::base::date::add_days(max.unwrap_or(today), -30), max.unwrap_or(today)),
    };
    let room = usize::try_from((last - first).num_days()).unwrap_or(0).min(365);
    crate::base::date::add_days(last, -i64::try_from(chance(room + 1)).unwrap_or(0))
}

fn codes(options: &Options) -> Vec<&str> {
    match options {
        Options::Here(options) => options.iter().map(|(code, _)| code.as_str()).collect(),
        Options::List(list) => list.choices().map(|entry| entry.code.as_str()).collect(),
    }
}

fn code(options: &Options, chance: &mut dyn FnMut(usize) -> usize) -> Option<String> {
    let codes = codes(options);
    codes.get(chance(codes.len().max(1))).map(|code| (*code).to_owned())
}

fn place(places: &List, level: &str, chance: &mut dyn FnMut(usize) -> usize) -> Option<String> {
    let there: Vec<&str> = places.entries.iter().filter(|place| place.level() == Some(level)).map(|place| place.code.as_str()).collect();
    there.get(chance(there.len().max(1))).map(|code| (*code).to_owned())
}
