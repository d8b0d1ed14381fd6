//! # rate-map-incomplete
//!
//! A rule looks up a rate by a choice, and some option of the choice has no rate.
//!
//! **Why it matters.** For people who choose that option the rule fails, and their case stays where
//! it is.
//!
//! **Remedy.** Add the rate to the map, in every schedule.

use crate::fees::Schedule;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rate-map-incomplete", "rate_map_incomplete.rs");

/// The map `name` of `schedule` has nothing for `missing`; the rule asks at `at`.
pub fn diagnostic(name: &str, missing: &[&str], schedule: &Schedule, at: &Where) -> Diagnostic {
    let shown: Vec<String> = missing.iter().take(5).map(|code| format!("`{code}`")).collect();
    let more = if missing.len() > 5 { format!(" and {} more", missing.len() - 5) } else { String::new() };
    let place = schedule.places.get(name.split('[').next().unwrap_or(name)).unwrap_or(&schedule.at);
    Diagnostic::error(
        MANUAL,
        place,
        format!("`{name}` has no rate for {}{more}", shown.join(", ")),
        "for these the rule would fail",
    )
    .other(at, "the rule looks it up here")
}
