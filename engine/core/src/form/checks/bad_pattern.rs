//! # bad-pattern
//!
//! The pattern of a text cannot be read, or its own example does not fit it or its check digit.
//!
//! **Why it matters.** People are shown the example when their answer does not fit; an example
//! that does not fit itself sends them in a circle.
//!
//! **Remedy.** The pattern is a regular expression that the whole answer must fit, without
//! look-around and back-references. Correct it or the example.
//!
//! ```yaml
//! pattern: { regex: "[1-9][0-9]{5}", example: "248001" }
//! ```

use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-pattern", "bad_pattern.rs");

/// The pattern cannot be read, for this reason.
pub fn unreadable(regex: &At<String>, reason: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, &regex.at, "this pattern cannot be read", "no answer would ever fit")
        .note(reason)
        .help("write a regular expression, for example \"[1-9][0-9]{5}\"")
}

/// The example does not fit.
pub fn example(regex: &At<String>, example: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &example.at,
        format!("`{}` does not fit the pattern", example.value),
        "people would be shown an example that is refused",
    )
    .other(&regex.at, "the whole text must fit this")
    .help("correct the example or the pattern")
}

/// The last character of the example does not follow from the others.
pub fn check_digit(example: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &example.at,
        format!("the last character of `{}` does not follow from the others", example.value),
        "people would be shown an example that is refused",
    )
    .help("correct the example, or leave `check` out")
}
