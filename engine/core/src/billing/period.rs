//! Periods of a financial year: what a demand is for.

use chrono::Months;
use rhai::Dynamic;

use crate::base::date::{add_days, days_between};
use crate::base::{Calendar, Day};
use crate::rule::Facts;

/// A stretch of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
}

impl Period {
    /// As rules of fees see it: `from`, `until` and `days`.
    pub fn facts(self) -> Facts {
        let days = days_between(self.from, self.until) + 1;
        let parts = [("from", Dynamic::from(self.from)), ("last", Dynamic::from(self.until)), ("days", days.into())];
        parts.into_iter().map(|(name, part)| (name.into(), part)).collect()
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: Day) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

crate::source::scalar::words! {
    /// How often something comes round: a financial year, or an even part of one.
    pub enum Every {
        /// Each financial year.
        Year = "year",
        /// Each half of a financial year.
        HalfYear = "half_year",
        /// Each quarter of a financial year.
        Quarter = "quarter",
        /// Each month, counted from the first day of the financial year.
        Month = "month",
    }
}

impl Every {
    fn months(self) -> u32 {
        match self {
            Self::Year => 12,
            Self::HalfYear => 6,
            Self::Quarter => 3,
            Self::Month => 1,
        }
    }

    /// The period that `day` lies in.
    pub fn period(self, day: Day, calendar: &Calendar) -> Period {
        let year = calendar.financial_year_start(day);
        let begins = |part: u32| year.checked_add_months(Months::new(part * self.months())).unwrap_or(year);
        let part = (0..12 / self.months()).rev().find(|part| begins(*part) <= day).unwrap_or(0);
        Period { from: begins(part), until: add_days(begins(part + 1), -1) }
    }

    /// The period after this one.
    pub fn after(self, period: Period, calendar: &Calendar) -> Period {
        self.period(add_days(period.until, 1), calendar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;

    #[test]
    fn a_year_falls_into_even_parts() {
        let calendar = Calendar::default();
        let period = |every: Every, day: &str| {
            let period = every.period(parse_day(day).unwrap(), &calendar);
            format!("{}..{}", period.from, period.until)
        };
        assert_eq!(period(Every::Year, "2027-03-31"), "2026-04-01..2027-03-31");
        assert_eq!(period(Every::Year, "2027-04-01"), "2027-04-01..2028-03-31");
        assert_eq!(period(Every::HalfYear, "2026-10-01"), "2026-10-01..2027-03-31");
        assert_eq!(period(Every::Quarter, "2027-01-15"), "2027-01-01..2027-03-31");
        assert_eq!(period(Every::Month, "2028-02-29"), "2028-02-01..2028-02-29");
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        let calendar = Calendar { financial_year_starts: (7, 1), ..Calendar::default() };
        for every in [Every::Year, Every::HalfYear, Every::Quarter, Every::Month] {
            let mut period = every.period(parse_day("2023-12-31").unwrap(), &calendar);
            for _ in 0..40 {
                let next = every.after(period, &calendar);
                assert_eq!(add_days(period.until, 1), next.from);
                assert!(next.contains(next.from) && next.contains(next.until) && !next.contains(period.until));
                period = next;
            }
        }
    }
}
