//! Invented history: how cases of a service go in a town that never was, for demonstrations.
//!
//! A service may have a `demo.yaml` that says how many cases there are, how often which action
//! is taken, and with which words. What it leaves out is made up.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::answers::made_up;
use super::walk::Chance;
use crate::base::{Day, Name};
use crate::form::{Field, Kind, Page};
use crate::list::List;
use crate::source::scalar::Code;
use crate::source::shape::shape;
use crate::source::{At, Bundle, Diagnostics, Map, Shape, read};

shape! {
    /// How cases of a service go in an invented history.
    pub(crate) struct HistoryYaml {
        /// How many cases, in all towns and years together.
        cases: At<i64>,
        /// Answers to choose from, by field; the field of a group or list is written `owners.name`.
        answers: Option<Map<Vec<At<String>>, String>>,
        /// How often an action is taken, against others of its state; 10 when silent, 0 for never. `idle`: how often a case that has ended is left alone.
        weights: Option<Map<At<i64>>>,
        /// Comments to choose from, by action.
        comments: Option<Map<Vec<At<String>>>>,
        /// What the whole history has at least; making it fails if it does not.
        at_least: Option<LeastYaml>,
    }
}

shape! {
    /// What a whole history has at least.
    pub(crate) struct LeastYaml {
        /// Cases.
        cases: Option<At<i64>>,
        /// Records that they made.
        records: Option<At<i64>>,
        /// Towns in which there are cases.
        towns: Option<At<i64>>,
    }
}

shape! {
    /// People and money of an invented history.
    pub(crate) struct CastYaml {
        /// Names of citizens.
        people: Vec<At<String>>,
        /// Names of employees.
        staff: Vec<At<String>>,
        /// Towns that have a history, and their share of it.
        towns: Map<At<i64>, Code>,
        /// Towns whose employees can sign in.
        offices: Vec<At<Code>>,
    }
}

/// How cases of a service go.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// How many cases.
    pub cases: usize,
    /// What the whole of it has at least.
    pub at_least: Least,
    samples: BTreeMap<String, Vec<String>>,
    weights: BTreeMap<String, u64>,
    comments: BTreeMap<String, Vec<String>>,
}

/// What a whole history has at least.
#[derive(Clone, Copy, Debug, Default)]
pub struct Least {
    /// Cases.
    pub cases: usize,
    /// Records that they made.
    pub records: usize,
    /// Towns in which there are cases.
    pub towns: usize,
}

/// Who plays in a history.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    /// Names of citizens.
    pub people: Vec<String>,
    /// Names of employees.
    pub staff: Vec<String>,
    /// Towns and their shares.
    pub towns: Vec<(String, u64)>,
    /// Towns whose employees can sign in.
    pub offices: Vec<String>,
}

