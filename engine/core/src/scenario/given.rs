//! What walks find given: records that a case may be opened on, what the register says of them, and
//! answers of which the conditions of a service speak. Chance alone seldom comes upon these.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::answers::made_up;
use super::register;
use super::walk::Chance;
use super::world::World;
use crate::base::date::add_days;
use crate::base::{Answers, Day, Name, Value};
use crate::form::{Field, Kind, Page};
use crate::list::List;
use crate::registry::{Record, Standing};
use crate::rule::Condition;
use crate::service::{Interval, Service, Turns};
use crate::workflow::Action;

/// The number of the record that a walk is about.
pub(super) const OWN: &str = "R/1";
/// Records that are tried until the service takes one.
pub(super) const TRIES: usize = 8;
/// So many of them end about today, the others years from it.
const NEAR: usize = 6;
/// How long ago something may have been done that comes round: as many days as the longest interval has.
const LONG: i64 = 3_700;
/// One filling in of so many follows a condition.
const FOLLOWS: u64 = 3;

/// The record of a try: the first counts, of the others every second does not for a while.
pub(super) fn record(service: &Service, registry: &Name, day: Day, tried: usize, chance: &mut dyn Chance) -> Record {
    let until = add_days(day, if tried < NEAR { chance.between(-60, 120) } else { chance.between(-800, 800) });
    let earlier = register::earlier(registry.clone(), OWN, service, add_days(until, -364));
    let standing = if tried.is_multiple_of(2) { Standing::Active } else { Standing::Suspended };
    Record { valid_until: Some(until), standing, ..earlier }
}

/// A record whose turn may have come: of every second one the register says from which day it is counted.
pub(super) fn turning(service: &Service, turns: &Turns, day: Day, places: &List, chance: &mut dyn Chance) -> Record {
    let first = add_days(day, -chance.between(0, LONG));
    let mut answers = Answers::default();
    for page in service.form.pages_by(None) {
        answers.0.extend(Answers::from_json(&made_up(page, day, places, chance)).0);
    }
    if let Interval::Months(name) = &turns.every.value {
        answers.set(name, Value::Int(chance.between(1, 24)));
    }
    if let Some(from) = &turns.from {
        answers.0.remove(from.value.as_str());
        if chance.below(2) == 0 {
            answers.set(&from.value, Value::Text(add_days(day, -chance.between(0, LONG)).to_string()));
        }
    }
    Record { answers, ..register::earlier(turns.for_each.value.clone(), OWN, service, first) }
}

/// Answers to all that conditions and fees of the service look up in a record.
pub(super) fn known(service: &Service, day: Day, places: &List, chance: &mut dyn Chance) -> Answers {
    let named: BTreeSet<&str> = conditions(service).flat_map(|condition| looked_up(&condition.source)).collect();
    let by_fees = |name: &str| service.fees.as_ref().is_some_and(|fees| fees.reads("record") && fees.reads(name));
    let wanted = |field: &Field| named.contains(field.name.as_str()) || by_fees(&field.name);
    let mut known = Map::new();
    for page in service.form.all_pages().filter(|page| page.fields.iter().any(wanted)) {
        let mut answers = made_up(page, day, places, chance);
        for field in page.fields.iter().filter(|field| wanted(field)) {
            if let Some(answer) = answers.get_mut(field.name.as_str()) {
                known.insert(field.name.to_string(), answer.take());
            }
        }
    }
    Answers::from_json(&Json::Object(known))
}

/// What leads the answers of the moment besides chance.
pub(super) struct Lead {
    /// What one of the conditions speaks of.
    wished: Map<String, Json>,
    /// Whether what the register says is repeated.
    recorded: bool,
}

impl Lead {
    /// One of the conditions now and then, and the register as often as not.
    pub(super) fn by_chance(service: &Service, today: Day, chance: &mut dyn Chance) -> Self {
        let wished = if chance.below(FOLLOWS) == 0 { wished(service, today, chance) } else { Map::new() };
        Self { wished, recorded: chance.below(2) == 0 }
    }

    /// Made-up answers to a page, led so.
    pub(super) fn answers(&self, world: &World<'_>, page: &Page, chance: &mut dyn Chance) -> Json {
        let mut answers = made_up(page, world.now.day(), &world.tenant.places, chance);
        let Json::Object(map) = &mut answers else { return answers };
        if let Some(record) = world.record.as_ref().filter(|_| self.recorded) {
            as_recorded(page, record, map);
        }
        for field in &page.fields {
            if let Some(answer) = self.wished.get(field.name.as_str()) {
                map.insert(field.name.to_string(), answer.clone());
            }
        }
        answers
    }
}

