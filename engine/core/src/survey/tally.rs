//! What may be shown of answers: how many said what, and no number behind which somebody could be found.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};

use super::Survey;
use crate::base::{Answers, Value};
use crate::form::{Field, Kind, Options};
use crate::list::List;

/// What came of a survey.
#[derive(Clone, Debug)]
pub struct Tally<'a> {
    /// How many answered; none if they are too few for anything to be shown.
    pub people: Option<i64>,
    /// The questions in the order in which they are asked.
    pub questions: Vec<Counted<'a>>,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    /// The question.
    pub field: &'a Field,
    /// How many answered it; none if nothing of it may be shown.
    pub answered: Option<i64>,
    /// How many gave each answer, of questions that offer answers; of places only those that may be shown.
    pub cells: Vec<Cell>,
    /// The mean of numbers and of stars, with one decimal.
    pub mean: Option<Decimal>,
    /// The number in the middle: as many gave less as gave more.
    pub median: Option<Decimal>,
    /// What was said in words, in the order of the alphabet. It may name people, and is for the office alone.
    pub texts: Vec<String>,
}

/// One answer that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its code: of an option or a place; `yes` and `no`; stars from `1` to `5`.
    pub code: String,
    /// How many gave it.
    pub shown: Shown,
}

/// A number of people, if it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// So many, and their share of those who answered in hundredths.
    People(i64, i64),
    /// Too few, or a number from which that of too few could be worked out.
    Hidden,
}

/// Counts `answers`; `places` are those of the town.
pub fn tally<'a>(survey: &'a Survey, places: &List, answers: &[Answers]) -> Tally<'a> {
    let least = survey.least;
    let people = Some(size(answers.len())).filter(|people| *people >= least);
    // What is said of a question could tell what is hidden of another one on which it depends.
    let mut veiled: BTreeSet<&str> = BTreeSet::new();
    let mut questions = Vec::new();
    for field in survey.form.fields() {
        let depends = field.when.iter().flat_map(|when| &when.fields).any(|name| veiled.contains(name.as_str()));
        let open = people.is_some() && !depends;
        let counted = if open { count(field, places, answers, least) } else { nothing(field) };
        let hides = counted.cells.iter().any(|cell| cell.shown == Shown::Hidden);
        if counted.answered.is_none() || hides || matches!(field.kind, Kind::Place { .. }) {
            veiled.insert(&field.name);
        }
        questions.push(counted);
    }
    Tally { people, questions }
}

pub(super) fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

pub(super) fn nothing(field: &Field) -> Counted<'_> {
    Counted { field, answered: None, cells: Vec::new(), mean: None, median: None, texts: Vec::new() }
}

fn count<'a>(field: &'a Field, places: &List, answers: &[Answers], least: i64) -> Counted<'a> {
    let given: Vec<&Value> = answers.iter().filter_map(|one| one.get(&field.name)).collect();
    let answered = size(given.len());
    if answered < least {
        return nothing(field);
    }
    let mut counted = Counted { answered: Some(answered), ..nothing(field) };
    match &field.kind {
        Kind::Number { .. } | Kind::Decimal { .. } => {
            let mut numbers: Vec<Decimal> = given.iter().filter_map(|value| value.decimal()).collect();
            numbers.sort_unstable();
            counted.mean = mean(&numbers);
            counted.median = median(&numbers);
        }
        Kind::Text { .. } => {
            counted.texts = given.iter().filter_map(|value| text(value)).collect();
            counted.texts.sort_unstable();
        }
        kind => {
            let codes = offered(kind, places);
            let (numbers, answered) = counts(kind, codes.iter().map(String::as_str), &given);
            if answered < least {
                return nothing(field);
            }
            counted.answered = Some(answered);
            counted.cells = cells(codes, &numbers, (answered, least), adds_up(kind));
            let whole = counted.cells.iter().all(|cell| cell.shown != Shown::Hidden);
            if matches!(kind, Kind::Rating) && whole {
                let stars: Vec<Decimal> = given.iter().filter_map(|value| value.decimal()).collect();
                counted.mean = mean(&stars);
            }
            if matches!(kind, Kind::Place { .. }) {
                // A town has more places than anybody reads of which nothing can be said.
                counted.cells.retain(|cell| matches!(cell.shown, Shown::People(1.., _)));
            }
        }
    }
    counted
}

