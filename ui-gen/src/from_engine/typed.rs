//! What people typed: read from a form, kept, and brought into the shape of answers.
//!
//! Leaves are text as typed; a date is `{ day, month, year }`, a point `{ lat, long }`, several codes
//! a list, a file what was stored of it (`id`, `name`, `kind`, `size`, `sha256`, and for a photo
//! `lat`, `long`, which may be there before the file). In a list, `_open` beside it tells the item
//! whose questions are on the page.

use std::collections::BTreeMap;

use engine::base::{Answers, Value};
use engine::form::{Field, Kind, html};
use serde_json::{Map, Value as Json, json};

use super::path;

/// What a form sent: name to values, in the order of sending.
pub type Sent = BTreeMap<String, Vec<String>>;

/// The parts of what was typed.
pub type Typed = Map<String, Json>;

/// Two values came for a question that has one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated(pub String);

/// Answers as their author would type them.
pub fn of_answers(fields: &[Field], answers: &Answers) -> Typed {
    fields
        .iter()
        .filter_map(|field| Some((field.name.to_string(), of_value(field, answers.get(&field.name)?))))
        .collect()
}

fn of_value(field: &Field, value: &Value) -> Json {
    match (&field.kind, value) {
        (Kind::Date { .. }, Value::Text(text)) => {
            let mut parts = text.splitn(3, '-');
            let [year, month, day] = [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
            json!({ "day": day.trim_start_matches('0'), "month": month.trim_start_matches('0'), "year": year })
        }
        (Kind::YesNo | Kind::Declaration, Value::Flag(flag)) => Json::from(if *flag { "yes" } else { "no" }),
        (Kind::Group { fields }, Value::Map(group)) => Json::Object(of_answers(fields, group)),
        (Kind::List { fields, .. }, Value::List(items)) => {
            let item = |item: &Value| match item {
                Value::Map(map) => Json::Object(of_answers(fields, map)),
                _ => json!({}),
            };
            Json::Array(items.iter().map(item).collect())
        }
        (Kind::Photo { .. }, Value::Map(file)) => {
            let mut typed = file.to_json();
            if let Some(point) = typed.as_object_mut().and_then(|file| file.remove("point")) {
                typed["lat"] = point["lat"].clone();
                typed["long"] = point["long"].clone();
            }
            typed
        }
        (Kind::Number { .. } | Kind::Rating, Value::Int(number)) => Json::from(number.to_string()),
        (_, value) => value.to_json(),
    }
}

/// Puts what a form sent into what was typed before. A question that the form did not show was not
/// sent, and stays as it was; boxes to tick are sent only when they are ticked.
pub fn take(fields: &[Field], typed: &mut Typed, sent: &Sent) -> Result<(), Repeated> {
    take_at("", fields, typed, sent)
}

fn take_at(prefix: &str, fields: &[Field], typed: &mut Typed, sent: &Sent) -> Result<(), Repeated> {
    for field in fields {
        let at = path(prefix, &field.name);
        match &field.kind {
            Kind::Group { fields } => {
                let mut inner = object(typed.remove(field.name.as_str()));
                take_at(&at, fields, &mut inner, sent)?;
                typed.insert(field.name.to_string(), Json::Object(inner));
            }
            Kind::List { min, fields, .. } => {
                let mut items = list(typed.remove(field.name.as_str()));
                let opened = |at: &str| sent.get("_open").is_some_and(|open| open.iter().any(|one| one == at));
                // The first entry of what needs one is on the page before anything is kept of it.
                if items.is_empty() && *min > 0 && opened(&path(&at, "0")) {
                    items.push(json!({}));
                }
                for (index, item) in items.iter_mut().enumerate() {
                    let at = path(&at, &index.to_string());
                    if opened(&at) {
                        let mut inner = object(Some(item.take()));
                        take_at(&at, fields, &mut inner, sent)?;
                        *item = Json::Object(inner);
                    }
                }
                if !items.is_empty() {
                    typed.insert(field.name.to_string(), Json::Array(items));
                }
            }
            kind => {
                if let Some(value) = leaf(kind, &at, typed.get(field.name.as_str()), sent)? {
                    typed.insert(field.name.to_string(), value);
                }
            }
        }
    }
    Ok(())
}

/// The answer to a single question, as it was sent; `None` leaves what was there.
fn leaf(kind: &Kind, at: &str, before: Option<&Json>, sent: &Sent) -> Result<Option<Json>, Repeated> {
    let parts = |names: &[&str]| -> Result<Option<Typed>, Repeated> {
        let was_sent = names.iter().any(|name| sent.contains_key(&format!("{at}.{name}")));
        let read = names.iter().map(|name| Ok(((*name).to_owned(), Json::from(one(sent, &format!("{at}.{name}"))?))));
        if was_sent { read.collect::<Result<Typed, Repeated>>().map(Some) } else { Ok(None) }
    };
    Ok(match kind {
        Kind::Date { .. } => parts(&["day", "month", "year"])?.map(Json::Object),
        Kind::Point => parts(&["lat", "long"])?.map(Json::Object),
        Kind::Choices { .. } => Some(Json::from(sent.get(at).cloned().unwrap_or_default())),
        Kind::Declaration => Some(Json::from(one(sent, at)?)),
        Kind::File { .. } => None,
        // The place may be typed before there is a file.
        Kind::Photo { .. } => parts(&["lat", "long"])?.map(|place| {
            let file = before.and_then(Json::as_object).cloned().unwrap_or_default();
            Json::Object(file.into_iter().chain(place).collect())
        }),
        _ if sent.contains_key(at) => Some(Json::from(one(sent, at)?)),
        _ => None,
    })
}

/// The one value of a name; empty if it was not sent.
fn one<'a>(sent: &'a Sent, name: &str) -> Result<&'a str, Repeated> {
    match sent.get(name).map(Vec::as_slice) {
        None | Some([]) => Ok(""),
        Some([one]) => Ok(one),
        Some(_) => Err(Repeated(name.to_owned())),
    }
}

