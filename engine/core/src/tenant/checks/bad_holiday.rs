//! # bad-holiday
//!
//! A holiday's date is not a day of the calendar, or is not written as `"2027-01-26"`.
//!
//! **Why it matters.** Working days are counted over it: a date that cannot be read would make
//! every promise that passes it a day too short.
//!
//! **Remedy.** Write year, month and day with dashes, in quotes.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-holiday", "bad_holiday.rs");

/// The key is not a day.
pub fn diagnostic(key: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &key.at,
        format!("`{}` is not a day of the calendar", key.value),
        "the office would be open on this day",
    )
    .help("write it as year, month and day, for example \"2027-01-26\"")
}
