//! # maybe-empty-key
//!
//! A table is looked up by an answer that need not be there: the question is optional, or it is
//! not asked of everybody.
//!
//! **Why it matters.** For whoever did not answer, no row is found and the fee cannot be computed:
//! the application is stuck at the officer's desk.
//!
//! **Remedy.** Look first whether it was answered, `if answers.area == () { … } else { … }`; or make
//! the question required. A rule that looks at the answer on which the question depends needs no
//! more than that:
//!
//! ```text
//! if answers.license_type == "permanent" {
//!     lookup(rates.fee, #{ years: answers.license_years }).amount
//! } else {
//!     rates.temporary_fee
//! }
//! ```

use crate::base::Name;
use crate::fees::table::Table;
use crate::rule::inspect::Answered;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("maybe-empty-key", "maybe_empty_key.rs");

/// The key `name` is given an answer that may be absent.
pub(crate) fn diagnostic(name: &Name, table: &Table, answered: &Answered, at: &Where) -> Diagnostic {
    let answer = &answered.name;
    let on: Vec<String> = answered.asked.depends_on.iter().map(|name| format!("`{name}`")).collect();
    let why = if answered.asked.optional || on.is_empty() {
        "the question may be left unanswered".to_owned()
    } else {
        format!("the question is asked only for some answers to {}", on.join(", "))
    };
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{}` is looked up by `{answer}`, which may not have been answered", table.name),
        format!("without an answer for the key `{name}` there is no row, and no fee"),
    )
    .note(why)
    .help(format!("write `if answers.{answer} == () {{ … }} else {{ … }}` around it, or make the question required"))
}
