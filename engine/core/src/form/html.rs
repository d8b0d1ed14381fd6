//! From what people type to answers. Lenient: spaces, commas, hyphens, digits of Indian scripts,
//! days in three boxes. What cannot be read stays as it was typed, so that the page can show it
//! again and [`super::accept`] can say what is wrong.

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json, json};

use super::answer::is_phone;
use super::{Field, Kind, Pattern};
use crate::base::date::parse_day;
use crate::base::{Answers, Day, Money, Value};
use crate::identity::digit;

/// The answers in the pairs of an HTML form. Names are dotted paths: `address.street`,
/// `owners.0.name`, `started_on.day`. Names of which a part begins with `_` belong to buttons and
/// searches and are passed over; other names that nobody asked are kept, for they must be refused.
///
/// Files, and items of a repeated group that are shown closed, are not sent again by the browser:
/// they are taken from `kept`, what was answered before. Items left empty are dropped.
pub fn from_pairs(fields: &[Field], pairs: &[(String, String)], kept: &Answers) -> Json {
    let mut typed = Typed::default();
    for (name, value) in pairs {
        if name.split('.').all(|part| !part.starts_with('_')) && name.len() <= 200 {
            typed.put(name, value);
        }
    }
    Json::Object(group(fields, &typed, Some(kept)))
}

/// What was typed at a path, and below it.
#[derive(Default)]
struct Typed<'a> {
    values: Vec<&'a str>,
    inside: BTreeMap<&'a str, Typed<'a>>,
}

impl<'a> Typed<'a> {
    fn put(&mut self, name: &'a str, value: &'a str) {
        let mut place = self;
        for part in name.split('.') {
            place = place.inside.entry(part).or_default();
        }
        place.values.push(value);
    }

    fn is_blank(&self) -> bool {
        self.values.iter().all(|value| value.trim().is_empty()) && self.inside.values().all(Self::is_blank)
    }

    /// As it was typed, for what cannot be read.
    fn raw(&self) -> Json {
        match (&*self.values, self.inside.is_empty()) {
            ([one], true) => json!(one),
            (many, true) => json!(many),
            _ => Json::Object(self.inside.iter().map(|(name, typed)| ((*name).to_owned(), typed.raw())).collect()),
        }
    }

    fn part(&self, name: &str) -> &str {
        self.inside.get(name).and_then(|typed| typed.values.first()).map_or("", |value| value.trim())
    }
}

fn group(fields: &[Field], typed: &Typed<'_>, kept: Option<&Answers>) -> JsonMap<String, Json> {
    let mut object = JsonMap::new();
    for field in fields {
        let name = field.name.as_str();
        if let Some(value) = answer(field, typed.inside.get(name), kept.and_then(|kept| kept.get(name))) {
            object.insert(name.to_owned(), value);
        }
    }
    for (name, typed) in &typed.inside {
        if !fields.iter().any(|field| field.name == **name) {
            object.insert((*name).to_owned(), typed.raw());
        }
    }
    object
}

fn answer(field: &Field, typed: Option<&Typed<'_>>, kept: Option<&Value>) -> Option<Json> {
    match &field.kind {
        Kind::Group { fields } => {
            let kept = if let Some(Value::Map(kept)) = kept { Some(kept) } else { None };
            let inner = group(fields, typed.unwrap_or(&Typed::default()), kept);
            (!inner.is_empty()).then_some(Json::Object(inner))
        }
        Kind::List { min, fields, .. } => list(fields, *min, typed, kept),
        Kind::File { .. } => file(typed, kept, false),
        Kind::Photo { place, .. } => file(typed, kept, *place),
        kind => {
            let typed = typed.filter(|typed| !typed.is_blank())?;
            Some(scalar(kind, typed))
        }
    }
}

fn list(fields: &[Field], min: usize, typed: Option<&Typed<'_>>, kept: Option<&Value>) -> Option<Json> {
    let kept: &[Value] = if let Some(Value::List(kept)) = kept { kept } else { &[] };
    let mut items: BTreeMap<usize, Json> =
        kept.iter().enumerate().map(|(index, item)| (index, item.to_json())).collect();
    for (name, typed) in typed.iter().flat_map(|typed| &typed.inside) {
        let Ok(index) = name.parse::<usize>() else { return typed.raw().into() };
        let before = if let Some(Value::Map(before)) = kept.get(index) { Some(before) } else { None };
        items.insert(index, Json::Object(group(fields, typed, before)));
    }
    let mut items: Vec<Json> =
        items.into_values().filter(|item| item.as_object().is_none_or(|item| !item.is_empty())).collect();
    // Below the least, an empty item says beside its questions what is missing.
    while items.len() < min && typed.is_some() {
        items.push(json!({}));
    }
    (!items.is_empty()).then_some(Json::Array(items))
}

/// A file that is there already, with the place of the photo if it is asked.
fn file(typed: Option<&Typed<'_>>, kept: Option<&Value>, place: bool) -> Option<Json> {
    let mut file = kept?.to_json();
    if let (true, Some(typed), Some(object)) = (place, typed, file.as_object_mut()) {
        match point(typed) {
            Some(point) => drop(object.insert("point".to_owned(), point)),
            None => drop(object.remove("point")),
        }
    }
    Some(file)
}

fn point(typed: &Typed<'_>) -> Option<Json> {
    let part = |name| decimal(typed.part(name)).unwrap_or_else(|| typed.part(name).to_owned());
    let (lat, long) = (part("lat"), part("long"));
    (!lat.is_empty() || !long.is_empty()).then(|| json!({ "lat": lat, "long": long }))
}

