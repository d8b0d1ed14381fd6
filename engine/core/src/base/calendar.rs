//! The tenant's calendar: working days, holidays and the financial year.

use std::collections::BTreeMap;

use chrono::{Datelike, Weekday};

use super::date::{Day, MS_PER_DAY, Moment, add_days};
use super::text::Text;

/// Which days the office is open, and when its financial year begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Minutes east of UTC.
    pub offset_minutes: i32,
    /// Days of the week on which the office is closed.
    pub weekly_off: Vec<Weekday>,
    /// Whether the second Saturday of the month is off too.
    pub second_saturday_off: bool,
    /// Closed days by date.
    pub holidays: BTreeMap<Day, Text>,
    /// Month and day on which the financial year begins.
    pub financial_year_starts: (u32, u32),
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            offset_minutes: 330,
            weekly_off: vec![Weekday::Sun],
            second_saturday_off: false,
            holidays: BTreeMap::new(),
            financial_year_starts: (4, 1),
        }
    }
}

impl Calendar {
    /// Whether the office is open on `day`.
    pub fn is_working_day(&self, day: Day) -> bool {
        let second_saturday =
            self.second_saturday_off && day.weekday() == Weekday::Sat && (8..=14).contains(&day.day());
        !self.weekly_off.contains(&day.weekday()) && !second_saturday && !self.holidays.contains_key(&day)
    }

    /// The `count`th working day after `day`. A tenant that is closed for two years on end has a
    /// mistaken calendar; the search stops there.
    pub fn working_day_after(&self, day: Day, count: i64) -> Day {
        let (mut found, mut left) = (day, count);
        for _ in 0..(count * 7 + 730) {
            if left == 0 {
                break;
            }
            found = add_days(found, 1);
            left -= i64::from(self.is_working_day(found));
        }
        found
    }

    /// The last millisecond of the `count`th working day after the day of `from`.
    pub fn end_of_working_day(&self, from: Moment, count: i64) -> Moment {
        let day = self.working_day_after(from.day(), count);
        let midnight = Moment::at(day, 0, from.offset_minutes);
        midnight.with_ms(midnight.ms + MS_PER_DAY - 1)
    }

    /// The first day of the financial year that `day` belongs to.
    pub fn financial_year_start(&self, day: Day) -> Day {
        let (month, first) = self.financial_year_starts;
        let this_year = Day::from_ymd_opt(day.year(), month, first).unwrap_or(day);
        if this_year <= day { this_year } else { Day::from_ymd_opt(day.year() - 1, month, first).unwrap_or(day) }
    }

    /// The last day of the financial year that `day` belongs to.
    pub fn financial_year_end(&self, day: Day) -> Day {
        let start = self.financial_year_start(day);
        let next = start.checked_add_months(chrono::Months::new(12)).unwrap_or(start);
        add_days(next, -1)
    }

    /// The financial year of `day`: `2022-23`, or `2022` where it is the calendar year.
    pub fn financial_year(&self, day: Day) -> String {
        let start = self.financial_year_start(day);
        if self.financial_year_starts == (1, 1) {
            return start.year().to_string();
        }
        format!("{}-{:02}", start.year(), (start.year() + 1).rem_euclid(100))
    }

    /// The first day of the financial year that begins in a calendar year.
    pub fn financial_year_from(&self, year: i64) -> Option<Day> {
        let (month, first) = self.financial_year_starts;
        Day::from_ymd_opt(i32::try_from(year).ok()?, month, first)
    }

    /// The first day of the financial year written `2022-23` (or `2022`).
    pub fn parse_financial_year(&self, text: &str) -> Option<Day> {
        let year: i32 = text.get(0..4)?.parse().ok()?;
        let (month, first) = self.financial_year_starts;
        let start = Day::from_ymd_opt(year, month, first)?;
        (self.financial_year(start) == text).then_some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::super::date::parse_day;
    use super::*;

    #[test]
    fn financial_years_run_from_april_to_march() {
        let calendar = Calendar::default();
        let year = |text| calendar.financial_year(parse_day(text).unwrap());
        // Figure X10 of the worked cases of other installations.
        assert_eq!(year("2023-04-05"), "2023-24");
        assert_eq!(year("2023-03-31"), "2022-23");
        assert_eq!(year("2099-12-31"), "2099-00");
        assert_eq!(calendar.parse_financial_year("2022-23"), parse_day("2022-04-01"));
        assert_eq!(calendar.parse_financial_year("2022-24"), None);
        assert_eq!(calendar.financial_year_from(2022), parse_day("2022-04-01"));
        assert_eq!(calendar.financial_year_end(parse_day("2022-06-01").unwrap()), parse_day("2023-03-31").unwrap());
    }

    #[test]
    fn working_days_skip_sundays_and_holidays() {
        let mut calendar = Calendar::default();
        calendar.holidays.insert(parse_day("2026-01-26").unwrap(), Text::new("Republic Day"));
        let saturday = parse_day("2026-01-24").unwrap();
        assert_eq!(calendar.working_day_after(saturday, 1), parse_day("2026-01-27").unwrap());
        assert_eq!(calendar.working_day_after(saturday, 0), saturday);
    }
}