/// The answers that a question offers, by their codes.
fn offered(kind: &Kind, places: &List) -> Vec<String> {
    match kind {
        Kind::YesNo => ["yes", "no"].map(str::to_owned).to_vec(),
        Kind::Rating => (1..=5).rev().map(|stars: i64| stars.to_string()).collect(),
        Kind::Choice { options } | Kind::Choices { options, .. } => match options {
            Options::Here(options) => options.iter().map(|(code, _)| code.clone()).collect(),
            Options::List(list) => list.choices().map(|entry| entry.code.clone()).collect(),
        },
        Kind::Place { level } => {
            let own = places.entries.iter().filter(|place| place.level() == Some(level.as_str()));
            own.map(|place| place.code.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the numbers of those who gave each answer add up to those who answered: where one answer is given.
pub(super) fn adds_up(kind: &Kind) -> bool {
    matches!(kind, Kind::YesNo | Kind::Rating | Kind::Choice { .. } | Kind::Place { .. })
}

/// How many of the answers `given` to a question have each of these codes, and how many answered it. Where one answer
/// is given, one that is not offered any more is none: beside the others it would tell of those few who gave it.
pub(super) fn counts<'a>(kind: &Kind, codes: impl Iterator<Item = &'a str>, given: &[&Value]) -> (Vec<i64>, i64) {
    let mut by_code: BTreeMap<String, i64> = BTreeMap::new();
    for code in given.iter().flat_map(|value| chosen(value)) {
        *by_code.entry(code).or_default() += 1;
    }
    let numbers: Vec<i64> = codes.map(|code| by_code.get(code).copied().unwrap_or_default()).collect();
    let answered: i64 = if adds_up(kind) { numbers.iter().sum() } else { size(given.len()) };
    (numbers, answered)
}

/// What is shown of these answers. Where the numbers add up to those who answered, what is hidden is hidden together
/// with so many others that its sum says nothing.
fn cells(codes: Vec<String>, numbers: &[i64], (answered, least): (i64, i64), adds_up: bool) -> Vec<Cell> {
    // Who did not choose something is counted by the difference, where several things can be chosen.
    let tells = |number: i64| (1..least).contains(&number) || (!adds_up && (1..least).contains(&(answered - number)));
    let mut hidden: Vec<bool> = numbers.iter().map(|number| tells(*number)).collect();
    if adds_up {
        hide_beside(numbers, &mut hidden, least);
    }
    let shown = |number: i64, hidden: bool| {
        if hidden { Shown::Hidden } else { Shown::People(number, share(number, answered)) }
    };
    let all = codes.into_iter().zip(numbers).zip(hidden);
    all.map(|((code, number), hidden)| Cell { code, shown: shown(*number, hidden) }).collect()
}

/// The share of those who answered, in hundredths.
pub(super) fn share(number: i64, answered: i64) -> i64 {
    (number * 200 + answered) / (answered * 2)
}

/// Hides the smallest of what is open until what is hidden is nobody or so many that their sum says nothing.
fn hide_beside(numbers: &[i64], hidden: &mut [bool], least: i64) {
    loop {
        let sum: i64 = numbers.iter().zip(&*hidden).filter(|(_, hidden)| **hidden).map(|(number, _)| number).sum();
        let open = numbers.iter().enumerate().filter(|(at, number)| **number > 0 && !hidden[*at]);
        match open.min_by_key(|(_, number)| **number) {
            Some((at, _)) if sum > 0 && sum < least => hidden[at] = true,
            _ => return,
        }
    }
}

/// The codes of what was chosen.
fn chosen(value: &Value) -> Vec<String> {
    match value {
        Value::Text(code) => vec![code.clone()],
        Value::Int(number) => vec![number.to_string()],
        Value::Flag(flag) => vec![if *flag { "yes" } else { "no" }.to_owned()],
        Value::List(items) => items.iter().flat_map(chosen).collect(),
        Value::Map(_) => Vec::new(),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn mean(numbers: &[Decimal]) -> Option<Decimal> {
    let sum = numbers.iter().try_fold(Decimal::ZERO, |sum, number| sum.checked_add(*number))?;
    sum.checked_div(Decimal::from(numbers.len())).map(rounded)
}

/// Of numbers in order.
fn median(numbers: &[Decimal]) -> Option<Decimal> {
    let middle = numbers.len() / 2;
    let upper = numbers.get(middle)?;
    if numbers.len() % 2 == 1 {
        return Some(rounded(*upper));
    }
    let lower = numbers.get(middle.checked_sub(1)?)?;
    lower.checked_add(*upper)?.checked_div(Decimal::TWO).map(rounded)
}

fn rounded(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize()
}
