//! What people typed: read from a form, kept, and brought into the shape of answers.
//!
//! Leaves are text as typed; a date is `{ day, month, year }`, a point `{ lat, lng }`, several codes
//! a list, a file what was stored of it (`id`, `name`, `kind`, `size`, `sha256`, and for a photo
//! `lat`, `lng`). In a list, `_open` beside it tells the item whose questions are on the page.

use std::collections::BTreeMap;

use engine::base::{Answers, Value};
use engine::form::{Field, Kind};
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
    fields.iter().filter_map(|field| Some((field.name.to_string(), of_value(field, answers.get(&field.name)?)))).collect()
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
                typed["lng"] = point["lng"].clone();
            }
            typed
        }
        (Kind::Number { .. } | Kind::Rating, Value::Int(number)) => Json::from(number.to_string()),
        (_, value) => value.to_json(),
    }
}

/// Puts what a form sent into what was typed before. Only questions that the form showed are
/// touched: `shown` tells them by path.
pub fn take(fields: &[Field], typed: &mut Typed, sent: &Sent, shown: &dyn Fn(&str) -> bool) -> Result<(), Repeated> {
    take_at("", fields, typed, sent, shown)
}

fn take_at(prefix: &str, fields: &[Field], typed: &mut Typed, sent: &Sent, shown: &dyn Fn(&str) -> bool) -> Result<(), Repeated> {
    for field in fields {
        let at = path(prefix, &field.name);
        if !shown(&at) {
            continue;
        }
        match &field.kind {
            Kind::Group { fields } => {
                let mut inner = object(typed.remove(field.name.as_str()));
                take_at(&at, fields, &mut inner, sent, shown)?;
                typed.insert(field.name.to_string(), Json::Object(inner));
            }
            Kind::List { fields, .. } => {
                let mut items = list(typed.remove(field.name.as_str()));
                for (index, item) in items.iter_mut().enumerate() {
                    let at = path(&at, &index.to_string());
                    if sent.get("_open").is_some_and(|open| open.contains(&at)) {
                        let mut inner = object(Some(item.take()));
                        take_at(&at, fields, &mut inner, sent, shown)?;
                        *item = Json::Object(inner);
                    }
                }
                typed.insert(field.name.to_string(), Json::Array(items));
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
    let one = |name: &str| one(sent, name);
    Ok(Some(match kind {
        Kind::Date { .. } => {
            let [day, month, year] = [one(&format!("{at}.day"))?, one(&format!("{at}.month"))?, one(&format!("{at}.year"))?];
            json!({ "day": day, "month": month, "year": year })
        }
        Kind::Point => json!({ "lat": one(&format!("{at}.lat"))?, "lng": one(&format!("{at}.long"))? }),
        Kind::Choices { .. } => Json::from(sent.get(at).cloned().unwrap_or_default()),
        Kind::File { .. } => return Ok(None),
        Kind::Photo { .. } => {
            let (Some(Json::Object(file)), [lat, lng]) = (before, [one(&format!("{at}.lat"))?, one(&format!("{at}.long"))?]) else { return Ok(None) };
            let mut file = file.clone();
            if sent.contains_key(&format!("{at}.lat")) {
                file.insert("lat".to_owned(), Json::from(lat));
                file.insert("lng".to_owned(), Json::from(lng));
            }
            Json::Object(file)
        }
        _ => Json::from(one(at)?),
    }))
}

/// The one value of a name; empty if it was not sent.
fn one<'a>(sent: &'a Sent, name: &str) -> Result<&'a str, Repeated> {
    match sent.get(name).map(Vec::as_slice) {
        None | Some([]) => Ok(""),
        Some([one]) => Ok(one),
        Some(_) => Err(Repeated(name.to_owned())),
    }
}

/// What was typed, in the shape in which the engine judges it. Nothing is guessed: what cannot be
/// read stays as it was typed, and is refused there. What was left empty is left out.
pub fn answers(fields: &[Field], typed: &Typed) -> Json {
    let given = fields.iter().filter_map(|field| Some((field.name.to_string(), answer(&field.kind, typed.get(field.name.as_str())?)?)));
    Json::Object(given.collect())
}

fn answer(kind: &Kind, typed: &Json) -> Option<Json> {
    let text = || typed.as_str().map(|text| clean(text, kind)).filter(|text| !text.is_empty());
    match kind {
        Kind::Number { .. } | Kind::Rating => {
            let text = text()?;
            Some(digits(&text).parse::<i64>().map_or(Json::from(text), Json::from))
        }
        Kind::Decimal { .. } | Kind::Money { .. } => text().map(|text| Json::from(digits(&text))),
        Kind::YesNo => text().map(|text| Json::from(text == "yes")),
        Kind::Declaration => Some(Json::from(match typed {
            Json::Array(ticked) => ticked.iter().any(|one| one == "yes"),
            other => other == "yes",
        })),
        Kind::Choices { .. } => Some(typed.clone()).filter(|typed| typed.as_array().is_some_and(|codes| !codes.is_empty())),
        Kind::Phone => text().map(|text| Json::from(phone(&text))),
        Kind::Date { .. } => date(typed),
        Kind::Point => point(typed),
        Kind::File { .. } => Some(typed.clone()).filter(Json::is_object),
        Kind::Photo { place, .. } => photo(typed, *place),
        Kind::Group { fields } => match typed {
            Json::Object(inner) => Some(answers(fields, inner)).filter(|inner| inner.as_object().is_some_and(|inner| !inner.is_empty())),
            _ => None,
        },
        Kind::List { fields, .. } => {
            let items = typed.as_array()?.iter().map(|item| item.as_object().map_or(json!({}), |item| answers(fields, item)));
            Some(Json::Array(items.collect())).filter(|items| items.as_array().is_some_and(|items| !items.is_empty()))
        }
        Kind::Text { .. } | Kind::Choice { .. } | Kind::Place { .. } | Kind::Email => text().map(Json::from),
    }
}

/// Browsers send line ends as CR LF; blanks around an answer are nobody's answer.
fn clean(text: &str, kind: &Kind) -> String {
    let text = text.replace("\r\n", "\n");
    let one_line = !matches!(kind, Kind::Text { lines, .. } if *lines > 1);
    if one_line { text.trim().to_owned() } else { text.trim_end().to_owned() }
}

/// Digits of Devanagari as the digits of forms and figures; commas and blanks between digits dropped.
pub fn digits(text: &str) -> String {
    let plain = text.trim().chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '₹'));
    plain.map(plain_digit).collect()
}

