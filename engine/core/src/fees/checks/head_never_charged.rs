//! # head-never-charged
//!
//! `billing.yaml` prints a head that no rule ever charges.
//!
//! **Why it matters.** Either the rule forgets it, or the bill, the postings and the translations
//! carry a line that can never be there. It is a warning: a head may be kept for old demands.
//!
//! **Remedy.** Charge it in `fees` or `on_payment`, or take it out of `billing.yaml`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("head-never-charged", "head_never_charged.rs");

/// No rule charges `head`.
pub fn diagnostic(head: &str, rules: &Where) -> Diagnostic {
    let at = Where { end: rules.start, ..rules.clone() };
    Diagnostic::warning(MANUAL, &at, format!("no rule charges `{head}`"), "this line of the bill is always empty")
        .help(format!("add `{head}: …` to what `fees` or `on_payment` gives, or take it out of `billing.yaml`"))
}