/// What was typed, in the shape in which the engine judges it: [`engine::form::html`] reads it.
/// Nothing is guessed: what cannot be read stays as it was typed, and is refused there.
pub fn answers(fields: &[Field], typed: &Typed) -> Json {
    let mut pairs = Vec::new();
    flatten("", fields, typed, &mut pairs);
    let files = Answers::from_json(&Json::Object(files(fields, typed)));
    html::from_pairs(fields, &pairs, &files)
}

/// What was typed as the pairs of a form.
fn flatten(prefix: &str, fields: &[Field], typed: &Typed, pairs: &mut Vec<(String, String)>) {
    for field in fields {
        let at = path(prefix, &field.name);
        match (&field.kind, typed.get(field.name.as_str())) {
            (Kind::Group { fields }, Some(Json::Object(inner))) => flatten(&at, fields, inner, pairs),
            (Kind::List { fields, .. }, Some(Json::Array(items))) => {
                for (index, item) in items.iter().enumerate() {
                    if let Json::Object(item) = item {
                        flatten(&path(&at, &index.to_string()), fields, item, pairs);
                    }
                }
            }
            (Kind::File { .. }, _) => {}
            (Kind::Photo { .. }, Some(Json::Object(file))) => parts(&at, file, &["lat", "long"], pairs),
            (Kind::Date { .. }, Some(Json::Object(date))) => parts(&at, date, &["day", "month", "year"], pairs),
            (Kind::Point, Some(Json::Object(point))) => parts(&at, point, &["lat", "long"], pairs),
            (_, Some(Json::Array(codes))) => {
                pairs.extend(codes.iter().filter_map(Json::as_str).map(|code| (at.clone(), code.to_owned())));
            }
            (_, Some(Json::String(text))) => pairs.push((at, text.clone())),
            _ => {}
        }
    }
}

fn parts(at: &str, of: &Typed, names: &[&str], pairs: &mut Vec<(String, String)>) {
    for name in names {
        if let Some(text) = of.get(*name).and_then(Json::as_str) {
            pairs.push((format!("{at}.{name}"), text.to_owned()));
        }
    }
}

/// The files among what was typed: a browser does not send them again.
fn files(fields: &[Field], typed: &Typed) -> Typed {
    let kept = fields.iter().filter_map(|field| {
        let value = match (&field.kind, typed.get(field.name.as_str())?) {
            (Kind::File { .. }, Json::Object(file)) => Json::Object(file.clone()),
            (Kind::Photo { .. }, Json::Object(file)) if file.contains_key("id") => {
                let kept = file.iter().filter(|(name, _)| !matches!(name.as_str(), "lat" | "long"));
                Json::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
            }
            (Kind::Group { fields }, Json::Object(inner)) => Json::Object(files(fields, inner)),
            (Kind::List { fields, .. }, Json::Array(items)) => items
                .iter()
                .map(|item| item.as_object().map_or(json!({}), |item| Json::Object(files(fields, item))))
                .collect(),
            _ => return None,
        };
        Some((field.name.to_string(), value))
    });
    kept.collect()
}

