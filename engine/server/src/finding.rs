//! How a case is found: the place it concerns, and the answers that may be searched.

use engine::base::{Answers, Value};
use engine::form::{Field, Form, Kind};
use engine::list::List;
use engine::tenant::Tenant;

use crate::store::found::place_term;
use crate::store::paired;

/// The code of the place that a case concerns: the first place that was answered; empty for none.
pub fn place<'a>(form: &Form, answers: &'a Answers) -> &'a str {
    place_in(form.all_pages().flat_map(|page| &page.fields), answers).unwrap_or_default()
}

fn place_in<'f, 'a>(fields: impl IntoIterator<Item = &'f Field>, answers: &'a Answers) -> Option<&'a str> {
    fields.into_iter().find_map(|field| match (&field.kind, answers.get(&field.name)?) {
        (Kind::Place { .. }, Value::Text(code)) => Some(code.as_str()),
        (Kind::Group { fields }, Value::Map(group)) => place_in(fields, group),
        _ => None,
    })
}

/// The ward of a place: the one right above it, or itself where there is none. Empty for nowhere.
pub fn ward<'a>(tenant: &'a Tenant, place: &'a str) -> &'a str {
    tenant.places.ancestry(place).take(2).last().map_or(place, |entry| entry.code.as_str())
}

/// What the applicant calls it: the first words that were answered and may be searched; empty for none.
pub fn called<'a>(form: &Form, answers: &'a Answers) -> &'a str {
    let fields = form.all_pages().filter(|page| page.by.is_none()).flat_map(|page| &page.fields);
    first_words(fields, answers, |_| true).unwrap_or_default()
}

/// The name of a person by which answers are found: the first personal words that may be searched; empty for none.
pub fn person<'a>(form: &Form, answers: &'a Answers) -> &'a str {
    let fields = form.all_pages().flat_map(|page| &page.fields);
    first_words(fields, answers, |field| field.personal).unwrap_or_default()
}

/// The first words that may be searched and answer a `wanted` question, those in groups and lists among them.
fn first_words<'f, 'a>(
    fields: impl IntoIterator<Item = &'f Field>,
    answers: &'a Answers,
    wanted: fn(&Field) -> bool,
) -> Option<&'a str> {
    fields.into_iter().find_map(|field| match (&field.kind, answers.get(&field.name)?) {
        (Kind::Text { .. }, Value::Text(text)) if field.searchable.alone() && wanted(field) => Some(text.as_str()),
        (Kind::Group { fields }, Value::Map(group)) => first_words(fields, group, wanted),
        (Kind::List { fields, .. }, Value::List(items)) => items.iter().find_map(|item| match item {
            Value::Map(item) => first_words(fields, item, wanted),
            _ => None,
        }),
        _ => None,
    })
}

/// The answers to fields that may be searched: path, text.
pub fn terms(form: &Form, answers: &Answers) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in &form.pages {
        collect("", &page.fields, answers, &mut found);
    }
    found
}

/// The answers that are found together with another one beside them, or with the place: path, and the term of both.
pub fn pairs(form: &Form, answers: &Answers, places: &List) -> Vec<(String, String)> {
    let (mut found, code) = (Vec::new(), place(form, answers));
    for page in &form.pages {
        beside("", &page.fields, answers, (places, code), &mut found);
    }
    found
}

/// The same of one level of questions; the place is that of this level, or of the one around it.
fn beside<'a>(
    prefix: &str,
    fields: &'a [Field],
    answers: &'a Answers,
    (places, around): (&List, &'a str),
    found: &mut Vec<(String, String)>,
) {
    let code = fields.iter().find_map(|field| match (&field.kind, answers.get(&field.name)) {
        (Kind::Place { .. }, Some(Value::Text(code))) => Some(code.as_str()),
        _ => None,
    });
    let code = code.unwrap_or(around);
    let words: Vec<(&Field, &str)> = fields
        .iter()
        .filter(|field| field.searchable.with_place())
        .filter_map(|field| Some((field, answers.text(&field.name)?)))
        .collect();
    let labels = places.get(code).into_iter().flat_map(|entry| {
        let translated = entry.label.translations.iter().map(|(_, words)| words.as_str());
        std::iter::once(entry.label.written.as_str()).chain(translated)
    });
    let labels: Vec<&str> = labels.collect();
    for (field, text) in &words {
        let others = words.iter().filter(|(other, _)| other.name != field.name).map(|(_, text)| *text);
        let terms = paired::terms(text, others.chain(labels.iter().copied()));
        found.extend(terms.into_iter().map(|term| (path(prefix, field), term)));
    }
    for field in fields {
        match (&field.kind, answers.get(&field.name)) {
            (Kind::Group { fields }, Some(Value::Map(group))) => {
                beside(&path(prefix, field), fields, group, (places, code), found);
            }
            (Kind::List { fields, .. }, Some(Value::List(items))) => {
                for (index, item) in items.iter().enumerate() {
                    if let Value::Map(item) = item {
                        beside(&format!("{}.{index}", path(prefix, field)), fields, item, (places, code), found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The path of a question below another one.
fn path(prefix: &str, field: &Field) -> String {
    if prefix.is_empty() { field.name.to_string() } else { format!("{prefix}.{}", field.name) }
}

fn collect(prefix: &str, fields: &[Field], answers: &Answers, found: &mut Vec<(String, String)>) {
    for field in fields {
        match (&field.kind, answers.get(&field.name)) {
            (Kind::Group { fields }, Some(Value::Map(group))) => collect(&path(prefix, field), fields, group, found),
            (Kind::List { fields, .. }, Some(Value::List(items))) => {
                for (index, item) in items.iter().enumerate() {
                    if let Value::Map(item) = item {
                        collect(&format!("{}.{index}", path(prefix, field)), fields, item, found);
                    }
                }
            }
            (_, Some(Value::Text(text))) if field.searchable.alone() => found.push((path(prefix, field), text.clone())),
            (_, Some(Value::Int(number))) if field.searchable.alone() => {
                found.push((path(prefix, field), number.to_string()));
            }
            _ => {}
        }
    }
}

/// What a record can be found by: its searchable answers, those that are found with another word, the words for the place among them, and the ward, in
/// which people look for a name: the place right above, or the place itself where there is none above.
pub fn record_terms(form: &Form, answers: &Answers, places: &List) -> Vec<(String, String)> {
    let mut found = terms(form, answers);
    found.extend(pairs(form, answers, places));
    let code = place(form, answers);
    if let Some(entry) = places.get(code) {
        found.push(("place".to_owned(), entry.label.written.clone()));
        let ward = places.ancestry(code).take(2).last();
        found.extend(ward.map(|ward| ("place".to_owned(), place_term(&ward.code))));
        found.extend(entry.label.translations.iter().map(|(_, words)| ("place".to_owned(), words.clone())));
    }
    found
}
