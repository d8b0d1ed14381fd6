//! Turns: the days on which something falls due for a record, again and again.

use super::Record;
use crate::base::date::{days_between, parse_day};
use crate::base::{Calendar, Day, Name, Span};

/// The shortest month, in days: no more turns than this many fit into a time.
const SHORTEST_MONTH: i64 = 28;

/// The latest turn of `record` up to `by`: the latest day on which `every` is over once more since the day that the
/// record's answer `from` says, or since its validity began where it says none. `None` before the first. Of several
/// that were missed it is the last alone. Only days, months and years make turns. Of a record that belongs to nobody, as one
/// that was taken over without a mobile number, there is none before somebody holds it: nobody could be told.
pub fn turn(record: &Record, (every, from): (Span, Option<&Name>), by: Day, calendar: &Calendar) -> Option<Day> {
    if record.holder.is_empty() {
        return None;
    }
    let answered = from.and_then(|name| record.answers.text(name)).and_then(parse_day);
    let since = answered.unwrap_or(record.valid_from);
    let (shortest, nth): (i64, fn(i64) -> Span) = match every {
        Span::Days(_) => (1, Span::Days),
        Span::Months(_) => (SHORTEST_MONTH, Span::Months),
        Span::Years(_) => (SHORTEST_MONTH * 12, Span::Years),
        Span::Minutes(_) | Span::Hours(_) | Span::WorkingDays(_) => return None,
    };
    let (each, _) = every.count_and_unit();
    let most = days_between(since, by) / (shortest * each);
    // Each is counted from the first day: what a short month cuts off is there again in the next one.
    (1..=most).rev().map(|times| nth(each * times).after_day(since, calendar)).find(|day| *day <= by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Answers;
    use crate::registry::Standing;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn record(valid_from: &str, emptied: Option<&str>) -> Record {
        let mut answers = Answers::default();
        if let Some(emptied) = emptied {
            answers.set("emptied", crate::base::Value::Text(emptied.to_owned()));
        }
        Record {
            registry: Name::new("tanks"),
            number: "T/1".to_owned(),
            version: 1,
            service: "tank".to_owned(),
            case: "a".to_owned(),
            validity_by: "a".to_owned(),
            actor: "system".to_owned(),
            role: None,
            from: day(valid_from),
            holder: "holder".to_owned(),
            answers,
            valid_from: day(valid_from),
            valid_until: None,
            standing: Standing::Active,
            came_of: Vec::new(),
            became: Vec::new(),
        }
    }

    fn latest(record: &Record, every: &str, by: &str) -> Option<String> {
        let every = Span::parse(every).unwrap();
        turn(record, (every, Some(&Name::new("emptied"))), day(by), &Calendar::default()).map(|day| day.to_string())
    }

    #[test]
    fn the_first_turn_comes_when_the_time_is_over_and_not_a_day_before() {
        let tank = record("2020-01-01", Some("2026-05-04"));
        assert_eq!(latest(&tank, "3 years", "2029-05-03"), None);
        assert_eq!(latest(&tank, "3 years", "2029-05-04").as_deref(), Some("2029-05-04"));
        assert_eq!(latest(&tank, "3 years", "2032-05-03").as_deref(), Some("2029-05-04"));
        assert_eq!(latest(&tank, "3 years", "2026-05-04"), None, "the day itself is no turn");
        assert_eq!(latest(&tank, "3 years", "2025-01-01"), None, "nor is a day before it");
    }

    #[test]
    fn a_record_that_does_not_say_the_day_is_counted_from_its_own_beginning() {
        let tank = record("2026-05-04", None);
        assert_eq!(latest(&tank, "6 months", "2026-11-04").as_deref(), Some("2026-11-04"));
        assert_eq!(latest(&record("2026-05-04", Some("never")), "6 months", "2026-11-03"), None);
    }

    #[test]
    fn of_turns_that_were_missed_the_last_is_made_up_for() {
        let tank = record("2020-01-01", Some("2016-03-01"));
        assert_eq!(latest(&tank, "6 months", "2026-08-31").as_deref(), Some("2026-03-01"));
        assert_eq!(latest(&tank, "45 days", "2016-06-01").as_deref(), Some("2016-05-30"));
    }

    #[test]
    fn an_interval_that_is_made_shorter_counts_from_the_same_day() {
        let tank = record("2020-01-01", Some("2026-01-01"));
        assert_eq!(latest(&tank, "36 months", "2028-06-01"), None);
        assert_eq!(latest(&tank, "12 months", "2028-06-01").as_deref(), Some("2028-01-01"));
    }

    #[test]
    fn what_a_short_month_cuts_off_is_there_again() {
        let leap = record("2020-01-01", Some("2024-02-29"));
        assert_eq!(latest(&leap, "1 year", "2025-03-01").as_deref(), Some("2025-02-28"));
        assert_eq!(latest(&leap, "1 year", "2028-02-29").as_deref(), Some("2028-02-29"));
        let end = record("2020-01-01", Some("2026-01-31"));
        assert_eq!(latest(&end, "1 month", "2026-03-01").as_deref(), Some("2026-02-28"));
        assert_eq!(latest(&end, "1 month", "2026-03-31").as_deref(), Some("2026-03-31"));
    }

    #[test]
    fn what_belongs_to_nobody_has_its_turn_once_somebody_holds_it() {
        let held = record("2020-01-01", Some("2026-05-04"));
        let unheld = Record { holder: String::new(), ..held.clone() };
        assert_eq!(latest(&unheld, "3 years", "2029-06-01"), None);
        assert_eq!(latest(&held, "3 years", "2029-06-01").as_deref(), Some("2029-05-04"));
    }

    #[test]
    fn working_days_and_hours_make_no_turns() {
        let tank = record("2020-01-01", Some("2020-01-01"));
        assert_eq!(latest(&tank, "100 working days", "2026-01-01"), None);
        assert_eq!(latest(&tank, "48 hours", "2026-01-01"), None);
    }
}