/// Reads the `demo.yaml` at `path`.
pub fn history(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<History> {
    let yaml = HistoryYaml::read(&read::yaml(bundle, path, out)?, out)?;
    let words = |many: Vec<At<String>>| many.into_iter().map(|one| one.value).collect::<Vec<_>>();
    Some(History {
        cases: usize::try_from(yaml.cases.value).unwrap_or(0),
        at_least: yaml.at_least.map(least).unwrap_or_default(),
        samples: yaml.answers.unwrap_or_default().0.into_iter().map(|(path, many)| (path.value, words(many))).collect(),
        weights: yaml
            .weights
            .unwrap_or_default()
            .0
            .into_iter()
            .map(|(name, weight)| (name.value.to_string(), u64::try_from(weight.value).unwrap_or(0)))
            .collect(),
        comments: yaml
            .comments
            .unwrap_or_default()
            .0
            .into_iter()
            .map(|(name, many)| (name.value.to_string(), words(many)))
            .collect(),
    })
}

fn least(yaml: LeastYaml) -> Least {
    let count = |at: Option<At<i64>>| at.and_then(|at| usize::try_from(at.value).ok()).unwrap_or(0);
    Least { cases: count(yaml.cases), records: count(yaml.records), towns: count(yaml.towns) }
}

/// Reads the cast of a state: `tenants/<state>/demo.yaml`.
pub fn cast(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<Cast> {
    let yaml = CastYaml::read(&read::yaml(bundle, path, out)?, out)?;
    Some(Cast {
        people: yaml.people.into_iter().map(|name| name.value).collect(),
        staff: yaml.staff.into_iter().map(|name| name.value).collect(),
        towns: yaml
            .towns
            .0
            .into_iter()
            .map(|(town, share)| (town.value.0, u64::try_from(share.value).unwrap_or(0)))
            .collect(),
        offices: yaml.offices.into_iter().map(|town| town.value.0).collect(),
    })
}

/// The JSON Schemas of both files: of a service, and of a state.
pub fn schemas() -> [(&'static str, Json); 2] {
    [
        ("demo", crate::source::shape::document::<HistoryYaml>("The invented history of a service")),
        ("cast", crate::source::shape::document::<CastYaml>("Who plays in an invented history")),
    ]
}

impl History {
    /// Answers to a page: what the samples say, and what is made up.
    pub fn answers(&self, page: &Page, today: Day, places: &List, chance: &mut dyn Chance) -> Json {
        let mut answers = made_up(page, today, places, chance);
        self.sample("", &page.fields, &mut answers, chance);
        let lists = page.fields.iter().filter(|field| field.one_when.is_some() || field.several_when.is_some());
        let prefixes: Vec<_> = lists.map(|list| list.name.to_string()).collect();
        super::answers::right_counts(page, &mut answers, today, &mut |fields| {
            let mut item = super::answers::made_up_fields(fields, today, places, chance);
            for prefix in &prefixes {
                self.sample(prefix, fields, &mut item, chance);
            }
            item
        });
        answers
    }

    fn sample(&self, prefix: &str, fields: &[Field], answers: &mut Json, chance: &mut dyn Chance) {
        for field in fields {
            let path = if prefix.is_empty() { field.name.to_string() } else { format!("{prefix}.{}", field.name) };
            let Some(answer) = answers.get_mut(field.name.as_str()) else { continue };
            match (&field.kind, self.samples.get(&path)) {
                (Kind::Group { fields }, _) => self.sample(&path, fields, answer, chance),
                (Kind::List { fields, .. }, _) => {
                    for item in answer.as_array_mut().into_iter().flatten() {
                        self.sample(&path, fields, item, chance);
                    }
                }
                (Kind::Number { .. } | Kind::Rating, Some(samples)) => {
                    if let Some(number) = pick(samples, chance).and_then(|text| text.parse::<i64>().ok()) {
                        *answer = json!(number);
                    }
                }
                (Kind::YesNo, Some(samples)) => *answer = json!(pick(samples, chance) == Some("yes")),
                (_, Some(samples)) => *answer = json!(pick(samples, chance)),
                (Kind::Text { .. }, None) if answer.as_str().is_some_and(|text| text.starts_with("aaa")) => {
                    *answer = json!("—");
                }
                _ => {}
            }
        }
    }

    /// One of `actions`, the heavier the likelier; `None` if none has any weight. Where the case
    /// has `ended`, it is left alone as often as the weight of `idle` says.
    pub fn choose<'a>(&self, actions: &[&'a Name], ended: bool, chance: &mut dyn Chance) -> Option<&'a Name> {
        let weight = |name: &str| self.weights.get(name).copied().unwrap_or(10);
        let idle = if ended { weight("idle") } else { 0 };
        let total: u64 = idle + actions.iter().map(|name| weight(name)).sum::<u64>();
        let mut left = chance.below(total);
        actions
            .iter()
            .filter(|_| total > 0)
            .find(|name| {
                let own = weight(name);
                let found = left < own;
                left = left.saturating_sub(own);
                found
            })
            .copied()
    }

    /// What is said with an action.
    pub fn comment(&self, action: &str, chance: &mut dyn Chance) -> &str {
        self.comments.get(action).and_then(|many| pick(many, chance)).unwrap_or("")
    }
}

/// One of several.
pub fn pick<'a>(many: &'a [String], chance: &mut dyn Chance) -> Option<&'a str> {
    let index = usize::try_from(chance.below(u64::try_from(many.len()).unwrap_or(0))).unwrap_or(0);
    many.get(index).map(String::as_str)
}
