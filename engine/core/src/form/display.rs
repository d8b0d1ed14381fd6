//! Answers as people read them.

use super::{Field, Form, Kind, counted_in, mask};
use crate::base::date::parse_day;
use crate::base::{Answers, Money, Name, Value, format};
use crate::list::List;
use crate::tenant::Currency;

/// How answers are shown.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// The reader's language.
    pub language: &'a str,
    /// How money is written.
    pub currency: &'a Currency,
    /// The places of the town.
    pub places: &'a List,
    /// The words for yes and no in the reader's language.
    pub yes_no: (&'a str, &'a str),
    /// Whether personal answers are masked.
    pub masked: bool,
}

/// The answers of one page, under its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The page.
    pub page: Name,
    /// Its heading.
    pub title: String,
    /// Its answers.
    pub rows: Vec<Row>,
}

/// One question and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Dotted path of the answer: `owners.0.name`.
    pub path: String,
    /// The question.
    pub label: String,
    /// The answer in one line; empty if there is none.
    pub value: String,
    /// The answers inside a group; for a repeated group one row for each item.
    pub inner: Vec<Row>,
    /// The id of the file, where the answer is one.
    pub file: Option<String>,
    /// Whether it tells something about a person.
    pub personal: bool,
}

/// What a question says of its answer, or one around it.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    personal: bool,
    sensitive: bool,
}

impl Told {
    fn by(self, field: &Field) -> Self {
        Self { personal: self.personal || field.personal, sensitive: self.sensitive || field.sensitive }
    }
}

/// What `role` was asked and answered, page by page, without pages and questions that were not
/// asked. `None` is the applicant.
pub fn sections(form: &Form, role: Option<&str>, answers: &Answers, style: &Style<'_>) -> Vec<Section> {
    let section = |page: &super::Page| {
        let rows = rows(&page.fields, answers, "", Told::default(), style);
        let asked = page.when.is_none() || rows.iter().any(|row| !row.value.is_empty());
        (asked && !rows.is_empty()).then(|| Section {
            page: page.name.clone(),
            title: page.title.in_language(style.language).to_owned(),
            rows,
        })
    };
    form.pages_by(role).filter_map(section).collect()
}

fn rows(fields: &[Field], answers: &Answers, prefix: &str, told: Told, style: &Style<'_>) -> Vec<Row> {
    let row = |field: &Field| {
        let value = answers.get(&field.name);
        // A question with a condition and without an answer was not asked, or might have been left out.
        if value.is_none() && field.when.is_some() {
            return None;
        }
        let path = format!("{prefix}{}", field.name);
        let mut row = row(field, value, path, told, style);
        let unit = counted_in(field, fields, |name| answers.text(name).map(str::to_owned));
        if let Some(unit) = unit.filter(|_| !row.value.is_empty()) {
            row.value = format!("{} {}", row.value, unit.in_language(style.language));
        }
        Some(row)
    };
    fields.iter().filter_map(row).collect()
}

fn row(field: &Field, value: Option<&Value>, path: String, told: Told, style: &Style<'_>) -> Row {
    let told = told.by(field);
    let personal = told.personal;
    let mut row = Row { label: field.label.in_language(style.language).to_owned(), personal, ..Row::default() };
    match (&field.kind, value) {
        (Kind::Group { fields }, Some(Value::Map(inner))) => {
            row.inner = rows(fields, inner, &format!("{path}."), told, style);
        }
        (Kind::List { fields, .. }, Some(Value::List(items))) => {
            let item = |(index, item): (usize, &Value)| {
                let Value::Map(inner) = item else { return None };
                let path = format!("{path}.{index}");
                let inner = rows(fields, inner, &format!("{path}."), told, style);
                Some(Row { path, label: row.label.clone(), value: joined(&inner), inner, personal, ..Row::default() })
            };
            row.inner = items.iter().enumerate().filter_map(item).collect();
        }
        // Not even the file is there to be opened.
        (_, Some(_)) if told.sensitive && style.masked => mask::WHOLE.clone_into(&mut row.value),
        (kind, Some(value)) => {
            row.value = one(kind, value, style);
            if personal && style.masked {
                row.value = mask(kind, &row.value);
            }
            if let (Kind::File { .. } | Kind::Photo { .. }, Value::Map(file)) = (kind, value) {
                row.file = file.text("id").map(str::to_owned);
            }
        }
        (_, None) => {}
    }
    if !row.inner.is_empty() {
        row.value = joined(&row.inner);
    }
    row.path = path;
    row
}

