//! # no-schedule
//!
//! `rates.yaml` has no schedule.
//!
//! **Why it matters.** There is no day on which a fee could be computed.
//!
//! **Remedy.** Write at least one, with the day from which it is in force and who set it.
//!
//! ```yaml
//! - from: 2025-04-01
//!   authority: Council resolution 112 of 14 February 2025
//!   application_fee: 150
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("no-schedule", "no_schedule.rs");

/// The list at `at` is empty.
pub fn diagnostic(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "there is no schedule of rates", "no fee could ever be computed")
        .help("write one: `- from: 2026-04-01`, `authority: …` and the rates")
}
