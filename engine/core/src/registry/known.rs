//! What rules, conditions and templates know of a record.

use std::collections::BTreeMap;

use rhai::{Array, Dynamic};

use super::{Record, Standing};
use crate::base::{Answers, Money, Name, Value};
use crate::form::{self, Field, Form, Kind};
use crate::rule::{Facts, FieldDomain, Seen};

/// What rules see of a record; `dues` is what is owed on it.
pub fn facts(record: &Record, dues: Money) -> Facts {
    let mut facts = Facts::new();
    facts.insert("number".into(), record.number.clone().into());
    facts.insert("valid_from".into(), Dynamic::from(record.valid_from));
    facts.insert("valid_until".into(), record.valid_until.map_or(Dynamic::UNIT, Dynamic::from));
    facts.insert("standing".into(), record.standing.word().into());
    facts.insert("revoked".into(), record.has_ended().into());
    facts.insert("dues".into(), Dynamic::from_decimal(dues.rupees()));
    facts
}

/// The same, and under `answers` what the record knows of the questions of `form`.
pub fn facts_with_answers(record: &Record, dues: Money, form: &Form) -> Facts {
    let mut facts = facts(record, dues);
    facts.insert("answers".into(), Dynamic::from_map(form::facts(form, &record.answers)));
    facts
}

/// The same, and besides what the form asks everything else that the record knows, as it is kept: of that,
/// decimals, amounts and days are texts.
pub(crate) fn facts_with_every_answer(record: &Record, dues: Money, form: &Form) -> Facts {
    let mut facts = facts(record, dues);
    facts.insert("answers".into(), Dynamic::from_map(form::facts_of_record(form, &record.answers)));
    facts
}

/// What rules know of the records that answers name, by question: of a question in a repeated group a list,
/// item for item; nothing where none is named. `known` tells of the record of a registry with a number.
pub(crate) fn named_facts(form: &Form, answers: &Answers, known: &dyn Fn(&Name, &str) -> Dynamic) -> Facts {
    let mut facts = Facts::new();
    name_records(form.fields(), answers, known, &mut facts);
    facts
}

fn name_records<'a>(
    fields: impl Iterator<Item = &'a Field>,
    answers: &Answers,
    known: &dyn Fn(&Name, &str) -> Dynamic,
    facts: &mut Facts,
) {
    let nothing = Answers::default();
    let inner = |value: Option<&Value>| match value {
        Some(Value::Map(answers)) => answers.clone(),
        _ => Answers::default(),
    };
    for field in fields.filter(|field| form::names_record(field)) {
        let given = answers.get(&field.name);
        match &field.kind {
            Kind::Record { registry, .. } => {
                let told = match given {
                    Some(Value::Text(number)) => known(registry, number),
                    _ => Dynamic::UNIT,
                };
                facts.insert(field.name.as_str().into(), told);
            }
            Kind::Group { fields } => name_records(fields.iter(), &inner(given), known, facts),
            Kind::List { fields, .. } => {
                // Of no items too there is a list of each question.
                let mut lists = Facts::new();
                name_records(fields.iter(), &nothing, known, &mut lists);
                let items: &[Value] = if let Some(Value::List(items)) = given { items } else { &[] };
                let mut told: Vec<Facts> = Vec::with_capacity(items.len());
                for item in items {
                    let mut one = Facts::new();
                    name_records(fields.iter(), &inner(Some(item)), known, &mut one);
                    told.push(one);
                }
                for name in lists.into_keys() {
                    let of_items: Array = told.iter().map(|one| one.get(&name).cloned().unwrap_or_default()).collect();
                    facts.insert(name, Dynamic::from_array(of_items));
                }
            }
            _ => {}
        }
    }
}

/// One of the same things as conditions look at them, by its path below the record. `None` for what
/// is not there, and for the whole of it.
pub fn seen<'a>(record: &'a Record, dues: Money, form: &'a Form, path: &[rhai::ImmutableString]) -> Option<Seen<'a>> {
    let (first, rest) = path.split_first()?;
    let (mut seen, rest) = match (first.as_str(), rest) {
        ("number", rest) => (Seen::Text(&record.number), rest),
        ("valid_from", rest) => (Seen::Day(record.valid_from), rest),
        ("valid_until", rest) => (record.valid_until.map_or(Seen::Nothing, Seen::Day), rest),
        ("standing", rest) => (Seen::Text(record.standing.word()), rest),
        ("revoked", rest) => (Seen::Flag(record.has_ended()), rest),
        ("dues", rest) => (Seen::Number(dues.rupees()), rest),
        ("answers", [name, rest @ ..]) => (form::seen(form, &record.answers, name)?, rest),
        _ => return None,
    };
    for name in rest {
        seen = seen.part(name)?.clone();
    }
    Some(seen)
}

/// What rules also know of a record that an answer names: whether it is held by whoever holds the record of
/// the case, or applies where it has none.
pub(crate) const SAME_HOLDER: &str = "same_holder";

/// And how many other cases that concern it are yet to be decided.
pub(crate) const OPEN_CASES: &str = "open_cases";

/// The kinds of what rules see of a record that an answer names; `answers` is that of its answers.
pub(crate) fn named_domain(answers: FieldDomain) -> BTreeMap<String, FieldDomain> {
    let mut facts = kinds(answers);
    facts.insert(SAME_HOLDER.to_owned(), FieldDomain::Flag);
    facts.insert(OPEN_CASES.to_owned(), FieldDomain::Number);
    facts
}

/// The kinds of what rules see of a record; `answers` are those of the form.
pub fn fact_domain(answers: BTreeMap<String, FieldDomain>) -> FieldDomain {
    record_domain(FieldDomain::Group(answers))
}

/// The same, where `answers` may be of whatever kind: conditions of actions see what the form does not ask too.
pub(crate) fn record_domain(answers: FieldDomain) -> FieldDomain {
    FieldDomain::Group(kinds(answers))
}

fn kinds(answers: FieldDomain) -> BTreeMap<String, FieldDomain> {
    let date = || FieldDomain::Date;
    let standings = [Standing::Active, Standing::Suspended, Standing::Revoked, Standing::Split, Standing::Merged];
    let standings = standings.map(|standing| standing.word().to_owned()).to_vec();
    BTreeMap::from([
        ("answers".to_owned(), answers),
        ("number".to_owned(), FieldDomain::Text),
        ("valid_from".to_owned(), date()),
        ("valid_until".to_owned(), date()),
        ("standing".to_owned(), FieldDomain::Choice(standings)),
        ("revoked".to_owned(), FieldDomain::Flag),
        ("dues".to_owned(), FieldDomain::Money),
    ])
}
