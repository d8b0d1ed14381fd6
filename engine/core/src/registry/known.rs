//! What rules, conditions and templates know of a record.

use std::collections::BTreeMap;

use rhai::Dynamic;

use super::{Record, Standing};
use crate::base::Money;
use crate::form::{self, Form};
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

/// The kinds of what rules see of a record; `answers` are those of the form.
pub fn fact_domain(answers: BTreeMap<String, FieldDomain>) -> FieldDomain {
    let date = || FieldDomain::Date;
    let standings = [Standing::Active, Standing::Suspended, Standing::Revoked, Standing::Split, Standing::Merged];
    let standings = standings.map(|standing| standing.word().to_owned()).to_vec();
    FieldDomain::Group(BTreeMap::from([
        ("answers".to_owned(), FieldDomain::Group(answers)),
        ("number".to_owned(), FieldDomain::Text),
        ("valid_from".to_owned(), date()),
        ("valid_until".to_owned(), date()),
        ("standing".to_owned(), FieldDomain::Choice(standings)),
        ("revoked".to_owned(), FieldDomain::Flag),
        ("dues".to_owned(), FieldDomain::Money),
    ]))
}
