//! Which answers a law of the fees is tried with: what is at the edges of the rates, between them and at the limits of
//! the question, and some that are drawn always alike.

use std::collections::BTreeSet;

use rhai::{Array, Dynamic, ImmutableString, Map};
use rust_decimal::Decimal;

use super::walk::{Chance, Seeded};
use crate::base::{Day, Money};
use crate::fees::table::Match;
use crate::fees::{Fees, RateValue, Schedule};
use crate::form::{Field, Form, Kind, Options};
use crate::rule::Facts;

/// Edges of rates that are looked at.
const EDGES: usize = 120;
/// Other numbers of the case from which the edges are counted too: a reading counts from the last one.
const OTHERS: usize = 10;
/// Edges of which each is added to each other: slabs that are walked through end where several do together.
const ADDED: usize = 16;
/// Numbers that are drawn.
const DRAWN: usize = 40;
/// Options of a choice that are tried.
const CODES: usize = 60;
/// How deep groups and lists are looked into.
const DEPTH: usize = 3;

/// An answer that is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    Number(Decimal),
    Code(String),
    Flag(bool),
}

impl Trial {
    /// As rules see it.
    pub(super) fn fact(&self, kind: &Kind) -> Dynamic {
        match self {
            Self::Number(x) if matches!(kind, Kind::Number { .. } | Kind::Rating) => {
                i64::try_from(*x).map_or_else(|_| Dynamic::from_decimal(*x), Dynamic::from_int)
            }
            Self::Number(x) => Dynamic::from_decimal(*x),
            Self::Code(code) => ImmutableString::from(code.as_str()).into(),
            Self::Flag(flag) => Dynamic::from_bool(*flag),
        }
    }

    /// As it is told.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Number(x) => x.normalize().to_string(),
            Self::Code(code) => code.clone(),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    /// What makes it smaller than another: fewer decimals, then less.
    pub(super) fn size(&self) -> (u32, Decimal) {
        match self {
            Self::Number(x) => (x.normalize().scale(), *x),
            Self::Code(_) | Self::Flag(_) => (0, Decimal::ZERO),
        }
    }
}

/// How far the answers to a question are apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    places: u32,
}

impl Step {
    /// That of a question for a number.
    pub(super) fn of(kind: &Kind) -> Option<Self> {
        let places = match kind {
            Kind::Number { .. } | Kind::Rating => 0,
            Kind::Decimal { places, .. } => *places,
            Kind::Money { .. } => 2,
            _ => return None,
        };
        Some(Self { places })
    }

    /// An answer about half way between two, if there is one.
    pub(super) fn between(self, low: Decimal, high: Decimal) -> Option<Decimal> {
        let middle = (low.checked_add(high)? / Decimal::TWO).round_dp(self.places);
        (low < middle && middle < high).then_some(middle)
    }

    fn width(self) -> Decimal {
        Decimal::new(1, self.places)
    }
}

/// The questions that the rules read and that can be changed alone, by their paths: those on which it depends whether
/// others are asked are left out, since the others would lack their answers.
pub(super) fn paths(form: &Form, fees: &Fees) -> Vec<String> {
    let mut paths = Vec::new();
    let read = |field: &&Field| fees.script.reads.contains(field.name.as_str());
    let mut decides = BTreeSet::new();
    for page in form.all_pages().filter(|page| page.fields.iter().any(|field| read(&field))) {
        decides.extend(page.when.iter().flat_map(|when| &when.fields).map(String::as_str));
        deciding(&page.fields, &mut decides);
    }
    for field in form.fields().filter(read) {
        inside("", field, fees, &mut paths);
    }
    paths.retain(|path| !path.split('.').any(|name| decides.contains(name)));
    paths
}

/// The questions on which it depends whether `fields` are asked, and how often.
fn deciding<'a>(fields: &'a [Field], decides: &mut BTreeSet<&'a str>) {
    for field in fields {
        let conditions = [&field.when, &field.one_when, &field.several_when].into_iter().flatten();
        decides.extend(conditions.flat_map(|condition| &condition.fields).map(String::as_str));
        if let Kind::Group { fields } | Kind::List { fields, .. } = &field.kind {
            deciding(fields, decides);
        }
    }
}

