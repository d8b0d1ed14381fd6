//! Examples of a service: the answers of its scenarios, one of which is shown with its fee before
//! anybody starts.

use std::collections::BTreeMap;

use super::run::{Prepared, prepare};
use super::yaml::ScenarioYaml;
use crate::base::date::{add_days, parse_day};
use crate::base::{Answers, Day, Value};
use crate::form::{Field, Form, Kind};
use crate::registry::Record;
use crate::service::{Folders, Service};
use crate::source::{Diagnostics, Shape, read};

/// Scenarios that are tried as examples.
const MOST: usize = 24;
/// Scenarios that begin like one another: more than anybody writes.
const CHAIN: usize = 4;

/// What a scenario begins with.
#[derive(Clone, Debug)]
pub struct Example {
    /// The applicant's answers.
    pub answers: Answers,
    /// The record that the case is about.
    pub record: Option<Record>,
    /// The day on which it begins.
    pub today: Day,
}

impl Example {
    /// The answers as somebody would give them on `day`: what was to come when the scenario begins is still to come,
    /// on the same days of the week, and what was past stays as it is.
    pub fn answers_on(&self, form: &Form, day: Day) -> Answers {
        let mut answers = self.answers.clone();
        let by = whole_weeks(self.today, day);
        for page in form.all_pages() {
            put_off(&page.fields, &mut answers.0, (self.today, by));
        }
        answers
    }
}

/// The days from one day to a later one, rounded up to whole weeks.
fn whole_weeks(from: Day, to: Day) -> i64 {
    let days = to.signed_duration_since(from).num_days().max(0);
    days + (7 - days % 7) % 7
}

/// Puts off the days among answers that lie after `today`.
fn put_off(fields: &[Field], answers: &mut BTreeMap<String, Value>, (today, by): (Day, i64)) {
    for field in fields {
        match (&field.kind, answers.get_mut(field.name.as_str())) {
            (Kind::Date { .. }, Some(Value::Text(text))) => {
                if let Some(day) = parse_day(text).filter(|day| *day > today) {
                    *text = add_days(day, by).to_string();
                }
            }
            (Kind::Group { fields }, Some(Value::Map(group))) => put_off(fields, &mut group.0, (today, by)),
            (Kind::List { fields, .. }, Some(Value::List(items))) => {
                for item in items {
                    if let Value::Map(item) = item {
                        put_off(fields, &mut item.0, (today, by));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The scenario that `service` names as its example, and after it the others: a town whose list of
/// trades is its own may have no use for the first. None for a service that names no example.
pub fn examples(folders: &Folders<'_>, service: &Service) -> Vec<Example> {
    let Some(named) = service.start.example.as_ref().map(|name| format!("{}.yaml", name.value)) else {
        return Vec::new();
    };
    let all = folders.list(&format!("{}/tests", service.id));
    let others = all.into_keys().filter(|name| *name != named);
    std::iter::once(named.clone())
        .chain(others)
        .take(MOST)
        .filter_map(|name| {
            let prepared = find(folders, service, &name, CHAIN)?;
            let (answers, today) = (Answers::from_json(&prepared.answers), prepared.yaml.today.value);
            Some(Example { answers, record: prepared.record, today })
        })
        .collect()
}

fn find(folders: &Folders<'_>, service: &Service, file: &str, chain: usize) -> Option<Prepared> {
    let mut ignored = Diagnostics::default();
    let path = folders.find(&format!("{}/tests/{file}", service.id))?;
    let node = read::yaml(folders.bundle, &path, &mut ignored)?;
    let yaml = ScenarioYaml::read(&node, &mut ignored)?;
    let like = match &yaml.like {
        Some(like) if chain > 0 => Some(find(folders, service, &like.value, chain - 1)?),
        Some(_) => return None,
        None => None,
    };
    Some(prepare(yaml, service, like.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_put_off_by_whole_weeks() {
        let day = |text: &str| parse_day(text).unwrap();
        assert_eq!(whole_weeks(day("2026-04-06"), day("2026-04-06")), 0);
        assert_eq!(whole_weeks(day("2026-04-06"), day("2026-04-07")), 7);
        assert_eq!(whole_weeks(day("2026-04-06"), day("2026-04-13")), 7);
        assert_eq!(whole_weeks(day("2026-04-06"), day("2026-01-01")), 0, "what is yet to come is not put off");
    }
}
