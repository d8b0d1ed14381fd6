//! # rate-missing-in-schedule
//!
//! A rule uses a rate that some schedules have and others do not.
//!
//! **Why it matters.** On the days of a schedule without it the rule fails. A schedule is replaced
//! whole, as councils notify it, so nothing is carried over from an older one.
//!
//! **Remedy.** Add the rate to the schedule; if it was not charged then, write 0.

use crate::fees::Schedule;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rate-missing-in-schedule", "rate_missing_in_schedule.rs");

/// `schedule` has no `name`; the rule asks at `at`.
pub fn diagnostic(name: &str, schedule: &Schedule, at: &Where) -> Diagnostic {
    let day = schedule.from;
    Diagnostic::error(
        MANUAL,
        &schedule.at,
        format!("the schedule from {day} has no `{name}`"),
        "the rule would fail on its days",
    )
    .other(at, "the rule uses it here")
    .help(format!("add `{name}:`; 0 if it was not charged then"))
}
