//! Days as the source writes them: milliseconds, or day, month and year.

use engine::base::Day;
use engine::base::date::parse_day;
use serde_json::Value as Json;

/// 1 January 1970, in days since the year 1.
const EPOCH: i32 = 719_163;
const DAY_MS: i64 = 86_400_000;
/// East of UTC, where the platform is run: half past five hours.
const OFFSET_MS: i64 = 19_800_000;

/// The day of a value, `2026-04-01`: milliseconds since 1970, or `01/04/2026` with the day first.
pub(super) fn of_value(value: &Json) -> Option<String> {
    match value {
        Json::Number(ms) => of_ms(ms.as_i64()?),
        Json::String(text) => {
            if let Ok(ms) = text.trim().parse::<i64>() {
                return of_ms(ms);
            }
            of_text(text.trim(), None)
        }
        _ => None,
    }
}

/// A day without its year, `30/6`, or with one; `year` is taken where none is written.
pub(super) fn of_text(text: &str, year: Option<i32>) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month] = [parts.first()?, parts.get(1)?].map(|part| part.trim().parse::<u32>().ok());
    let year = match parts.get(2) {
        Some(year) => year.trim().parse().ok()?,
        None => year?,
    };
    let text = format!("{year:04}-{:02}-{:02}", month?, day?);
    parse_day(&text).map(|_| text)
}

/// An instant of the platform is midnight, by UTC or by the clock of its country.
fn of_ms(ms: i64) -> Option<String> {
    let days = (ms + OFFSET_MS).div_euclid(DAY_MS);
    let days = i32::try_from(days).ok()?.checked_add(EPOCH)?;
    Day::from_num_days_from_ce_opt(days).map(|day| day.to_string())
}

/// The calendar year in which a financial year begins: `2021-22`.
pub(super) fn year(text: &str) -> Option<i32> {
    let (first, second) = text.trim().split_once('-')?;
    let year: i32 = first.parse().ok().filter(|_| first.len() == 4)?;
    let next: i32 = second.parse().ok()?;
    let fits = if second.len() == 4 { next == year + 1 } else { second.len() == 2 && next == (year + 1) % 100 };
    fits.then_some(year)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn days_are_read_however_they_are_written() {
        for (value, day) in [
            (json!(1_585_679_400_000_i64), Some("2020-04-01")),
            (json!("1585679400000"), Some("2020-04-01")),
            (json!("01/04/2020"), Some("2020-04-01")),
            (json!("31/02/2020"), None),
            (json!(null), None),
        ] {
            assert_eq!(of_value(&value).as_deref(), day, "{value}");
        }
        assert_eq!(of_text("30/6", Some(2020)).as_deref(), Some("2020-06-30"));
        for (text, begins) in [
            ("2021-22", Some(2021)),
            ("2021-21", None),
            ("1999-00", Some(1999)),
            ("2021-2022", Some(2021)),
            ("21-22", None),
        ] {
            assert_eq!(year(text), begins, "{text}");
        }
    }
}
