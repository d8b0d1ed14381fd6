//! # switch-not-total
//!
//! A `switch` over a choice leaves out some of its options and has no `_` for the rest.
//!
//! **Why it matters.** For those options the `switch` gives nothing, and the rule fails, or worse,
//! charges nothing.
//!
//! **Remedy.** Add the options, or `_ => …` for all others.
//!
//! ```rhai
//! switch answers.trade_kind {
//!     "shop" => 1000,
//!     "eatery" => 2500,
//!     _ => refuse("no fee is known for this kind of trade"),
//! }
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("switch-not-total", "switch_not_total.rs");

/// Nothing is said for `missing`.
pub fn diagnostic(missing: &[&str], at: &Where) -> Diagnostic {
    let shown: Vec<String> = missing.iter().take(5).map(|code| format!("`{code}`")).collect();
    let more = if missing.len() > 5 { format!(" and {} more", missing.len() - 5) } else { String::new() };
    Diagnostic::error(
        MANUAL,
        at,
        format!("this `switch` says nothing for {}{more}", shown.join(", ")),
        "it gives nothing then",
    )
    .help("add them, or `_ => …` for all others")
}

/// The values are not a closed set, so only `_` makes it total.
pub fn open(kind: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("this `switch` over {kind} has no `_`"), "it gives nothing for other values")
        .help("add `_ => …` for all others")
}
