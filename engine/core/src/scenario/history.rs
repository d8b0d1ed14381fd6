//! Invented history: how cases of a service go in a town that never was, for demonstrations.
//!
//! A service may have a `demo.yaml` that says how many cases there are, how often which action
//! is taken, and with which words. What it leaves out is made up.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::walk::Chance;
use crate::base::Name;
use crate::source::scalar::Code;
use crate::source::shape::shape;
use crate::source::{At, Bundle, Diagnostics, Map, Shape, read};

shape! {
    /// How cases of a service go in an invented history.
    pub(crate) struct HistoryYaml {
        /// How many cases, in all towns and years together.
        cases: At<i64>,
        /// How many of them are opened lately and still wait for somebody at the end, so that every desk has work.
        waiting: Option<At<i64>>,
        /// How often cases are opened in a month of the year, `1` to `12`, against the other months; alike when silent.
        months: Option<Map<At<i64>, String>>,
        /// After how many days people pay; soon when silent.
        pays_after: Option<Vec<At<i64>>>,
        /// Whether cases are opened only on records on which nothing is owed.
        nothing_owed: Option<At<bool>>,
        /// Whether answers name only records that the applicant holds; a case for which there is none is not opened. Silent, they name those where there are some, and any others where not.
        own_records: Option<At<bool>>,
        /// Pages of officers on which everything stays that the record of the case says, or the case itself.
        keeps: Option<Vec<At<String>>>,
        /// Answers to choose from, by field; a question of `type: record` is answered with another record of its registry, which counts and on which nothing is owed; the field of a group or list is written `owners.name`, that of the second item on `owners.more.name` if it differs; for a list itself, how many items. Words in braces are filled in: `{applicant}`, `{mobile}`, `{town}`, a name of `parts`, or another field and, with `.last`, its last word. A date may be `today - 3 days`, a number `{other} + 5 %`.
        answers: Option<Map<Vec<At<String>>, String>>,
        /// Words to choose from, for the braces of answers and comments.
        parts: Option<Map<Vec<At<String>>>>,
        /// Answers that fit another answer, by field; where none fits, those of `answers` are taken.
        fitting: Option<Map<FittingYaml, String>>,
        /// How often an action is taken, against others of its state; 10 when silent, 0 for never. `idle`: how often a case that has ended is left alone.
        weights: Option<Map<At<i64>>>,
        /// Comments to choose from, by action.
        comments: Option<Map<Vec<At<String>>>>,
        /// What the whole history has at least; making it fails if it does not.
        at_least: Option<LeastYaml>,
    }
}

shape! {
    /// Answers that fit another answer.
    pub(crate) struct FittingYaml {
        /// The other field; `town` for the town.
        by: At<String>,
        /// Answers to choose from, by what the other field says: its code, one above it in its list, its text, or the first word of that.
        answers: Map<Vec<At<String>>, String>,
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
    /// How many of the cases wait for somebody at the end.
    pub waiting: usize,
    /// After how many days people pay; empty for soon.
    pub pays_after: Vec<i64>,
    /// Whether cases are opened only on records on which nothing is owed.
    pub nothing_owed: bool,
    /// Whether answers name only records that the applicant holds.
    pub own_records: bool,
    /// Pages on which what is known stays.
    pub keeps: Vec<String>,
    pub(super) samples: BTreeMap<String, Vec<String>>,
    pub(super) parts: BTreeMap<String, Vec<String>>,
    pub(super) fitting: BTreeMap<String, Fitting>,
    months: BTreeMap<u32, u64>,
    weights: BTreeMap<String, u64>,
    comments: BTreeMap<String, Vec<String>>,
}

/// Answers to a question that fit what was answered to another.
#[derive(Clone, Debug, Default)]
pub(super) struct Fitting {
    /// The other question.
    pub(super) by: String,
    /// Answers, by what the other says.
    pub(super) answers: BTreeMap<String, Vec<String>>,
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

/// Holds every `demo.yaml`, of services and of states, to its form.
pub fn check(bundle: &Bundle, out: &mut Diagnostics) {
    for path in bundle.paths().filter(|path| path.ends_with("/demo.yaml")) {
        if path.starts_with("tenants/") {
            cast(bundle, path, out);
        } else {
            history(bundle, path, out);
        }
    }
}

/// Reads the `demo.yaml` at `path`.
pub fn history(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<History> {
    let yaml = HistoryYaml::read(&read::yaml(bundle, path, out)?, out)?;
    let count = |at: Option<At<i64>>| at.and_then(|at| usize::try_from(at.value).ok()).unwrap_or(0);
    let weight = |at: &At<i64>| u64::try_from(at.value).unwrap_or(0);
    let by_name = |map: Option<Map<Vec<At<String>>>>| {
        let entries = map.unwrap_or_default().0.into_iter();
        entries.map(|(name, many)| (name.value.to_string(), values(many))).collect::<BTreeMap<_, _>>()
    };
    Some(History {
        cases: count(Some(yaml.cases)),
        at_least: yaml.at_least.map(least).unwrap_or_default(),
        waiting: count(yaml.waiting),
        pays_after: yaml.pays_after.map(values).unwrap_or_default(),
        nothing_owed: yaml.nothing_owed.is_some_and(|at| at.value),
        own_records: yaml.own_records.is_some_and(|at| at.value),
        keeps: yaml.keeps.map(values).unwrap_or_default(),
        samples: by_text(yaml.answers.unwrap_or_default()),
        parts: by_name(yaml.parts),
        fitting: yaml
            .fitting
            .unwrap_or_default()
            .0
            .into_iter()
            .map(|(path, yaml)| (path.value, fitting(yaml)))
            .collect(),
        months: (yaml.months.unwrap_or_default().0.iter())
            .filter_map(|(month, share)| Some((month.value.parse().ok()?, weight(share))))
            .collect(),
        weights: (yaml.weights.unwrap_or_default().0.iter())
            .map(|(name, share)| (name.value.to_string(), weight(share)))
            .collect(),
        comments: by_name(yaml.comments),
    })
}

fn values<T>(many: Vec<At<T>>) -> Vec<T> {
    many.into_iter().map(|one| one.value).collect()
}

fn by_text(map: Map<Vec<At<String>>, String>) -> BTreeMap<String, Vec<String>> {
    map.0.into_iter().map(|(key, many)| (key.value, values(many))).collect()
}

fn fitting(yaml: FittingYaml) -> Fitting {
    Fitting { by: yaml.by.value, answers: by_text(yaml.answers) }
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
    /// Whether a case is opened in this month of the year, by chance.
    pub fn opens_in(&self, month: u32, chance: &mut dyn Chance) -> bool {
        let most = self.months.values().max().copied().unwrap_or(0);
        most == 0 || chance.below(most) < self.months.get(&month).copied().unwrap_or(0)
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
