//! What came of a survey in each place. Whatever can be worked out from what is shown, of one place or of all others
//! together, is nobody or enough people.

use std::collections::BTreeMap;

use super::Survey;
use super::tally::{Cell, Counted, Shown, Tally, adds_up, counts, nothing, share, size};
use crate::base::{Answers, Value};
use crate::form::{Field, Kind};

/// What came of a survey in a place.
#[derive(Clone, Debug)]
pub struct InPlace<'a> {
    /// The question that asks for the place.
    pub asked: &'a Field,
    /// The place, by its code.
    pub code: String,
    /// How many named it.
    pub people: i64,
    /// The questions of which something is shown there, in the order in which they are asked.
    pub questions: Vec<Counted<'a>>,
}

/// Counts `answers` by the place that the survey names for it, if it names one; `tally` is what came of them together.
/// Only what has ended may be shown so: in a place, one answer more is one person.
pub fn by_place<'a>(survey: &Survey, tally: &Tally<'a>, answers: &[Answers]) -> Vec<InPlace<'a>> {
    let by = survey.by_place.as_ref();
    let Some(places) = by.and_then(|by| tally.questions.iter().find(|one| one.field.name == *by)) else {
        return Vec::new();
    };
    let asked = places.field;
    let everybody: Vec<&Answers> = answers.iter().collect();
    let mut by_code: BTreeMap<&str, Vec<&Answers>> = BTreeMap::new();
    for one in answers {
        if let Some(code) = one.text(&asked.name) {
            by_code.entry(code).or_default().push(one);
        }
    }
    let mut groups: Vec<Vec<&Answers>> = Vec::new();
    let mut found: Vec<InPlace<'a>> = Vec::new();
    // Places of which it is hidden how many named them are not among these.
    for cell in &places.cells {
        let group = by_code.remove(cell.code.as_str()).unwrap_or_default();
        found.push(InPlace { asked, code: cell.code.clone(), people: size(group.len()), questions: Vec::new() });
        groups.push(group);
    }
    let mut open: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for counted in tally.questions.iter().filter(|counted| is_crossed(counted)) {
        let all = numbers(counted, &everybody);
        let each: Vec<Vec<i64>> = groups.iter().map(|group| numbers(counted, group)).collect();
        // Where the answer is hidden on which a question depends, how many were asked it would tell that answer.
        let depends: Vec<&Vec<bool>> = counted
            .field
            .when
            .iter()
            .flat_map(|when| &when.fields)
            .filter_map(|name| open.get(name.as_str()))
            .collect();
        let may: Vec<bool> = (0..each.len()).map(|at| depends.iter().all(|shown| shown[at])).collect();
        let shown = shown(&all, &each, &may, survey.least);
        for ((place, numbers), _) in found.iter_mut().zip(&each).zip(&shown).filter(|(_, shown)| **shown) {
            place.questions.extend(in_place(counted, numbers, place.people));
        }
        open.insert(counted.field.name.as_str(), shown);
    }
    found.retain(|place| !place.questions.is_empty());
    found
}

/// Whether a question is counted by place: its answers are offered, and none of their numbers is hidden for all places
/// together, since those of the places would add up to it.
fn is_crossed(counted: &Counted<'_>) -> bool {
    let kind = &counted.field.kind;
    let offers = matches!(kind, Kind::YesNo | Kind::Choice { .. } | Kind::Choices { .. } | Kind::Rating);
    offers && counted.answered.is_some() && counted.cells.iter().all(|cell| cell.shown != Shown::Hidden)
}

/// Every number of people that a table of these answers tells: who gave each answer; who did not, where several can be
/// given; and, at the end, who gave none.
fn numbers(counted: &Counted<'_>, people: &[&Answers]) -> Vec<i64> {
    let field = counted.field;
    let given: Vec<&Value> = people.iter().filter_map(|one| one.get(&field.name)).collect();
    let codes = counted.cells.iter().map(|cell| cell.code.as_str());
    let (mut numbers, answered) = counts(&field.kind, codes, &given);
    if !adds_up(&field.kind) {
        let others: Vec<i64> = numbers.iter().map(|number| answered - number).collect();
        numbers.extend(others);
    }
    numbers.push(size(people.len()) - answered);
    numbers
}

/// In which places a question is shown: in those where it may be and each number is clear, as long as the numbers of all
/// other people together are clear as well. Else the place with the fewest people is hidden with them.
fn shown(all: &[i64], each: &[Vec<i64>], may: &[bool], least: i64) -> Vec<bool> {
    let clear = |numbers: &[i64]| numbers.iter().all(|number| !(1..least).contains(number));
    let mut shown: Vec<bool> = may.iter().zip(each).map(|(may, numbers)| *may && clear(numbers)).collect();
    loop {
        let mut rest = all.to_vec();
        for (numbers, _) in each.iter().zip(&shown).filter(|(_, shown)| **shown) {
            for (left, number) in rest.iter_mut().zip(numbers) {
                *left -= number;
            }
        }
        if clear(&rest) {
            return shown;
        }
        let smallest = (0..each.len()).filter(|at| shown[*at]).min_by_key(|at| each[*at].iter().sum::<i64>());
        let Some(smallest) = smallest else { return shown };
        shown[smallest] = false;
    }
}

/// What is shown of a question in a place; nothing where nobody answered it.
fn in_place<'a>(counted: &Counted<'a>, numbers: &[i64], people: i64) -> Option<Counted<'a>> {
    let answered = people - numbers.last().copied().unwrap_or_default();
    if answered == 0 {
        return None;
    }
    let cell = |(cell, number): (&Cell, &i64)| Cell {
        code: cell.code.clone(),
        shown: Shown::People(*number, share(*number, answered)),
    };
    let cells = counted.cells.iter().zip(numbers).map(cell).collect();
    Some(Counted { answered: Some(answered), cells, ..nothing(counted.field) })
}
