//! # bad-denomination
//!
//! A note of the currency is worth nothing, or as much as or more than the one before it.
//!
//! **Why it matters.** Whoever counts a till is asked for the number of each note in this order; a
//! note that is asked for twice is counted twice.
//!
//! **Remedy.** Write what the notes are worth, the largest first: `[500, 200, 100, 50, 20, 10]`.

use crate::base::Money;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-denomination", "bad_denomination.rs");

/// No note is worth nothing.
pub fn worth_nothing(worth: &At<Money>) -> Diagnostic {
    Diagnostic::error(MANUAL, &worth.at, format!("no note is worth {}", worth.value), "nobody could count it")
        .help("leave it out")
}

/// It is not worth less than the one before.
pub fn out_of_order(worth: &At<Money>, before: &At<Money>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &worth.at,
        format!("{} stands after {}", worth.value, before.value),
        "notes are counted from the largest to the smallest, each once",
    )
    .other(&before.at, "the one before it")
    .help("write each once, the largest first")
}