/// Drops items of lists into which nothing was typed, so that what is wrong is said at its place.
pub fn without_empty_items(fields: &[Field], typed: &mut Typed) {
    for field in fields {
        match (&field.kind, typed.get_mut(field.name.as_str())) {
            (Kind::Group { fields }, Some(Json::Object(inner))) => without_empty_items(fields, inner),
            (Kind::List { fields, .. }, Some(Json::Array(items))) => {
                for item in items.iter_mut().filter_map(Json::as_object_mut) {
                    without_empty_items(fields, item);
                }
                items.retain(|item| !is_blank(item));
            }
            _ => {}
        }
    }
}

fn is_blank(typed: &Json) -> bool {
    match typed {
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.iter().all(is_blank),
        Json::Object(inner) => inner.values().all(is_blank),
        Json::Null => true,
        _ => false,
    }
}

/// A mobile number as people write it, in ten plain digits if it is one.
pub fn phone(text: &str) -> String {
    let digits: String = html::ascii(text).chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect();
    let national = ["+91", "0091", "91", "0"]
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix).filter(|rest| rest.len() == 10));
    national.unwrap_or(&digits).to_owned()
}

/// What was typed at a path.
pub fn at<'a>(typed: &'a Typed, path: &str) -> Option<&'a Json> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let found = typed.get(first)?;
    rest.map_or(Some(found), |rest| found.pointer(&format!("/{}", rest.replace('.', "/"))))
}

/// Puts `value` at a path whose parents are there; whether they were.
pub fn put(typed: &mut Typed, path: &str, value: Json) -> bool {
    let Some((parent, name)) = path.rsplit_once('.') else {
        typed.insert(path.to_owned(), value);
        return true;
    };
    match at_mut(typed, parent) {
        Some(Json::Object(parent)) => {
            parent.insert(name.to_owned(), value);
            true
        }
        _ => false,
    }
}

/// Puts a file where it was asked for, beside the place of a photo that was typed before; whether
/// there was room for it.
pub fn put_file(typed: &mut Typed, path: &str, mut file: Json) -> bool {
    if let (Some(before), Some(file)) = (at(typed, path).and_then(Json::as_object), file.as_object_mut()) {
        // What was typed goes before what the file says of its place.
        let typed = |value: &Json| value.as_str().is_some_and(|text| !text.trim().is_empty());
        let place = before.iter().filter(|(name, value)| matches!(name.as_str(), "lat" | "long") && typed(value));
        file.extend(place.map(|(name, value)| (name.clone(), value.clone())));
    }
    put(typed, path, file)
}

/// Takes away what was typed at a path: an item of a list, or an answer.
pub fn remove(typed: &mut Typed, path: &str) -> Option<Json> {
    let Some((parent, name)) = path.rsplit_once('.') else { return typed.remove(path) };
    match at_mut(typed, parent)? {
        Json::Object(parent) => parent.remove(name),
        Json::Array(items) => {
            name.parse().ok().filter(|index: &usize| *index < items.len()).map(|index| items.remove(index))
        }
        _ => None,
    }
}

fn at_mut<'a>(typed: &'a mut Typed, path: &str) -> Option<&'a mut Json> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let found = typed.get_mut(first)?;
    match rest {
        None => Some(found),
        Some(rest) => found.pointer_mut(&format!("/{}", rest.replace('.', "/"))),
    }
}

fn object(json: Option<Json>) -> Typed {
    match json {
        Some(Json::Object(map)) => map,
        _ => Typed::new(),
    }
}

fn list(json: Option<Json>) -> Vec<Json> {
    match json {
        Some(Json::Array(items)) => items,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_into_groups_and_lists() {
        let mut typed = object(Some(json!({ "owners": [{ "name": "A" }, { "name": "B" }] })));
        assert_eq!(at(&typed, "owners.1.name"), Some(&json!("B")));
        assert!(put(&mut typed, "owners.1.proof", json!({ "id": "x" })));
        assert!(!put(&mut typed, "owners.7.proof", json!(1)));
        assert_eq!(remove(&mut typed, "owners.0"), Some(json!({ "name": "A" })));
        assert_eq!(at(&typed, "owners.0.proof.id"), Some(&json!("x")));
        assert_eq!(remove(&mut typed, "owners.7"), None);
    }
}
