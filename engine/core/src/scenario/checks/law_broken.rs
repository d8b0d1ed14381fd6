//! # law-broken
//!
//! A law that `billing.yaml` declares of the fees does not hold: the smallest answers are shown that break it.
//!
//! **Why it matters.** A tariff in which more costs less, or a little more costs a multiple, or for which nobody has set
//! a price, is found by whoever is charged by it. Most such tables are printed mistakes.
//!
//! Around every case that the scenarios charge, one answer is changed at a time: to the edges of the tables, to the
//! numbers between them, to the limits of the question, and to numbers that are drawn always alike. What the checks of
//! the pages would refuse is left out. That a law is not broken there is no proof, but what is shown here is true.
//!
//! **Remedy.** Mend the rates or the rule. If the schedule was notified so, say with `when` where the law holds, and
//! ask whoever notified it.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("law-broken", "law_broken.rs");

/// The law `name` is broken by what `title` tells; `notes` are the other answers and the rates.
pub fn diagnostic(name: &Name, at: &Where, title: String, notes: impl IntoIterator<Item = String>) -> Diagnostic {
    let broken = Diagnostic::error(MANUAL, at, title, format!("`{name}` does not hold"));
    notes.into_iter().fold(broken, Diagnostic::note)
}
