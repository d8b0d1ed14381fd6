//! Functions on days.

use chrono::Datelike;
use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext};

use super::{what, whole};
use crate::base::Day;
use crate::base::date::{add_days, days_between, parse_day, years_between};
use crate::rule::run::{Fallible, Run, fail};

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("day", |text: ImmutableString| match parse_day(&text) {
        Some(day) => Ok(day),
        None => fail(format!("`{text}` is not a day of the calendar")),
    });
    engine.register_fn("day", |year: Dynamic, month: Dynamic, day: Dynamic| date(&year, &month, &day));
    engine.register_fn("year", |of: Dynamic| day(&of).map(|day| i64::from(day.year())));
    engine.register_fn("month", |of: Dynamic| day(&of).map(|day| i64::from(day.month())));
    engine.register_fn("day_of_month", |of: Dynamic| day(&of).map(|day| i64::from(day.day())));
    engine.register_fn("add_days", |of: Dynamic, days: Dynamic| -> Fallible<Day> {
        Ok(add_days(day(&of)?, whole(&days)?))
    });
    engine.register_fn("days_between", |start: Dynamic, end: Dynamic| -> Fallible<i64> {
        Ok(days_between(day(&start)?, day(&end)?))
    });
    engine.register_fn("years_between", |start: Dynamic, end: Dynamic| -> Fallible<i64> {
        Ok(years_between(day(&start)?, day(&end)?))
    });
    engine.register_fn("financial_year", |context: NativeCallContext, of: Dynamic| -> Fallible<String> {
        Ok(Run::of(&context)?.calendar.financial_year(day(&of)?))
    });
    engine.register_fn("financial_year_start", |context: NativeCallContext, of: Dynamic| -> Fallible<Day> {
        Ok(Run::of(&context)?.calendar.financial_year_start(day(&of)?))
    });
    engine.register_fn("financial_year_end", |context: NativeCallContext, of: Dynamic| -> Fallible<Day> {
        Ok(Run::of(&context)?.calendar.financial_year_end(day(&of)?))
    });
}

fn day(value: &Dynamic) -> Fallible<Day> {
    match value.read_lock::<Day>() {
        Some(day) => Ok(*day),
        None => fail(format!("a day is needed, not {}", what(value))),
    }
}

fn date(year: &Dynamic, month: &Dynamic, day: &Dynamic) -> Fallible<Day> {
    let (year, month, day) = (whole(year)?, whole(month)?, whole(day)?);
    match parse_day(&format!("{year:04}-{month:02}-{day:02}")) {
        Some(day) => Ok(day),
        None => fail(format!("no calendar has the day {year}-{month}-{day}")),
    }
}
