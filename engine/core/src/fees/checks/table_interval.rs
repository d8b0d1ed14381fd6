//! # table-interval
//!
//! An interval of a table cannot be read, holds nothing, or has ends that its kind cannot have.
//!
//! **Why it matters.** Rows are found by intervals; one that holds nothing is never found.
//!
//! **Remedy.** Write `0 to 20`, or `20 to open` for everything above. In the kind
//! `from <= x <= to` the ends are whole numbers.

use crate::fees::interval::{Ends, Interval};
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("table-interval", "table_interval.rs");

/// `text` is no interval of this kind.
pub fn diagnostic(text: &str, interval: Option<Interval>, ends: Ends, at: &Where) -> Diagnostic {
    let (title, label) = match interval {
        None => (format!("`{text}` is not an interval"), "two numbers are expected here"),
        Some(interval) if interval.is_empty(ends) => {
            (format!("no number is in `{text}`"), "this row would never be found")
        }
        Some(_) => (
            format!("`{text}` has ends that are not whole"),
            "with both ends inside, numbers between intervals would be lost",
        ),
    };
    Diagnostic::error(MANUAL, at, title, label)
        .help(format!("write `0 to 20` or `20 to open`; the kind is `{}`", ends.word()))
}
