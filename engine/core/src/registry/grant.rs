//! Making, prolonging and ending records.

use std::collections::BTreeMap;

use rhai::Dynamic;
use rust_decimal::prelude::ToPrimitive as _;

use super::number::NumberFacts;
use super::{Grant, Mode, Record, RecordStatus, Serials, Validity};
use crate::base::date::{add_days, parse_day};
use crate::base::{Answers, Day, Value};
use crate::form::{self, Form};
use crate::rule::{Facts, FieldDomain};

/// The record is missing, or not in a state that allows the change; or a day cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFit;

/// What the grant needs to know about the case.
#[derive(Clone, Copy, Debug)]
pub struct GrantFacts<'a> {
    /// The service.
    pub service: &'a str,
    /// The case.
    pub case: &'a str,
    /// Who applied.
    pub holder: &'a str,
    /// What was answered.
    pub answers: &'a Answers,
    /// Tenant, day and calendar.
    pub number: NumberFacts<'a>,
}

/// The version of the record that `grant` leaves behind.
pub fn make(
    grant: &Grant,
    present: Option<&Record>,
    facts: GrantFacts<'_>,
    serials: &mut Serials,
) -> Result<Record, NotFit> {
    let today = facts.number.day;
    match (grant.mode, present) {
        (Mode::Create, _) => {
            let from = day(&grant.valid_from, today, today, present, facts)?;
            Ok(Record {
                registry: grant.registry.value.clone(),
                number: grant.number.as_ref().ok_or(NotFit)?.draw(facts.number, serials),
                version: 1,
                service: facts.service.to_owned(),
                case: facts.case.to_owned(),
                holder: facts.holder.to_owned(),
                answers: facts.answers.clone(),
                valid_from: from,
                valid_until: end(grant, from, present, facts)?,
                revoked: false,
            })
        }
        (_, None) => Err(NotFit),
        (_, Some(record)) if record.status(today) == RecordStatus::Revoked => Err(NotFit),
        (Mode::Renew, Some(record)) => {
            let from = day(&grant.valid_from, today, today, present, facts)?;
            let until = end(grant, from, present, facts)?;
            if until <= record.valid_until {
                return Err(NotFit);
            }
            let mut answers = record.answers.clone();
            answers.0.extend(facts.answers.0.clone());
            Ok(Record {
                version: record.version + 1,
                case: facts.case.to_owned(),
                answers,
                valid_until: until,
                ..record.clone()
            })
        }
        (Mode::Revoke, Some(record)) => {
            Ok(Record { version: record.version + 1, case: facts.case.to_owned(), revoked: true, ..record.clone() })
        }
    }
}

fn end(grant: &Grant, from: Day, present: Option<&Record>, facts: GrantFacts<'_>) -> Result<Option<Day>, NotFit> {
    let Some(validity) = &grant.valid_until else { return Ok(None) };
    let until = day(validity, from, facts.number.day, present, facts)?;
    if until < from { Err(NotFit) } else { Ok(Some(until)) }
}

fn day(
    validity: &Validity,
    from: Day,
    today: Day,
    present: Option<&Record>,
    facts: GrantFacts<'_>,
) -> Result<Day, NotFit> {
    let calendar = facts.number.calendar;
    Ok(match validity {
        Validity::Today => today,
        Validity::Field(name) => facts.answers.text(name).and_then(parse_day).ok_or(NotFit)?,
        Validity::For(span) => add_days(span.after_day(from, calendar), -1),
        Validity::FinancialYearEnd(further) => {
            let months = u32::try_from(further * 12).map_err(|_| NotFit)?;
            let later = from.checked_add_months(chrono::Months::new(months)).ok_or(NotFit)?;
            calendar.financial_year_end(later)
        }
        Validity::FinancialYears(name) => {
            let years = number(facts.answers, name)?;
            let later = from.checked_add_months(chrono::Months::new((years - 1) * 12)).ok_or(NotFit)?;
            calendar.financial_year_end(later)
        }
        Validity::Days(name) => add_days(from, i64::from(number(facts.answers, name)?) - 1),
        Validity::FinancialYearOf(name) => {
            let start = facts.answers.text(name).and_then(|year| calendar.parse_financial_year(year)).ok_or(NotFit)?;
            calendar.financial_year_end(start)
        }
        Validity::NotBeforeToday(day) => match &**day {
            Validity::Field(name) if facts.answers.get(name).is_none() => today,
            day => self::day(day, from, today, present, facts)?.max(today),
        },
        Validity::WithinFinancialYear(day) => {
            self::day(day, from, today, present, facts)?.min(calendar.financial_year_end(from))
        }
        Validity::AfterPresent => {
            let last = present.and_then(|record| record.valid_until).unwrap_or(add_days(today, -1));
            add_days(last, 1).max(today)
        }
    })
}

/// A whole number from 1 on, as answered in a number or as a code of digits.
fn number(answers: &Answers, name: &str) -> Result<u32, NotFit> {
    let number = answers.get(name).and_then(Value::decimal).filter(|number| number.fract().is_zero());
    number.and_then(|number| number.to_u32()).filter(|number| (1..=36_500).contains(number)).ok_or(NotFit)
}

/// What rules see of a record.
pub fn facts(record: &Record) -> Facts {
    let mut facts = Facts::new();
    facts.insert("number".into(), record.number.clone().into());
    facts.insert("valid_from".into(), Dynamic::from(record.valid_from));
    facts.insert("valid_until".into(), record.valid_until.map_or(Dynamic::UNIT, Dynamic::from));
    facts.insert("revoked".into(), record.revoked.into());
    facts
}

/// The same, and under `answers` what the record knows of the questions of `form`.
pub fn facts_with_answers(record: &Record, form: &Form) -> Facts {
    let mut facts = facts(record);
    facts.insert("answers".into(), Dynamic::from_map(form::facts(form, &record.answers)));
    facts
}

/// The kinds of what rules see of a record; `answers` are those of the form.
pub fn fact_domain(answers: BTreeMap<String, FieldDomain>) -> FieldDomain {
    let date = || FieldDomain::Date;
    FieldDomain::Group(BTreeMap::from([
        ("answers".to_owned(), FieldDomain::Group(answers)),
        ("number".to_owned(), FieldDomain::Text),
        ("valid_from".to_owned(), date()),
        ("valid_until".to_owned(), date()),
        ("revoked".to_owned(), FieldDomain::Flag),
    ]))
}