/// Repeats what the register says; what it does not say is left out where it may be.
fn as_recorded(page: &Page, record: &Record, answers: &mut Map<String, Json>) {
    let knows_something = !record.answers.0.is_empty();
    for field in &page.fields {
        let name = field.name.as_str();
        match (record.answers.get(name), &field.kind) {
            (Some(known), _) => {
                answers.insert(name.to_owned(), known.to_json());
            }
            (None, Kind::Record { registry, .. }) if *registry == record.registry => {
                answers.insert(name.to_owned(), json!(record.number));
            }
            (None, _) if field.optional && knows_something => {
                answers.remove(name);
            }
            (None, _) => {}
        }
    }
}

/// The conditions of pages, of their questions, and of actions.
fn conditions(service: &Service) -> impl Iterator<Item = &Condition> {
    let pages = service.form.all_pages();
    let of_form =
        pages.flat_map(|page| page.when.iter().chain(page.fields.iter().filter_map(|field| field.when.as_ref())));
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    of_form.chain(actions.flat_map(Action::conditions))
}

/// The answers of a record that a condition looks at.
fn looked_up(source: &str) -> impl Iterator<Item = &str> {
    source.split("record.answers.").skip(1).map(|rest| cut(rest, is_of_name).0)
}

/// Answers to what one of the conditions asks, most often so that it holds: of two by chance the one that asks
/// for more, since chance alone comes upon that one less often.
fn wished(service: &Service, today: Day, chance: &mut dyn Chance) -> Map<String, Json> {
    let all: Vec<&Condition> = conditions(service).filter(|condition| !condition.fields.is_empty()).collect();
    let mut most = Map::new();
    for _ in 0..2 {
        let Some(condition) = pick(&all, chance) else { break };
        let found = asked(condition, service, today, chance);
        if found.len() > most.len() {
            most = found;
        }
    }
    most
}

/// One of several.
fn pick<'a, T>(items: &'a [T], chance: &mut dyn Chance) -> Option<&'a T> {
    let index = chance.below(u64::try_from(items.len()).unwrap_or(0));
    items.get(usize::try_from(index).unwrap_or(0))
}

/// Answers to what a condition asks, as far as the way it is written tells.
fn asked(condition: &Condition, service: &Service, today: Day, chance: &mut dyn Chance) -> Map<String, Json> {
    let pieces = pieces(&condition.source);
    let mut answers = Map::new();
    for at in 0..pieces.len() {
        let Some((name, wish)) = wish(&pieces[at..], chance) else { continue };
        let fitting = service.form.field(name).and_then(|field| answer(&field.kind, wish, today));
        if let Some(answer) = fitting {
            answers.insert(name.to_owned(), answer);
        }
    }
    answers
}

