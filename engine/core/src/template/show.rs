//! Answers as people write them, in the reader's language.

use std::collections::BTreeMap;

use super::format;
use crate::base::date::parse_day;
use crate::base::{Answers, Money, Value};
use crate::form::{Field, Kind, Options, counted_in};
use crate::list::List;
use crate::tenant::{Currency, Tenant};

/// For whom something is written.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The reader's language.
    pub language: &'a str,
    /// How money is written.
    pub currency: &'a Currency,
    /// The places of the town.
    pub places: &'a List,
    /// The product's own words in the reader's language, by key: `field.yes`, `field.no` and what templates
    /// ask for with `{{t "…"}}`.
    pub words: &'a BTreeMap<String, String>,
}

impl<'a> Look<'a> {
    /// A reader of `language` in `tenant`.
    pub fn new(tenant: &'a Tenant, language: &'a str, words: &'a BTreeMap<String, String>) -> Self {
        Self { language, currency: &tenant.currency, places: &tenant.places, words }
    }

    /// A word of the product; the key itself where there is none.
    pub fn word(&self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// An answer in words; empty for what is not words (a point is its two numbers).
    pub fn answer(&self, field: &Field, value: &Value) -> String {
        match (&field.kind, value) {
            (Kind::Date { .. }, Value::Text(text)) => parse_day(text).map_or_else(|| text.clone(), format::day),
            (Kind::Money { .. }, Value::Text(text)) => {
                Money::parse(text).map_or_else(|| text.clone(), |money| format::money(money, self.currency))
            }
            (Kind::YesNo | Kind::Declaration, Value::Flag(flag)) => {
                self.word(if *flag { "field.yes" } else { "field.no" }).to_owned()
            }
            (Kind::Choice { options } | Kind::Choices { options, .. }, Value::Text(code)) => self.option(options, code),
            (Kind::Choices { options, .. }, Value::List(codes)) => {
                let labels = codes.iter().filter_map(|code| {
                    if let Value::Text(code) = code { Some(self.option(options, code)) } else { None }
                });
                labels.collect::<Vec<_>>().join(", ")
            }
            (Kind::Place { .. }, Value::Text(code)) => self.place(code),
            (Kind::Group { fields }, Value::Map(group)) => self.group(fields, group),
            (Kind::List { fields, .. }, Value::List(items)) => {
                let shown = items
                    .iter()
                    .filter_map(|item| if let Value::Map(item) = item { Some(self.group(fields, item)) } else { None });
                shown.collect::<Vec<_>>().join("; ")
            }
            (Kind::File { .. } | Kind::Photo { .. }, Value::Map(file)) => {
                file.text("name").unwrap_or_default().to_owned()
            }
            (Kind::Point, Value::Map(point)) => {
                let part = |name: &str| point.text(name).unwrap_or_default().to_owned();
                format!("{}, {}", part("latitude"), part("longitude"))
            }
            (_, Value::Text(text)) => text.clone(),
            (_, Value::Int(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// A group in one line: what was answered of it, in the order it is asked. A number, a yes or
    /// a no comes with its question, since alone it says nothing.
    pub fn group(&self, fields: &[Field], group: &Answers) -> String {
        let shown = fields.iter().filter_map(|field| {
            let text = self.counted(field, fields, group)?;
            let asked = field.label.in_language(self.language).trim_end_matches(['?', ' ']);
            let bare =
                matches!(field.kind, Kind::YesNo | Kind::Number { .. } | Kind::Decimal { .. } | Kind::Money { .. });
            Some(if bare { format!("{asked}: {text}") } else { text })
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    /// What was answered to a question among `siblings`, a number with what it is counted in; `None` if there is
    /// nothing to show.
    pub fn counted(&self, field: &Field, siblings: &[Field], answers: &Answers) -> Option<String> {
        let text = self.answer(field, answers.get(&field.name)?);
        if text.is_empty() {
            return None;
        }
        let unit = counted_in(field, siblings, |name| answers.text(name).map(str::to_owned));
        Some(match unit {
            Some(unit) => format!("{text} {}", unit.in_language(self.language)),
            None => text,
        })
    }

    fn option(&self, options: &Options, code: &str) -> String {
        let label = match options {
            Options::Here(options) => options.iter().find(|(known, _)| known == code).map(|(_, label)| label),
            Options::List(list) => list.get(code).map(|entry| &entry.label),
        };
        label.map_or(code, |label| label.in_language(self.language)).to_owned()
    }

    /// A place with the one it lies in, unless that is a whole part of the town.
    fn place(&self, code: &str) -> String {
        let mut names = self.places.ancestry(code).filter(|entry| entry.depth > 0 || entry.code == code).take(2);
        let first = names.next().map_or(code, |entry| entry.label.in_language(self.language));
        match names.next() {
            Some(above) => format!("{first}, {}", above.label.in_language(self.language)),
            None => first.to_owned(),
        }
    }
}
