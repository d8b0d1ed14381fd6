//! What the answers of a case ask for, and what a list says of it.

use chrono::Datelike as _;

use super::{CLOSED, PARTS, Places, Reserve, Slot, Takes, WHOLE_DAY, Wrong};
use crate::base::date::{add_days, parse_day};
use crate::base::{Answers, Calendar, Day, Value, limits};
use crate::form::Form;
use crate::list::List;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The code of what is asked for.
    pub resource: String,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// The parts of each day.
    pub parts: Vec<String>,
    /// How many places.
    pub takes: i64,
}

/// The days of the week as lists write them.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Whether `word` can stand in the column `closed`.
pub(crate) fn is_word_of_closed(word: &str) -> bool {
    WEEKDAYS.contains(&word) || word == "second_saturday" || word == "holidays"
}

/// Whether something is closed on `day`, of which a list says these words.
pub fn is_closed(words: &[String], day: Day, calendar: &Calendar) -> bool {
    let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    words.iter().any(|word| match word.as_str() {
        "second_saturday" => weekday == "saturday" && (8..=14).contains(&day.day()),
        "holidays" => calendar.holidays.contains_key(&day),
        word => word == weekday,
    })
}

impl Reserve {
    /// The list that its resources stand in.
    pub fn list<'a>(&self, form: &'a Form) -> Option<&'a List> {
        form.field(&self.resource.value)?.chosen_from()
    }

    /// The parts of a day of this resource.
    pub fn parts_of(&self, list: Option<&List>, code: &str) -> Vec<String> {
        let parts = words(list, code, PARTS);
        if parts.is_empty() { vec![WHOLE_DAY.to_owned()] } else { parts }
    }

    /// When this resource is closed, in the words of the list.
    pub fn closed_of(&self, list: Option<&List>, code: &str) -> Vec<String> {
        words(list, code, CLOSED)
    }

    /// How many cases may have this resource at once.
    pub fn places_of(&self, list: Option<&List>, code: &str) -> i64 {
        match &self.places {
            Places::Count(count) => *count,
            Places::Listed(column) => {
                let cell = list.and_then(|list| list.inherited(code, column));
                cell.and_then(|cell| cell.parse::<i64>().ok()).filter(|count| *count > 0).unwrap_or(1)
            }
        }
    }

    /// Every place that this resource has on a day, or on a part of it.
    pub fn all_on(&self, form: &Form, code: &str, day: Day, part: Option<&str>) -> Vec<Slot> {
        let list = self.list(form);
        let parts = part.map_or_else(|| self.parts_of(list, code), |part| vec![part.to_owned()]);
        let places = self.places_of(list, code);
        let slot = |part: &String, place| Slot {
            calendar: self.calendar.value.clone(),
            resource: code.to_owned(),
            day,
            part: part.clone(),
            place,
        };
        parts.iter().flat_map(|part| (1..=places).map(move |place| slot(part, place))).collect()
    }

    /// What these answers ask for.
    pub fn asked(&self, form: &Form, answers: &Answers) -> Result<Asked, Wrong> {
        let day = |name: &str| answers.text(name).and_then(parse_day);
        let whole = |name: &str| answers.get(name).and_then(whole);
        let resource = answers.text(&self.resource.value).ok_or(Wrong::Unknown)?.to_owned();
        let from = day(&self.from.value).ok_or(Wrong::Unknown)?;
        let until = match (&self.until, &self.days) {
            (Some(until), _) => day(&until.value).ok_or(Wrong::Unknown)?,
            (None, Some(days)) => add_days(from, whole(&days.value).ok_or(Wrong::Unknown)?.saturating_sub(1)),
            (None, None) => from,
        };
        let parts = match &self.parts {
            None => self.parts_of(self.list(form), &resource),
            Some(parts) => chosen(answers.get(&parts.value)),
        };
        let takes = match &self.takes {
            Takes::Count(count) => *count,
            Takes::Field(field) => whole(&field.value).ok_or(Wrong::Unknown)?,
        };
        let days = (until - from).num_days() + 1;
        let all = i64::try_from(parts.len()).ok().and_then(|parts| days.checked_mul(parts)?.checked_mul(takes));
        if days < 1 || takes < 1 || parts.is_empty() || all.is_none_or(|all| all > limits::SLOTS) {
            return Err(Wrong::Unknown);
        }
        Ok(Asked { resource, from, until, parts, takes })
    }
}

/// The words of a column in the row of `code`, or in the nearest row above that has any.
fn words(list: Option<&List>, code: &str, column: &str) -> Vec<String> {
    let Some(list) = list else { return Vec::new() };
    let cell = |words: &Vec<String>| words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>();
    let found =
        list.ancestry(code).find_map(|entry| entry.attributes.get(column).map(cell).filter(|all| !all.is_empty()));
    found.unwrap_or_default()
}

/// A number that was answered, or chosen.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// The codes that were chosen: one, or several.
fn chosen(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Text(code)) => vec![code.clone()],
        Some(Value::List(items)) => {
            let code = |item: &Value| if let Value::Text(code) = item { Some(code.clone()) } else { None };
            items.iter().filter_map(code).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_are_days_of_the_week_the_second_saturday_and_holidays() {
        let day = |text| parse_day(text).unwrap();
        let mut calendar = Calendar::default();
        calendar.holidays.insert(day("2026-01-26"), crate::base::Text::new("Republic Day"));
        let closed = |words: &[&str], on| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            is_closed(&words, day(on), &calendar)
        };
        assert!(closed(&["monday"], "2026-07-13"));
        assert!(!closed(&["monday"], "2026-07-14"));
        assert!(closed(&["second_saturday"], "2026-07-11"));
        assert!(!closed(&["second_saturday"], "2026-07-04"));
        assert!(closed(&["sunday", "holidays"], "2026-01-26"));
        assert!(!closed(&[], "2026-01-26"));
    }
}