fn scalar(kind: &Kind, typed: &Typed<'_>) -> Json {
    match (kind, &*typed.values) {
        (Kind::Date { .. }, []) => {
            let (day, month, year) = (typed.part("day"), typed.part("month"), typed.part("year"));
            day_of(&ascii(year), &ascii(month), &ascii(day))
                .unwrap_or_else(|| json!({ "day": day, "month": month, "year": year }))
        }
        (Kind::Point, []) => point(typed).unwrap_or_else(|| typed.raw()),
        (Kind::Choices { .. }, values) => {
            json!(values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect::<Vec<_>>())
        }
        (_, [one]) if typed.inside.is_empty() => one_value(kind, one),
        // The same name twice, or parts where one value belongs: nobody can say which is meant.
        _ => typed.raw(),
    }
}

fn one_value(kind: &Kind, typed: &str) -> Json {
    let trimmed = typed.trim();
    match kind {
        Kind::Text { lines, pattern, .. } => json!(text(trimmed, *lines, pattern.as_ref())),
        Kind::Number { .. } | Kind::Rating => whole(trimmed).unwrap_or_else(|| json!(typed)),
        Kind::Decimal { .. } | Kind::Money { .. } => json!(decimal(trimmed).unwrap_or_else(|| typed.to_owned())),
        Kind::Date { .. } => {
            let digits = ascii(trimmed);
            let mut parts = digits.split(['/', '-', '.']);
            let (first, second, third) =
                (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let day = if first.len() == 4 { day_of(first, second, third) } else { day_of(third, second, first) };
            day.unwrap_or_else(|| json!(typed))
        }
        Kind::YesNo | Kind::Declaration => match trimmed {
            "yes" | "true" | "on" => json!(true),
            "no" | "false" => json!(false),
            _ => json!(typed),
        },
        Kind::Phone => {
            json!(Some(phone(trimmed)).filter(|digits| is_phone(digits)).unwrap_or_else(|| typed.to_owned()))
        }
        Kind::Email => json!(trimmed.chars().filter(|c| !is_invisible(*c)).collect::<String>()),
        _ => json!(trimmed),
    }
}

/// A day of four digits of year, and one or two of month and day.
fn day_of(year: &str, month: &str, day: &str) -> Option<Json> {
    let fits = |part: &str| (1..=2).contains(&part.len());
    let iso = (fits(month) && fits(day)).then(|| format!("{year}-{month:0>2}-{day:0>2}"))?;
    parse_day(&iso).map(|_| json!(iso))
}

/// Line breaks as one character, tabs as spaces. A code that fits its pattern only without spaces
/// and hyphens, in plain digits or in capitals, is brought into that shape.
fn text(typed: &str, lines: usize, pattern: Option<&Pattern>) -> String {
    let text = if typed.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | b'\t')) {
        let text = typed.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        if lines > 1 { text } else { text.replace('\n', " ") }
    } else {
        typed.to_owned()
    };
    let Some(pattern) = pattern.filter(|pattern| !pattern.regex.is_match(&text)) else { return text };
    let plain: String = ascii(&text).chars().filter(|c| !c.is_whitespace() && *c != '-' && !is_invisible(*c)).collect();
    let upper = plain.to_uppercase();
    [ascii(&text), plain, upper].into_iter().find(|code| pattern.regex.is_match(code)).unwrap_or(text)
}

/// A number without its commas, spaces, currency and leading zeros: `₹ 1,00,000/-` is `100000`.
fn plain_number(typed: &str) -> String {
    let text = ascii(typed);
    let text = text.trim_start_matches('₹').trim_start();
    let text = ["Rs.", "Rs", "rs.", "रु."].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    let text = text.trim_end_matches("/-");
    let kept: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ',' && !is_invisible(*c))
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    let (sign, digits) = kept.strip_prefix('-').map_or(("", kept.as_str()), |digits| ("-", digits));
    let plain = digits.trim_start_matches('0');
    let zero = if plain.is_empty() || plain.starts_with('.') { "0" } else { "" };
    if digits.starts_with(|c: char| c.is_ascii_digit()) { format!("{sign}{zero}{plain}") } else { kept.clone() }
}

fn whole(typed: &str) -> Option<Json> {
    let text = plain_number(typed);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse::<i64>().ok().map(Json::from))?
}

fn decimal(typed: &str) -> Option<String> {
    let text = plain_number(typed);
    crate::base::money::parse_decimal(&text).map(|_| text)
}

/// The ten digits of a mobile number, without the signs between them and the country in front.
fn phone(typed: &str) -> String {
    let digits: String = ascii(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '(' | ')') && !is_invisible(*c))
        .collect();
    for (prefix, length) in [("+91", 13), ("0091", 14), ("91", 12), ("0", 11)] {
        if let Some(rest) = digits.strip_prefix(prefix).filter(|_| digits.len() == length) {
            return rest.to_owned();
        }
    }
    digits
}

/// The ten digits of a mobile number as people write it; nothing if it is none.
pub fn mobile(typed: &str) -> Option<String> {
    Some(phone(typed)).filter(|digits| is_phone(digits))
}

/// A day as people write it: 15/03/2019, 15-3-2019, 2019-03-15; nothing if it is none.
pub fn day(typed: &str) -> Option<Day> {
    one_value(&Kind::Date { min: None, max: None }, typed).as_str().and_then(parse_day)
}

/// An amount as people write it, in whole paise: 1,00,000.50, ₹ 250; nothing if it is none.
pub fn amount(typed: &str) -> Option<Money> {
    decimal(typed.trim()).and_then(|text| Money::parse(&text))
}

/// Digits of Indian and some other scripts as the digits of ASCII.
pub fn ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// Characters that take no room and mean nothing in a code.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}
