//! # bad-time-zone
//!
//! The time zone is not written as hours and minutes east of UTC: `"+05:30"`.
//!
//! **Why it matters.** It decides on which day an application came, and so which rate and which
//! financial year it belongs to.
//!
//! **Remedy.** Write the sign, two digits of hours, a colon and two digits of minutes, in quotes.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-time-zone", "bad_time_zone.rs");

/// The text is not an offset.
pub fn diagnostic(written: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("`{}` is not a time zone", written.value),
        "nobody would know on which day something came",
    )
    .help("write hours and minutes east of UTC in quotes, for example \"+05:30\"")
}
