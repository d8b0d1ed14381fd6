//! The standard functions over values of a lowered rule. `None` wherever the interpreter's fail.

use std::rc::Rc;

use chrono::Datelike;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::bound::Words;
use super::operate::{alike, same, text};
use super::program::{Function, Rounding};
use super::value::Value;
use crate::base::date::{add_days, days_between, parse_day, years_between};
use crate::base::{Calendar, Day};

/// The function over its arguments, of which there are as many as it takes.
pub(super) fn call(function: Function, arguments: &[Value], words: &Words, calendar: &Calendar) -> Option<Value> {
    match (function, arguments) {
        (Function::Percent, [amount, rate]) => percent(amount.number()?, rate.number()?).map(Value::Number),
        (Function::Larger, [x, y]) => Some(Value::Number(x.number()?.max(y.number()?))),
        (Function::Smaller, [x, y]) => Some(Value::Number(x.number()?.min(y.number()?))),
        (Function::Abs, [x]) => Some(Value::Number(x.number()?.abs())),
        (Function::Round(rounding), [x, places]) => Some(Value::Number(round(rounding, x.number()?, whole(places)?)?)),
        (Function::Sum | Function::Average | Function::Largest | Function::Smallest, [numbers]) => {
            over(function, numbers.items()?)
        }
        (Function::Count | Function::Length | Function::IsEmpty, [of]) => size(function, of, words),
        (Function::Contains, [of, item]) => contains(of, item, words).map(Value::Flag),
        (Function::Same, [x, y]) => alike(x, y, words).map(Value::Flag),
        (Function::Text, [of]) => as_text(of, words),
        (Function::DayOfText, [text]) => parse_day(text.text(words)?).map(Value::Day),
        (Function::DayOfDate, [year, month, day]) => date(whole(year)?, whole(month)?, whole(day)?).map(Value::Day),
        _ => of_days(function, arguments, words, calendar),
    }
}

/// `rate` per cent of `amount`.
pub(super) fn percent(amount: Decimal, rate: Decimal) -> Option<Decimal> {
    amount.checked_mul(rate)?.checked_div(Decimal::ONE_HUNDRED)
}

/// A number with so many places.
pub(super) fn round(rounding: Rounding, x: Decimal, places: i64) -> Option<Decimal> {
    let places = u32::try_from(places).ok().filter(|places| *places <= 9)?;
    let strategy = match rounding {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::Up => RoundingStrategy::ToPositiveInfinity,
        Rounding::Down => RoundingStrategy::ToNegativeInfinity,
    };
    Some(x.round_dp_with_strategy(places, strategy))
}

/// The whole number in a value.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Whole(whole) => Some(*whole),
        Value::Number(number) => number.to_i64().filter(|_| number.fract().is_zero()),
        _ => None,
    }
}

/// What each item holds under a name.
pub(super) fn pluck(items: &Value, name: u32) -> Option<Value> {
    let held = |item: &Value| match item {
        Value::Group(group) => group.part(name).cloned(),
        _ => None,
    };
    Some(Value::Items(Rc::new(items.items()?.iter().map(held).collect::<Option<_>>()?)))
}

fn over(function: Function, numbers: &[Value]) -> Option<Value> {
    let mut numbers = numbers.iter().map(Value::number);
    let result = match function {
        Function::Largest | Function::Smallest => {
            let first = numbers.next()??;
            let better = if function == Function::Largest { Decimal::max } else { Decimal::min };
            numbers.try_fold(first, |best, one| Some(better(best, one?)))
        }
        _ => {
            let count = numbers.len();
            let sum = numbers.try_fold(Decimal::ZERO, |sum, one| sum.checked_add(one?))?;
            if function == Function::Average { sum.checked_div(Decimal::from(count)) } else { Some(sum) }
        }
    };
    result.map(Value::Number)
}

fn size(function: Function, of: &Value, words: &Words) -> Option<Value> {
    let size = match (function, of) {
        (_, Value::Items(items)) => items.len(),
        (Function::IsEmpty, Value::Nothing) => 0,
        (Function::Count, _) => return None,
        (_, Value::Group(group)) if group.whole => group.parts.len(),
        _ => of.text(words)?.chars().count(),
    };
    Some(if function == Function::IsEmpty { Value::Flag(size == 0) } else { Value::Whole(i64::try_from(size).ok()?) })
}

fn contains(of: &Value, item: &Value, words: &Words) -> Option<bool> {
    match of {
        Value::Items(items) => Some(items.iter().any(|one| same(one, item, words))),
        Value::Nothing => Some(false),
        _ => None,
    }
}

fn as_text(of: &Value, words: &Words) -> Option<Value> {
    match of {
        Value::Word(_) | Value::Text(_) => Some(of.clone()),
        Value::Day(day) => Some(text(day.to_string(), words)),
        _ => Some(text(of.number()?.normalize().to_string(), words)),
    }
}

fn date(year: i64, month: i64, day: i64) -> Option<Day> {
    parse_day(&format!("{year:04}-{month:02}-{day:02}"))
}

fn of_days(function: Function, arguments: &[Value], words: &Words, calendar: &Calendar) -> Option<Value> {
    let day = arguments.first()?.day()?;
    Some(match (function, arguments) {
        (Function::Year, [_]) => Value::Whole(i64::from(day.year())),
        (Function::Month, [_]) => Value::Whole(i64::from(day.month())),
        (Function::DayOfMonth, [_]) => Value::Whole(i64::from(day.day())),
        (Function::AddDays, [_, days]) => Value::Day(add_days(day, whole(days)?)),
        (Function::DaysBetween, [_, end]) => Value::Whole(days_between(day, end.day()?)),
        (Function::YearsBetween, [_, end]) => Value::Whole(years_between(day, end.day()?)),
        (Function::FinancialYear, [_]) => text(calendar.financial_year(day), words),
        (Function::FinancialYearStart, [_]) => Value::Day(calendar.financial_year_start(day)),
        (Function::FinancialYearEnd, [_]) => Value::Day(calendar.financial_year_end(day)),
        _ => return None,
    })
}
