//! # table-row-idle
//!
//! A row of a table fits no input that can occur: its interval lies outside of `over`, or its code
//! has nothing below it that can be chosen.
//!
//! **Why it matters.** It states a rate that nobody is ever charged.
//!
//! **Remedy.** Remove the row, or correct its keys or `over`.

use crate::fees::table::Table;
use crate::source::Diagnostic;
use crate::source::manual::manual;

manual!("table-row-idle", "table_row_idle.rs");

/// The row fits nothing.
pub(crate) fn diagnostic(table: &Table, row: usize) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &table.rows[row].at,
        format!("this row of `{}` fits no input", table.name),
        "nobody would ever be charged this",
    )
}
