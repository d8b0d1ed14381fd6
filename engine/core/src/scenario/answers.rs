//! Answers as authors write them in scenarios, and answers made up for walks.

use serde_json::{Map, Value as Json, json};

use super::walk::Chance;
use crate::base::date::add_days;
use crate::base::{Answers, Day, Money, Name};
use crate::form::{Field, Kind, Options, Page, facts_of};
use crate::list::List;
use crate::rule::Condition;
use crate::service::Service;
use crate::source::{Node, NodeKind};

/// The answers in a map of a scenario, each read as its field wants it. What cannot be read so is
/// kept as text, for the form to refuse.
pub(super) fn of_form(node: &Node, service: &Service) -> Json {
    let fields: Vec<&Field> = service.form.all_pages().flat_map(|page| &page.fields).collect();
    of_fields(node, &fields)
}

fn of_fields(node: &Node, fields: &[&Field]) -> Json {
    let NodeKind::Map(entries) = &node.kind else { return plain(node) };
    let value = |name: &str, node: &Node| {
        let field = fields.iter().find(|field| field.name == *name);
        field.map_or_else(|| plain(node), |field| of_kind(node, &field.kind))
    };
    Json::Object(entries.iter().map(|(name, node)| (name.value.clone(), value(name, node))).collect())
}

fn of_kind(node: &Node, kind: &Kind) -> Json {
    let inner = |fields: &'_ [Field], node: &Node| of_fields(node, &fields.iter().collect::<Vec<_>>());
    match (kind, &node.kind) {
        (Kind::List { fields, .. }, NodeKind::List(items)) => {
            Json::Array(items.iter().map(|item| inner(fields, item)).collect())
        }
        (Kind::Group { fields }, NodeKind::Map(_)) => inner(fields, node),
        (Kind::Number { .. } | Kind::Rating, NodeKind::Scalar { text, .. }) => {
            text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
        }
        (Kind::YesNo | Kind::Declaration, NodeKind::Scalar { text, .. }) => match text.as_str() {
            "true" | "yes" => json!(true),
            "false" | "no" => json!(false),
            _ => json!(text),
        },
        (Kind::File { .. } | Kind::Photo { .. }, NodeKind::Scalar { text, .. }) => file(text),
        _ => plain(node),
    }
}

fn plain(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Scalar { text, .. } => json!(text),
        NodeKind::List(items) => Json::Array(items.iter().map(plain).collect()),
        NodeKind::Map(entries) => {
            Json::Object(entries.iter().map(|(name, node)| (name.value.clone(), plain(node))).collect())
        }
    }
}

/// A file that nobody uploaded: enough for the form.
fn file(name: &str) -> Json {
    let kind = match name.rsplit('.').next() {
        Some("jpg" | "jpeg") => "jpeg",
        Some("png") => "png",
        Some("dxf") => "dxf",
        Some("svg") => "svg",
        _ => "pdf",
    };
    json!({ "id": "file", "name": name, "kind": kind, "size": 1000 })
}

/// Made-up answers to a page that the form accepts, mostly.
pub fn made_up(page: &Page, today: Day, places: &List, chance: &mut dyn Chance) -> Json {
    let mut answers = made_up_fields(&page.fields, today, places, chance);
    right_counts(page, &mut answers, today, &mut |fields| made_up_fields(fields, today, places, chance));
    answers
}

/// How often another item is made up that must be unlike those that are there.
const TRIES: usize = 8;

/// Gives each list of a page as many items as its conditions want, none like another where they must differ;
/// `another` makes one up.
pub(super) fn right_counts(page: &Page, answers: &mut Json, today: Day, another: &mut dyn FnMut(&[Field]) -> Json) {
    let is_held = |field: &Field| field.one_when.is_some() || field.several_when.is_some() || !field.differ.is_empty();
    if !page.fields.iter().any(is_held) {
        return;
    }
    let facts = facts_of(&page.fields, &Answers::from_json(answers));
    let holds =
        |when: &Option<Condition>| when.as_ref().is_some_and(|when| when.holds(&facts, today, &[]).unwrap_or(false));
    for field in &page.fields {
        let Kind::List { fields, .. } = &field.kind else { continue };
        let Some(items) = answers.get_mut(field.name.as_str()).and_then(Json::as_array_mut) else { continue };
        if holds(&field.one_when) {
            items.truncate(1);
        }
        keep_unlike(items, &field.differ);
        for _ in 0..TRIES {
            if items.len() >= 2 || !holds(&field.several_when) {
                break;
            }
            items.push(another(fields));
            keep_unlike(items, &field.differ);
        }
    }
}

