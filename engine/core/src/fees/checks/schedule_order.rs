//! # schedule-order
//!
//! Schedules are not written from the latest to the oldest, or two begin on the same day.
//!
//! **Why it matters.** On each day exactly one schedule is in force: the latest that has begun. Two
//! from the same day would leave it to chance.
//!
//! **Remedy.** Put the latest first. Correct a schedule in place; do not write it twice.

use crate::base::Day;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("schedule-order", "schedule_order.rs");

/// `later` stands below `earlier` and does not begin before it.
pub fn diagnostic(earlier: &At<Day>, later: &At<Day>) -> Diagnostic {
    let title = if earlier.value == later.value {
        format!("two schedules begin on {}", later.value)
    } else {
        format!("the schedule from {} stands below the one from {}", later.value, earlier.value)
    };
    Diagnostic::error(MANUAL, &later.at, title, "the latest schedule comes first")
        .other(&earlier.at, "this one stands above")
}
