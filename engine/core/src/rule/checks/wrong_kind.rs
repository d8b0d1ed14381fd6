//! # wrong-kind
//!
//! A rule mixes kinds of values that do not go together: it compares a number with a text, adds
//! a day to a day, multiplies a choice, charges a text, or a condition gives something else than yes
//! or no.
//!
//! **Why it matters.** A number never equals a text, not even `"10"`, so a comparison would
//! always be false; arithmetic would fail, and so would a bill with a text for an amount.
//!
//! **Remedy.** Compare like with like: codes with texts in quotes, numbers without quotes, days
//! with `day("2026-04-01")`; of a file, only whether it is there: `!is_empty(proof)`. Whether a number or
//! a day was answered is `x != ()`: neither has items or characters. Charge numbers, without quotes.

use crate::rule::inspect::Kind;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("wrong-kind", "wrong_kind.rs");

/// `sign` stands between kinds that it does not fit.
pub(crate) fn between(sign: &str, left: &Kind, right: &Kind, at: &Where) -> Diagnostic {
    let title = format!("`{sign}` stands between {} and {}", left.word(), right.word());
    let label = if matches!(sign, "==" | "!=") { "these are never the same" } else { "the rule would fail here" };
    let file = [left, right].iter().any(|kind| *kind.bare() == Kind::File);
    let help = file.then(|| "ask whether the file is there: `!is_empty(photo)`".to_owned());
    Diagnostic::error(MANUAL, at, title, label).maybe_help(help)
}

/// `function` takes something else.
pub(crate) fn argument(signature: &str, wanted: &str, found: &Kind, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{signature}` needs {wanted}, not {}", found.word()),
        "the rule would fail here",
    )
}

/// `what` needs something else.
pub(crate) fn needed(what: &str, wanted: &str, found: &Kind, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("{what} needs {wanted}, not {}", found.word()), "the rule would fail here")
}

/// A condition gives something else than yes or no.
pub(crate) fn not_a_condition(at: &Where, found: &Kind) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("this gives {}, not yes or no", found.word()),
        "a condition holds or does not",
    )
    .help("compare it with something: `tenure == \"rented\"`, `employees > 10`")
}
