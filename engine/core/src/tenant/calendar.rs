//! The calendar and the hours of a tenant: time zone, financial year, closed days.

use chrono::Weekday;

use super::check::{Reader, Written};
use super::checks::{bad_calendar, bad_holiday, bad_time_zone};
use super::yaml::{HoursYaml, OffDay};
use crate::base::date::parse_day;
use crate::base::{Calendar, Day};
use crate::source::{At, Map, Words};

impl Reader<'_> {
    pub(super) fn calendar(&mut self, calendar: &mut Calendar, languages: &[String], written: &mut Written) {
        let yaml = self.yaml;
        if let Some(zone) = &yaml.time_zone {
            written.time_zone = true;
            match offset(zone) {
                Some(minutes) => calendar.offset_minutes = minutes,
                None => self.out.push(bad_time_zone::diagnostic(zone)),
            }
        }
        if let Some(year) = &yaml.financial_year {
            written.financial_year = true;
            match day_of_year(&year.starts) {
                Some(starts) => calendar.financial_year_starts = starts,
                None => self.out.push(bad_calendar::financial_year(&year.starts)),
            }
        }
        if let Some(off) = &yaml.weekly_off {
            written.weekly_off = true;
            self.weekly_off(calendar, off);
        }
        if let Some(holidays) = &yaml.holidays {
            calendar.holidays.clear();
            self.holidays(calendar, holidays, languages);
        }
    }

    fn weekly_off(&mut self, calendar: &mut Calendar, off: &[At<OffDay>]) {
        calendar.second_saturday_off = off.iter().any(|day| day.value == OffDay::SecondSaturday);
        calendar.weekly_off.clear();
        for day in off.iter().filter_map(|day| weekday(day.value)) {
            if !calendar.weekly_off.contains(&day) {
                calendar.weekly_off.push(day);
            }
        }
        if calendar.weekly_off.len() == 7 {
            self.out.push(bad_calendar::never_open(&off[0].at));
        }
    }

    fn holidays(&mut self, calendar: &mut Calendar, holidays: &Map<Words, String>, languages: &[String]) {
        for (key, words) in &holidays.0 {
            let text = self.words(&format!("holidays.{}", key.value), words, languages);
            match parse_day(key) {
                Some(day) => drop(calendar.holidays.insert(day, text)),
                None => self.out.push(bad_holiday::diagnostic(key)),
            }
        }
    }

    pub(super) fn hours(&mut self, hours: &HoursYaml) -> Option<(i64, i64)> {
        let mut minutes = |written: &At<String>| {
            let read = clock(written);
            if read.is_none() {
                self.out.push(bad_calendar::time(written));
            }
            read
        };
        let (from, to) = (minutes(&hours.from), minutes(&hours.to));
        let (from, to) = (from?, to?);
        if from >= to {
            self.out.push(bad_calendar::order(&hours.from, &hours.to));
        }
        Some((from, to))
    }
}

fn weekday(day: OffDay) -> Option<Weekday> {
    Some(match day {
        OffDay::Monday => Weekday::Mon,
        OffDay::Tuesday => Weekday::Tue,
        OffDay::Wednesday => Weekday::Wed,
        OffDay::Thursday => Weekday::Thu,
        OffDay::Friday => Weekday::Fri,
        OffDay::Saturday => Weekday::Sat,
        OffDay::Sunday => Weekday::Sun,
        OffDay::SecondSaturday => return None,
    })
}

/// Minutes after midnight of `10:00`.
fn clock(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let two =
        |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<i64>().ok())?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Minutes east of UTC of `+05:30`; the world's zones lie between -12:00 and +14:00.
fn offset(text: &str) -> Option<i32> {
    let (sign, clock_text) =
        if let Some(east) = text.strip_prefix('+') { (1, east) } else { (-1, text.strip_prefix('-')?) };
    let minutes = sign * i32::try_from(clock(clock_text)?).ok()?;
    (-720..=840).contains(&minutes).then_some(minutes)
}

/// Month and day of `04-01`, if every year has that day.
pub fn day_of_year(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2)?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    Day::from_ymd_opt(2023, month, day).map(|_| (month, day))
}
