//! Days, moments and lengths of time. The engine is told what time it is; it never asks.

use chrono::{Datelike, NaiveDate};

use super::calendar::Calendar;

/// A day of the civil calendar.
pub type Day = NaiveDate;

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_HOUR: i64 = 60 * MS_PER_MINUTE;
/// Milliseconds of a day of the tenant: no time zone the engine serves has summer time.
pub const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;

/// An instant, with the offset of the place where it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC.
    pub ms: i64,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
}

impl Moment {
    /// The instant `ms` as seen at `offset_minutes` east of UTC.
    pub fn new(ms: i64, offset_minutes: i32) -> Self {
        Self { ms, offset_minutes }
    }

    /// `minute` minutes after the midnight that begins `day`.
    pub fn at(day: Day, minute: i64, offset_minutes: i32) -> Self {
        let days = i64::from(day.num_days_from_ce() - EPOCH_FROM_CE);
        let local = days * MS_PER_DAY + minute * MS_PER_MINUTE;
        Self { ms: local - i64::from(offset_minutes) * MS_PER_MINUTE, offset_minutes }
    }

    /// The civil day at this instant.
    pub fn day(self) -> Day {
        let days = self.local().div_euclid(MS_PER_DAY);
        let from_ce = i32::try_from(days).unwrap_or(0).saturating_add(EPOCH_FROM_CE);
        Day::from_num_days_from_ce_opt(from_ce).unwrap_or(Day::MAX)
    }

    /// Minutes since local midnight.
    pub fn minute(self) -> i64 {
        self.local().rem_euclid(MS_PER_DAY) / MS_PER_MINUTE
    }

    /// The same place, at another instant.
    #[must_use]
    pub fn with_ms(self, ms: i64) -> Self {
        Self { ms, ..self }
    }

    fn local(self) -> i64 {
        self.ms + i64::from(self.offset_minutes) * MS_PER_MINUTE
    }
}

const EPOCH_FROM_CE: i32 = 719_163;

/// A length of time as definitions write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Sixty seconds each.
    Minutes(i64),
    /// Sixty minutes each.
    Hours(i64),
    /// Twenty-four hours each.
    Days(i64),
    /// Days on which the office is open, by the tenant's calendar; over at the end of the last.
    WorkingDays(i64),
    /// Calendar months: the same day of the month, or its last.
    Months(i64),
    /// Calendar years: the same day, or 28 February.
    Years(i64),
}

impl Span {
    /// Reads `30 minutes`, `2 days`, `1 day`, `48 hours`, `15 working days`, `3 months`, `1 year`.
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.trim().split_once(' ')?;
        (!count.starts_with('0') && count.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
        let count: i64 = count.parse().ok().filter(|n| (1..=36_500).contains(n))?;
        Some(match unit.trim() {
            "minute" | "minutes" => Self::Minutes(count),
            "hour" | "hours" => Self::Hours(count),
            "day" | "days" => Self::Days(count),
            "working day" | "working days" => Self::WorkingDays(count),
            "month" | "months" => Self::Months(count),
            "year" | "years" => Self::Years(count),
            _ => return None,
        })
    }

    /// The moment this span after `from` ends.
    pub fn after(self, from: Moment, calendar: &Calendar) -> Moment {
        match self {
            Self::Minutes(n) => from.with_ms(from.ms + n * MS_PER_MINUTE),
            Self::Hours(n) => from.with_ms(from.ms + n * MS_PER_HOUR),
            Self::Days(n) => from.with_ms(from.ms + n * MS_PER_DAY),
            Self::WorkingDays(n) => calendar.end_of_working_day(from, n),
            Self::Months(_) | Self::Years(_) => {
                Moment::at(self.after_day(from.day(), calendar), from.minute(), from.offset_minutes)
            }
        }
    }

    /// The day this span after `from`. Minutes and hours count as the days they fill.
    pub fn after_day(self, from: Day, calendar: &Calendar) -> Day {
        match self {
            Self::Minutes(n) => add_days(from, n / (24 * 60)),
            Self::Hours(n) => add_days(from, n / 24),
            Self::Days(n) => add_days(from, n),
            Self::WorkingDays(n) => calendar.working_day_after(from, n),
            Self::Months(n) => add_months(from, n),
            Self::Years(n) => add_months(from, n * 12),
        }
    }

    /// As definitions write it: `15 working days`, `1 day`.
    #[must_use]
    pub fn written(self) -> String {
        let (count, unit) = self.count_and_unit();
        let unit = if count == 1 { unit.trim_end_matches('s') } else { unit };
        format!("{count} {}", unit.replace('_', " "))
    }

