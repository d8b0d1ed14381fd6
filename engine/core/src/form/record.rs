//! Questions that are answered with the number of a record: which records are named, and whether they
//! will do. The shell knows the records; the form is told of those that answers name.

use serde_json::Value as Json;

use super::{Field, Form, Kind, Problem};
use crate::base::{Answers, Name};

/// A record that answers name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The registry.
    pub registry: Name,
    /// Its number, as it was given.
    pub number: String,
    /// Where it stands today.
    pub stands: Stands,
}

/// Where a record stands that answers name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It counts.
    InForce,
    /// It does not count for a while.
    Suspended,
    /// It has expired, or was ended.
    Ended,
}

/// The number of the record that `typed` names, or what is wrong with it.
pub(super) fn judge(registry: &Name, active: bool, typed: &str, named: &[Named]) -> Result<String, Problem> {
    let fits = |one: &&Named| one.registry == *registry && one.number.eq_ignore_ascii_case(typed);
    let found = named.iter().find(fits).ok_or(Problem::NoSuchRecord)?;
    match found.stands {
        Stands::Suspended if active => Err(Problem::RecordSuspended),
        Stands::Ended if active => Err(Problem::RecordEnded),
        _ => Ok(found.number.clone()),
    }
}

/// The records that `answers` name, given or accepted: registry, and the number as it was typed.
pub fn named(form: &Form, answers: &Json) -> Vec<(Name, String)> {
    let mut found = Vec::new();
    collect(form.fields(), answers, &mut found);
    found.sort();
    found.dedup();
    found
}

/// The same of answers that were accepted.
pub fn links(form: &Form, answers: &Answers) -> Vec<(Name, String)> {
    if form.fields().any(names_record) { named(form, &answers.to_json()) } else { Vec::new() }
}

/// Whether the answer to a question can name a record.
pub fn names_record(field: &Field) -> bool {
    match &field.kind {
        Kind::Record { .. } => true,
        Kind::Group { fields } | Kind::List { fields, .. } => fields.iter().any(names_record),
        _ => false,
    }
}

fn collect<'a>(fields: impl Iterator<Item = &'a Field>, answers: &Json, found: &mut Vec<(Name, String)>) {
    for field in fields {
        let answer = &answers[field.name.as_str()];
        match &field.kind {
            Kind::Record { registry, .. } => {
                let number = answer.as_str().map(str::trim).filter(|number| !number.is_empty());
                found.extend(number.map(|number| (registry.clone(), number.to_owned())));
            }
            Kind::Group { fields } => collect(fields.iter(), answer, found),
            Kind::List { fields, .. } => {
                answer.as_array().into_iter().flatten().for_each(|item| collect(fields.iter(), item, found));
            }
            _ => {}
        }
    }
}
