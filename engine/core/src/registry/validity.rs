//! Days that depend on the case: when validity begins and ends, and from when a version holds.

use rust_decimal::prelude::ToPrimitive as _;

use super::{Grant, GrantFacts, NotFit, Record, Validity};
use crate::base::date::{add_days, parse_day};
use crate::base::{Answers, Day, Value};

/// The last day of validity; `None` for ever.
pub(super) fn end(
    grant: &Grant,
    from: Day,
    present: Option<&Record>,
    facts: GrantFacts<'_>,
) -> Result<Option<Day>, NotFit> {
    let Some(validity) = &grant.valid_until else { return Ok(None) };
    let until = day(validity, from, facts.number.day, present, facts)?;
    if until < from { Err(NotFit) } else { Ok(Some(until)) }
}

/// The day that `validity` means.
pub(super) fn day(
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