fn plain_digit(letter: char) -> char {
    match letter {
        '०'..='९' => char::from_digit(u32::from(letter) - u32::from('०'), 10).unwrap_or(letter),
        other => other,
    }
}

/// A mobile number as people write it: blanks, hyphens and the country's code dropped.
pub fn phone(text: &str) -> String {
    let kept: String = digits(text).chars().filter(|letter| !matches!(letter, '-' | '(' | ')' | '.')).collect();
    let national = kept.strip_prefix("+91").or_else(|| kept.strip_prefix("0").filter(|rest| rest.len() == 10));
    national.or_else(|| kept.strip_prefix("91").filter(|rest| rest.len() == 10)).unwrap_or(&kept).to_owned()
}

fn date(typed: &Json) -> Option<Json> {
    let part = |name: &str| typed.get(name).and_then(Json::as_str).map(digits).unwrap_or_default();
    let [day, month, year] = [part("day"), part("month"), part("year")];
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return None;
    }
    // What is no date stays recognisable as none: `2027--31`.
    Some(Json::from(format!("{year}-{month:0>2}-{day:0>2}")))
}

fn point(typed: &Json) -> Option<Json> {
    let part = |name: &str| typed.get(name).and_then(Json::as_str).map(digits).filter(|text| !text.is_empty());
    let point: Typed = ["lat", "lng"].into_iter().filter_map(|name| Some((name.to_owned(), Json::from(part(name)?)))).collect();
    (!point.is_empty()).then_some(Json::Object(point))
}

fn photo(typed: &Json, with_place: bool) -> Option<Json> {
    let mut file = typed.as_object()?.clone();
    file.remove("lat");
    file.remove("lng");
    if let Some(point) = point(typed).filter(|_| with_place) {
        file.insert("point".to_owned(), point);
    }
    Some(Json::Object(file))
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

/// Takes away what was typed at a path: an item of a list, or an answer.
pub fn remove(typed: &mut Typed, path: &str) -> Option<Json> {
    let Some((parent, name)) = path.rsplit_once('.') else { return typed.remove(path) };
    match at_mut(typed, parent)? {
        Json::Object(parent) => parent.remove(name),
        Json::Array(items) => name.parse().ok().filter(|index: &usize| *index < items.len()).map(|index| items.remove(index)),
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
    fn numbers_are_read_as_people_write_them() {
        let number = Kind::Number { min: None, max: None };
        assert_eq!(answer(&number, &json!(" १२ ")), Some(json!(12)));
        assert_eq!(answer(&number, &json!("1,00,000")), Some(json!(100_000)));
        assert_eq!(answer(&number, &json!("twelve")), Some(json!("twelve")));
        assert_eq!(answer(&number, &json!("")), None);
        assert_eq!(phone("+91 98765-43210"), "9876543210");
        assert_eq!(phone("09876543210"), "9876543210");
        assert_eq!(phone("९८७६५४३२१०"), "9876543210");
    }

    #[test]
    fn a_date_is_three_parts_and_nothing_is_guessed() {
        let date = Kind::Date { min: None, max: None };
        assert_eq!(answer(&date, &json!({ "day": "3", "month": "4", "year": "२०२६" })), Some(json!("2026-04-03")));
        assert_eq!(answer(&date, &json!({ "day": "", "month": "", "year": "" })), None);
        assert_eq!(answer(&date, &json!({ "day": "31", "month": "", "year": "2026" })), Some(json!("2026-00-31")));
    }

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