fn joined(rows: &[Row]) -> String {
    rows.iter().map(|row| row.value.as_str()).filter(|value| !value.is_empty()).collect::<Vec<_>>().join(", ")
}

/// One answer in one line. A group's answers are joined by commas.
pub fn show(field: &Field, value: &Value, style: &Style<'_>) -> String {
    row(field, Some(value), String::new(), Told::default(), style).value
}

fn one(kind: &Kind, value: &Value, style: &Style<'_>) -> String {
    let label = |code: &str| match kind {
        Kind::Choice { options } | Kind::Choices { options, .. } => {
            options.label(code).map(|words| words.in_language(style.language))
        }
        _ => style.places.get(code).map(|place| place.label.in_language(style.language)),
    };
    match (kind, value) {
        (Kind::Choice { .. }, Value::Text(code)) => label(code).unwrap_or(code).to_owned(),
        (Kind::Choices { .. }, Value::List(codes)) => {
            let words =
                codes.iter().map(|code| if let Value::Text(code) = code { label(code).unwrap_or(code) } else { "" });
            words.collect::<Vec<_>>().join(", ")
        }
        (Kind::Place { .. }, Value::Text(code)) => place(code, style),
        (Kind::Date { .. }, Value::Text(text)) => parse_day(text).map_or_else(|| text.clone(), format::date),
        (Kind::Money { .. }, value) => {
            let amount =
                value.decimal().and_then(|rupees| Money::from_rupees(rupees, crate::base::money::Rounding::HalfUp));
            amount.map_or_else(String::new, |amount| {
                format::money(amount, &style.currency.symbol, style.currency.indian_grouping)
            })
        }
        (Kind::Number { grouped: true, .. }, Value::Int(number)) => {
            format::grouped(&number.to_string(), style.currency.indian_grouping)
        }
        (Kind::Decimal { .. }, Value::Text(number)) => {
            let (whole, fraction) =
                number.split_once('.').map_or((number.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
            let whole = format::grouped(whole, style.currency.indian_grouping);
            fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}"))
        }
        (Kind::Rating, Value::Int(number)) => format!("{number} / 5"),
        (_, Value::Flag(flag)) => if *flag { style.yes_no.0 } else { style.yes_no.1 }.to_owned(),
        (Kind::File { .. } | Kind::Photo { .. }, Value::Map(file)) => match (file.text("name"), file.get("point")) {
            (name, Some(Value::Map(point))) => format!("{} ({})", name.unwrap_or(""), degrees(point)),
            (name, _) => name.unwrap_or("").to_owned(),
        },
        (Kind::Point, Value::Map(point)) => degrees(point),
        (_, Value::Text(text)) => text.clone(),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::List(_) | Value::Map(_)) => String::new(),
    }
}

fn degrees(point: &Answers) -> String {
    [point.text("lat"), point.text("long")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A place with what it lies in, but not the whole town: *Rajpur Road, Ward 1*.
fn place(code: &str, style: &Style<'_>) -> String {
    let names: Vec<&str> = style
        .places
        .ancestry(code)
        .filter(|place| place.parent.is_some())
        .map(|place| place.label.in_language(style.language))
        .collect();
    if names.is_empty() {
        style.places.get(code).map_or(code, |place| place.label.in_language(style.language)).to_owned()
    } else {
        names.join(", ")
    }
}