fn inside(above: &str, field: &Field, fees: &Fees, paths: &mut Vec<String>) {
    let path = format!("{above}{}", field.name);
    match &field.kind {
        Kind::Group { fields } | Kind::List { fields, .. } if path.split('.').count() < DEPTH => {
            for inner in fields.iter().filter(|inner| fees.reads(&inner.name)) {
                inside(&format!("{path}."), inner, fees, paths);
            }
        }
        kind if Step::of(kind).is_some() || matches!(kind, Kind::Choice { .. } | Kind::YesNo) => paths.push(path),
        _ => {}
    }
}

/// The answers that a question is tried with where it was answered with `present`; numbers ascend.
pub(super) fn trials(field: &Field, present: &Dynamic, facts: &Facts, schedule: &Schedule, most: usize) -> Vec<Trial> {
    let mut trials: Vec<Trial> = match &field.kind {
        Kind::Choice { options: Options::Here(options) } => {
            options.iter().map(|(code, _)| Trial::Code(code.clone())).collect()
        }
        Kind::Choice { options: Options::List(list) } => {
            list.choices().take(CODES).map(|entry| Trial::Code(entry.code.clone())).collect()
        }
        Kind::YesNo => vec![Trial::Flag(false), Trial::Flag(true)],
        kind => Step::of(kind).map_or_else(Vec::new, |step| {
            let numbers = numbers(kind, step, (present, facts), schedule, most);
            numbers.into_iter().map(Trial::Number).collect()
        }),
    };
    trials.truncate(most);
    trials
}

/// Numbers that the form accepts.
struct Numbers {
    min: Decimal,
    max: Decimal,
    step: Step,
    most: usize,
    found: BTreeSet<Decimal>,
}

impl Numbers {
    fn one(&mut self, x: Decimal) {
        let fits = self.min <= x && x <= self.max && x.round_dp(self.step.places) == x;
        if fits && self.found.len() < self.most {
            self.found.insert(x);
        }
    }

    /// A number, and its neighbours.
    fn around(&mut self, x: Decimal) {
        let width = self.step.width();
        for x in [Some(x), x.checked_sub(width), x.checked_add(width)].into_iter().flatten() {
            self.one(x);
        }
    }
}

/// What lies nearest is found first: so many numbers as there is time for.
fn numbers(
    kind: &Kind,
    step: Step,
    (present, facts): (&Dynamic, &Facts),
    schedule: &Schedule,
    most: usize,
) -> BTreeSet<Decimal> {
    let mut edges = BTreeSet::new();
    schedule.values.values().for_each(|value| edges_of(value, &mut edges));
    let edges: Vec<Decimal> = edges.into_iter().take(EDGES).collect();
    let mut others = BTreeSet::new();
    numbers_of(&Dynamic::from_map(facts.clone()), &mut others);
    let (min, max) = bounds(kind);
    let top = edges.last().and_then(|edge| edge.checked_mul(Decimal::TWO)).unwrap_or_default() + Decimal::ONE_HUNDRED;
    let max = max.unwrap_or_else(|| top.max(min));
    let mut numbers = Numbers { min, max, step, most, found: BTreeSet::new() };
    numbers.around(min);
    numbers.around(max);
    let mut present_too = BTreeSet::new();
    numbers_of(present, &mut present_too);
    for x in present_too {
        numbers.around(x);
    }
    let width = step.width();
    let first = (0..most / 4).filter_map(|steps| min.checked_add(width.checked_mul(Decimal::from(steps))?));
    first.take_while(|_| step.places == 0).for_each(|x| numbers.one(x));
    for other in std::iter::once(Decimal::ZERO).chain(others.into_iter().take(OTHERS)) {
        edges.iter().filter_map(|edge| other.checked_add(*edge)).for_each(|x| numbers.around(x));
        let middles =
            edges.windows(2).filter_map(|pair| Some((pair.first()?.checked_add(*pair.last()?)?) / Decimal::TWO));
        middles.filter_map(|middle| other.checked_add(middle)).for_each(|x| numbers.one(x));
    }
    for (place, one) in edges.iter().take(ADDED).enumerate() {
        let sums = edges.iter().take(ADDED).skip(place).filter_map(|other| one.checked_add(*other));
        sums.for_each(|x| numbers.around(x));
    }
    for x in drawn(min, max.min(top.max(min)), step) {
        numbers.one(x);
    }
    numbers.found
}