    /// How many of which unit: 15 and `working_days`.
    pub fn count_and_unit(self) -> (i64, &'static str) {
        match self {
            Self::Minutes(n) => (n, "minutes"),
            Self::Hours(n) => (n, "hours"),
            Self::Days(n) => (n, "days"),
            Self::WorkingDays(n) => (n, "working_days"),
            Self::Months(n) => (n, "months"),
            Self::Years(n) => (n, "years"),
        }
    }
}

/// `day` moved by `count` days; stays at the end of the calendar rather than leave it.
pub fn add_days(day: Day, count: i64) -> Day {
    let moved = chrono::TimeDelta::try_days(count).and_then(|days| day.checked_add_signed(days));
    moved.unwrap_or(if count < 0 { Day::MIN } else { Day::MAX })
}

fn add_months(day: Day, count: i64) -> Day {
    let months = chrono::Months::new(u32::try_from(count.abs()).unwrap_or(u32::MAX));
    let moved = if count < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) };
    moved.unwrap_or(Day::MAX)
}

/// The first days of the last `count` months, the earliest first; the last one is that of `day`. Fewer at the beginning
/// of the calendar.
pub fn months_until(day: Day, count: i64) -> Vec<Day> {
    let this = day.with_day(1).expect("every month has a first day");
    let back = |months: i64| this.checked_sub_months(chrono::Months::new(u32::try_from(months).ok()?));
    (0..count).rev().filter_map(back).collect()
}

/// Whole days from `start` to `end`, never below zero; the same day gives 0.
pub fn days_between(start: Day, end: Day) -> i64 {
    (end - start).num_days().max(0)
}

/// Whole years from `start` to `end`, never below zero.
pub fn years_between(start: Day, end: Day) -> i64 {
    i64::from(end.years_since(start).unwrap_or(0))
}

/// Reads an ISO day, `2027-03-31`, in the years 1800 to 2200.
pub fn parse_day(text: &str) -> Option<Day> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    shape.then_some(())?;
    let day = Day::parse_from_str(text, "%Y-%m-%d").ok()?;
    (1800..=2200).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn counts_days_and_years() {
        // Figure L39a of the worked cases of other installations: the day of the beginning does not count.
        assert_eq!(days_between(day("2016-08-01"), day("2016-08-30")), 29);
        assert_eq!(days_between(day("2016-08-30"), day("2016-08-01")), 0);
        assert_eq!(years_between(day("2000-02-29"), day("2001-02-28")), 0);
        assert_eq!(add_days(day("2027-01-30"), 3), day("2027-02-02"));
        assert_eq!(
            (add_days(day("2027-01-30"), i64::MAX), add_days(day("2027-01-30"), i64::MIN)),
            (Day::MAX, Day::MIN)
        );
        assert_eq!(parse_day("2027-02-29"), None);
        assert_eq!(parse_day("0000-01-01"), None);
        assert_eq!(parse_day("2027-2-09"), None);
    }

    #[test]
    fn a_span_is_written_as_it_is_read() {
        for text in
            ["30 minutes", "1 hour", "2 days", "1 day", "15 working days", "1 working day", "3 months", "1 year"]
        {
            assert_eq!(Span::parse(text).unwrap().written(), text);
        }
    }

    #[test]
    fn ten_days_are_864_million_milliseconds() {
        // Figure X1.
        let start = Moment::new(0, 330);
        assert_eq!(Span::parse("10 days").unwrap().after(start, &Calendar::default()).ms, 864_000_000);
    }

    #[test]
    fn half_an_hour_is_thirty_minutes() {
        let start = Moment::new(0, 330);
        assert_eq!(Span::parse("30 minutes"), Some(Span::Minutes(30)));
        assert_eq!(Span::Minutes(30).after(start, &Calendar::default()).ms, 1_800_000);
    }

    #[test]
    fn a_moment_knows_its_day_in_its_place() {
        let new_year = Moment::at(day("2026-04-01"), 0, 330);
        assert_eq!(new_year.day(), day("2026-04-01"));
        assert_eq!(new_year.with_ms(new_year.ms - 1).day(), day("2026-03-31"));
        assert_eq!(new_year.minute(), 0);
    }

    #[test]
    fn months_are_counted_back_from_their_first_days() {
        let firsts = ["2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"].map(day);
        assert_eq!(months_until(day("2026-03-31"), 5), firsts);
        assert_eq!(months_until(day("2026-03-01"), 1), firsts[4..]);
        assert!(months_until(day("2026-03-01"), 0).is_empty());
        assert_eq!(months_until(Day::MIN, 3).len(), 1, "before it there is no month");
    }

    #[test]
    fn months_end_where_the_month_ends() {
        let calendar = Calendar::default();
        assert_eq!(Span::Months(1).after_day(day("2026-01-31"), &calendar), day("2026-02-28"));
        assert_eq!(Span::Years(1).after_day(day("2024-02-29"), &calendar), day("2025-02-28"));
    }
}
