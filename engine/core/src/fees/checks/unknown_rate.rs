//! # unknown-rate
//!
//! A rule uses a rate that no schedule has.
//!
//! **Why it matters.** The rule fails for everybody.
//!
//! **Remedy.** Correct the name, or add the rate to `rates.yaml`.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-rate", "unknown_rate.rs");

/// No schedule has `name`.
pub fn diagnostic<'a>(name: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`rates.yaml` has no `{name}`"), "the rule would fail here")
        .maybe_help(help(name, known))
}

/// `name` is looked into, but it is no map.
pub fn not_a_map(name: &str, shape: &str, at: &Where) -> Diagnostic {
    let help = if shape == "a table" { "look it up: `lookup(rates.name, #{ key: value })`" } else { "use it as it is" };
    Diagnostic::error(MANUAL, at, format!("`{name}` is {shape}, not a map of rates"), "the rule would fail here")
        .help(help)
}

/// No schedule has a rate for `code` in the map `name`.
pub fn code<'a>(name: &str, code: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{name}` has no `{code}`"), "the rule would fail here")
        .maybe_help(help(code, known))
}