/// Drops items that say the same of everything in which they must differ as one before them.
fn keep_unlike(items: &mut Vec<Json>, differ: &[Name]) {
    if differ.is_empty() {
        return;
    }
    let mut seen: Vec<Vec<Option<Json>>> = Vec::new();
    items.retain(|item| {
        let told = differ.iter().map(|name| item.get(name.as_str()).cloned()).collect();
        let is_new = !seen.contains(&told);
        if is_new {
            seen.push(told);
        }
        is_new
    });
}

pub(super) fn made_up_fields(fields: &[Field], today: Day, places: &List, chance: &mut dyn Chance) -> Json {
    let mut map = Map::new();
    for field in fields {
        if !field.optional || chance.below(2) == 0 {
            map.insert(field.name.to_string(), one(&field.kind, today, places, chance));
        }
    }
    Json::Object(map)
}

fn one(kind: &Kind, today: Day, places: &List, chance: &mut dyn Chance) -> Json {
    match kind {
        Kind::Text { min_length, max_length, pattern, .. } => match pattern {
            Some(pattern) => json!(pattern.example),
            None => json!("a".repeat((*min_length).max(8).min(*max_length).max(1))),
        },
        Kind::Number { min, max, .. } => {
            let (least, most) = (min.unwrap_or(0), max.unwrap_or(1_000));
            json!(least + chance.between(0, (most - least).clamp(0, 1_000)))
        }
        Kind::Decimal { min, max, .. } => {
            let least = min.map_or(0, |min| i64::try_from(min.ceil()).unwrap_or(0));
            let most = max.map_or(least + 1_000, |max| i64::try_from(max.floor()).unwrap_or(least));
            json!((least + chance.between(0, (most - least).clamp(0, 1_000))).to_string())
        }
        Kind::Money { min, max } => {
            let least = min.map_or(0, Money::paise);
            let most = max.map_or(least + 100_000, Money::paise);
            json!(
                Money::from_paise(least + chance.between(0, (most - least).clamp(0, 100_000)))
                    .unwrap_or_default()
                    .to_string()
            )
        }
        Kind::Date { min, max } => {
            // Of a long time the days around today: what is said of days fits seldom a hundred years ago.
            let least = min.map_or(add_days(today, -300), |limit| limit.day(today));
            let most = max.map_or(add_days(least, 600), |limit| limit.day(today));
            let least = if min.is_some() { least } else { least.min(most) };
            let near = today.min(most);
            let first = least.max(add_days(near, -600));
            let span = (most.min(add_days(first, 1_000)) - first).num_days().max(0);
            json!(add_days(first, chance.between(0, span)).to_string())
        }
        Kind::YesNo => json!(chance.below(2) == 0),
        Kind::Declaration => json!(true),
        Kind::Rating => json!(chance.between(1, 5)),
        Kind::Choice { options } => json!(any_code(options, chance)),
        Kind::Choices { options, min, .. } => {
            let mut codes: Vec<String> = (0..(*min).max(1)).map(|_| any_code(options, chance)).collect();
            codes.sort();
            codes.dedup();
            json!(codes)
        }
        Kind::Phone => json!(format!("9{:09}", chance.between(0, 999_999_999))),
        Kind::Email => json!("someone@example.org"),
        Kind::Record { .. } => json!("R/2"),
        Kind::File { kinds, .. } => {
            json!({ "id": "file", "name": "paper", "kind": kinds.first().map_or("pdf", String::as_str), "size": 1000 })
        }
        Kind::Photo { .. } => json!({ "id": "file", "name": "photo.jpg", "kind": "jpeg", "size": 1000 }),
        Kind::Place { level } => {
            let level = level.as_str();
            let fitting = || places.entries.iter().filter(move |place| place.level() == Some(level));
            json!(pick(fitting, chance).map_or("", |place| place.code.as_str()))
        }
        Kind::Point => json!({ "lat": "30.3165", "long": "78.0322" }),
        Kind::Group { fields } => made_up_fields(fields, today, places, chance),
        Kind::List { min, max, fields } => {
            let count =
                chance.between(i64::try_from(*min).unwrap_or(0), i64::try_from((*max).min(min + 3)).unwrap_or(1));
            Json::Array((0..count).map(|_| made_up_fields(fields, today, places, chance)).collect())
        }
    }
}

fn any_code(options: &Options, chance: &mut dyn Chance) -> String {
    match options {
        Options::Here(options) => pick(|| options.iter(), chance).map_or_else(String::new, |(code, _)| code.clone()),
        Options::List(list) => pick(|| list.choices(), chance).map_or_else(String::new, |entry| entry.code.clone()),
    }
}

/// One of the items, which are gone through twice: a list has hundreds, and nobody need gather them for it.
fn pick<I: Iterator>(items: impl Fn() -> I, chance: &mut dyn Chance) -> Option<I::Item> {
    let index = chance.below(u64::try_from(items().count().max(1)).unwrap_or(1));
    items().nth(usize::try_from(index).unwrap_or(0))
}
