//! # table-overlap
//!
//! Two rows of a table fit the same input. The smallest such input is shown.
//!
//! **Why it matters.** Which rate holds would be left to chance.
//!
//! **Remedy.** Make the rows exclude each other. `1 to 20` and `20 to 30` overlap if both ends belong
//! to an interval; the kind `from <= x < to` counts 20 to the second, `from < x <= to` to the first.
//! A row that leaves a key out matches any value of it.

use crate::fees::runtime::input_words;
use crate::fees::table::{Input, Table};
use crate::source::Diagnostic;
use crate::source::manual::manual;

manual!("table-overlap", "table_overlap.rs");

/// The rows `first` and `second` of `table` both fit `input`.
pub(crate) fn diagnostic(table: &Table, input: &[Input], first: usize, second: usize) -> Diagnostic {
    let words = input_words(table, input);
    Diagnostic::error(
        MANUAL,
        &table.rows[second].at,
        format!("two rows of `{}` fit {words}", table.name),
        "this row fits it",
    )
    .other(&table.rows[first].at, "and so does this")
}
