//! # bad-identity-number
//!
//! A number by which a person is known is not what such a number can be, or a town says otherwise than its state.
//!
//! **Why it matters.** Whoever writes such a number whole is told to leave it out. What can be no number would
//! never be found, and of a number that may be written whole too much is kept.
//!
//! **Remedy.** Say how many digits it has (6 to 24), which of them it may begin with (`first: "23456789"`), and
//! how many at its end may be written (`keep: 4`, at most half of them). A town may name further numbers; those of
//! its state hold as they are.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-identity-number", "bad_identity_number.rs");

/// Too few digits, or too many.
pub fn digits(count: &At<i64>, (least, most): (i64, i64)) -> Diagnostic {
    let label = format!("from {least} to {most} digits can be told from other numbers");
    Diagnostic::error(MANUAL, &count.at, format!("no such number has {} digits", count.value), label)
        .help("count its digits without spaces")
}

/// Too much of it would be kept.
pub fn keep(count: &At<i64>, most: i64) -> Diagnostic {
    let label = format!("{most} at most can be written");
    Diagnostic::error(MANUAL, &count.at, "more of the number could be written than is hidden", label)
        .help("say how many digits at its end may be written, as in `keep: 4`")
}

/// What it begins with is no digit.
pub fn first(digits: &At<String>) -> Diagnostic {
    Diagnostic::error(MANUAL, &digits.at, "a number begins with a digit", "this has something else")
        .help("write the digits one after the other, as in `first: \"23456789\"`")
}

/// The state says it.
pub fn of_the_state(name: &At<Name>) -> Diagnostic {
    let title = format!("the state says what `{}` is", name.value);
    Diagnostic::error(MANUAL, &name.at, title, "a town cannot say otherwise").help("remove it here")
}
