//! Days and instants as they are typed.

use engine::base::date::parse_day;
use engine::base::{Day, Moment};
use engine::tenant::Tenant;

/// Reads `2027-04-01`.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    parse_day(text).ok_or_else(|| format!("`{text}` is no day: write it as 2027-04-01"))
}

/// A day, or a minute of it, by the clocks of a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Until {
    pub(crate) day: Day,
    /// Whole minutes since midnight; the end of the day when silent.
    pub(crate) minute: Option<i64>,
}

impl Until {
    /// The last millisecond of it in a town.
    pub(crate) fn ms(self, tenant: &Tenant) -> i64 {
        let ends = self.minute.map_or(MINUTES, |minute| minute + 1);
        Moment::at(self.day, ends, tenant.calendar.offset_minutes).ms - 1
    }
}

/// Minutes of a day.
pub(crate) const MINUTES: i64 = 24 * 60;

/// Reads `2027-04-01` or `2027-04-01T10:30`.
pub(crate) fn until(text: &str) -> Result<Until, String> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let minute = time.map(|time| minute(time).ok_or_else(|| format!("`{time}` is no time: write it as 10:30")));
    Ok(Until { day: day(date)?, minute: minute.transpose()? })
}

fn minute(time: &str) -> Option<i64> {
    let (hours, minutes) = time.split_once(':')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit());
    let below = |text: &str, end: i64| text.parse::<i64>().ok().filter(|number| two(text) && *number < end);
    Some(below(hours, 24)? * 60 + below(minutes, 60)?)
}