/// What a comparison asks of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish<'a> {
    /// A code or text.
    Text(&'a str),
    /// This number, and so much more.
    Number(&'a str, i64),
    /// Yes or no.
    Flag(bool),
    /// A day so many days after today.
    Day(i64),
}

/// A piece of a condition as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// A name, with what it is a part of.
    Word(&'a str),
    /// A number.
    Number(&'a str),
    /// What stands in quotes.
    Text(&'a str),
    /// A comparison, or any other single sign.
    Sign(&'a str),
}

/// The name and the wish of the comparison that begins here, if one does.
fn wish<'a>(pieces: &[Piece<'a>], chance: &mut dyn Chance) -> Option<(&'a str, Wish<'a>)> {
    use Piece::{Number, Sign, Text, Word};
    Some(match *pieces {
        [Word("days_between"), Sign("("), Word(from), Sign(","), Word(to), Sign(")"), Sign(sign), Number(days), ..] => {
            let days = days.parse::<i64>().ok()?.checked_add(more(sign)?)?;
            match (from, to) {
                (name, "today") => (name, Wish::Day(-days)),
                ("today", name) => (name, Wish::Day(days)),
                _ => return None,
            }
        }
        [Word(name), Word("in"), Sign("["), ref codes @ ..] => (name, Wish::Text(one_of(codes, chance)?)),
        [Text(code), Word("in"), Word(name), ..] | [Word(name), Sign("=="), Text(code), ..] => (name, Wish::Text(code)),
        [Word(name), Sign(sign), Number(number), ..] => (name, Wish::Number(number, more(sign)?)),
        [Word(name), Sign("=="), Word(flag @ ("true" | "false")), ..] => (name, Wish::Flag(flag == "true")),
        _ => return None,
    })
}

/// How much more than what stands behind a comparison fits it.
fn more(sign: &str) -> Option<i64> {
    match sign {
        "==" | "<=" | ">=" => Some(0),
        "<" => Some(-1),
        ">" => Some(1),
        _ => None,
    }
}

/// One of the texts before the closing bracket.
fn one_of<'a>(pieces: &[Piece<'a>], chance: &mut dyn Chance) -> Option<&'a str> {
    let inside = pieces.iter().take_while(|piece| **piece != Piece::Sign("]"));
    let texts: Vec<&'a str> = inside
        .filter_map(|piece| match *piece {
            Piece::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    pick(&texts, chance).copied()
}

/// The answer that a question of this kind gives to a wish.
fn answer(kind: &Kind, wish: Wish<'_>, today: Day) -> Option<Json> {
    Some(match (kind, wish) {
        (Kind::Number { .. }, Wish::Number(text, more)) => json!(text.parse::<i64>().ok()?.checked_add(more)?),
        (Kind::Decimal { .. } | Kind::Money { .. }, Wish::Number(text, more)) => {
            json!((text.parse::<Decimal>().ok()? + Decimal::from(more)).to_string())
        }
        (Kind::Choice { .. } | Kind::Text { .. }, Wish::Text(text)) if !text.is_empty() => json!(text),
        (Kind::Choices { .. }, Wish::Text(code)) => json!([code]),
        (Kind::YesNo, Wish::Flag(flag)) => json!(flag),
        (Kind::Date { .. }, Wish::Day(days)) => json!(add_days(today, days).to_string()),
        _ => return None,
    })
}

/// A condition in pieces.
fn pieces(source: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), source.trim_start());
    while let Some(first) = rest.chars().next() {
        let (piece, after) = match first {
            '"' => {
                let inside = &rest[1..];
                let (text, after) = inside.split_once('"').unwrap_or((inside, ""));
                (Piece::Text(text), after)
            }
            '0'..='9' => {
                let (number, after) = cut(rest, |c| c.is_ascii_digit() || c == '.');
                (Piece::Number(number), after)
            }
            _ if is_of_name(first) => {
                let (word, after) = cut(rest, |c| is_of_name(c) || c == '.');
                (Piece::Word(word), after)
            }
            '=' | '<' | '>' | '!' => {
                let (sign, after) = cut(rest, |c| matches!(c, '=' | '<' | '>' | '!'));
                (Piece::Sign(sign), after)
            }
            other => {
                let (sign, after) = rest.split_at(other.len_utf8());
                (Piece::Sign(sign), after)
            }
        };
        pieces.push(piece);
        rest = after.trim_start();
    }
    pieces
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What fits from the beginning on, and the rest.
fn cut(text: &str, fits: fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c: char| !fits(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::super::walk::Seeded;
    use super::*;

    fn wishes(source: &str) -> Vec<(&str, Wish<'_>)> {
        let pieces = pieces(source);
        (0..pieces.len()).filter_map(|at| wish(&pieces[at..], &mut Seeded(1))).collect()
    }

    #[test]
    fn comparisons_say_which_answers_they_ask_for() {
        let source = r#"area <= 300 && height<10.5 && use in ["house"] && "gas" in kinds
            && near == false && kind == "new" && count > 2"#;
        let wanted = [
            ("area", Wish::Number("300", 0)),
            ("height", Wish::Number("10.5", -1)),
            ("use", Wish::Text("house")),
            ("kinds", Wish::Text("gas")),
            ("near", Wish::Flag(false)),
            ("kind", Wish::Text("new")),
            ("count", Wish::Number("2", 1)),
        ];
        assert_eq!(wishes(source), wanted);
    }

    #[test]
    fn days_are_counted_from_today_on_either_side() {
        let source = "days_between(born_on, today) > 30 || days_between(today, ends_on) <= 60";
        assert_eq!(wishes(source), [("born_on", Wish::Day(-31)), ("ends_on", Wish::Day(60))]);
        assert!(wishes("kind != \"new\" || is_empty(other) || !near || count != 3").is_empty());
    }

    #[test]
    fn what_is_looked_up_in_the_register_is_found() {
        let source = "same(kind, record.answers.kind)\n&& !is_empty(record.answers.owners.name) && record.dues == 0";
        assert_eq!(looked_up(source).collect::<Vec<_>>(), ["kind", "owners"]);
    }
}