/// Numbers from one to another, drawn always alike.
fn drawn(from: Decimal, to: Decimal, step: Step) -> Vec<Decimal> {
    let steps = |x: Decimal| x.checked_div(step.width()).and_then(|steps| i64::try_from(steps.trunc()).ok());
    let (Some(from), Some(to)) = (steps(from), steps(to)) else { return Vec::new() };
    let mut chance = Seeded(1);
    (0..DRAWN).map(|_| Decimal::new(chance.between(from, to.max(from)), step.places)).collect()
}

/// The least and the most that the form accepts.
fn bounds(kind: &Kind) -> (Decimal, Option<Decimal>) {
    match kind {
        Kind::Number { min, max, .. } => (min.map_or(Decimal::ZERO, Decimal::from), max.map(Decimal::from)),
        Kind::Decimal { min, max, .. } => (min.unwrap_or_default(), *max),
        Kind::Money { min, max } => (min.unwrap_or_default().rupees(), max.map(Money::rupees)),
        _ => (Decimal::ONE, Some(Decimal::from(5))),
    }
}

/// The numbers of rates, and the ends of the intervals of tables.
fn edges_of(value: &RateValue, edges: &mut BTreeSet<Decimal>) {
    match value {
        RateValue::Number(number) => {
            edges.insert(*number);
        }
        RateValue::Word(_) => {}
        RateValue::Map(map) => map.values().for_each(|value| edges_of(value, edges)),
        RateValue::Table(table) => {
            for one in table.rows.iter().flat_map(|row| row.matches.iter().flatten()) {
                if let Match::In(interval) = one {
                    edges.insert(interval.from);
                    edges.extend(interval.to);
                }
            }
        }
    }
}

/// The numbers in an answer, or in all of them.
fn numbers_of(value: &Dynamic, found: &mut BTreeSet<Decimal>) {
    if let Some(number) = number_of(value) {
        found.insert(number);
    } else if let Some(items) = value.read_lock::<Array>() {
        items.iter().for_each(|item| numbers_of(item, found));
    } else if let Some(map) = value.read_lock::<Map>() {
        map.values().for_each(|part| numbers_of(part, found));
    }
}

fn number_of(value: &Dynamic) -> Option<Decimal> {
    value.as_int().map(Decimal::from).or_else(|_| value.as_decimal()).ok()
}

/// A plain answer as it is told; `None` for nothing, groups and lists.
pub(super) fn written(value: &Dynamic) -> Option<String> {
    if let Some(number) = number_of(value) {
        return Some(number.normalize().to_string());
    }
    if let Ok(flag) = value.as_bool() {
        return Some(flag.to_string());
    }
    if let Some(day) = value.read_lock::<Day>() {
        return Some(day.to_string());
    }
    value.as_immutable_string_ref().ok().map(|text| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn half_way_lies_between_until_nothing_does() {
        let whole = Step { places: 0 };
        assert_eq!(whole.between(number("34"), number("36")), Some(number("35")));
        assert_eq!(whole.between(number("35"), number("36")), None);
        let cents = Step { places: 2 };
        assert_eq!(cents.between(number("10"), number("11")), Some(number("10.5")));
        assert_eq!(cents.between(number("10.01"), number("10.02")), None);
    }

    #[test]
    fn numbers_that_are_drawn_are_always_the_same_and_on_the_grid() {
        let (from, to, step) = (number("1"), number("9.5"), Step { places: 1 });
        let one = drawn(from, to, step);
        assert_eq!(one, drawn(from, to, step));
        assert!(one.iter().all(|x| from <= *x && *x <= to && x.round_dp(1) == *x));
    }

    #[test]
    fn fewer_decimals_are_smaller_than_less() {
        let (half, hundredth) = (Trial::Number(number("10.50")), Trial::Number(number("10.01")));
        assert!(half.size() < hundredth.size());
        assert!(Trial::Number(number("9")).size() < half.size());
    }
}
