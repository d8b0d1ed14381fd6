//! # table-gap
//!
//! No row of a table fits some input that can occur. The smallest such input is shown.
//!
//! **Why it matters.** For that input there would be no rate, and the rule would fail.
//!
//! **Remedy.** Add a row, or widen one. A key that a row leaves out matches any value. If numbers
//! beyond some limit cannot occur, say so with `over`:
//!
//! ```yaml
//! trade_fee:
//!   keys: { workers: from <= x < to }
//!   over: { workers: 0 to 500 }
//! ```

use crate::fees::runtime::input_words;
use crate::fees::table::{Input, Table};
use crate::source::Diagnostic;
use crate::source::manual::manual;

manual!("table-gap", "table_gap.rs");

/// No row of `table` fits `input`.
pub(crate) fn diagnostic(table: &Table, input: &[Input]) -> Diagnostic {
    let words = input_words(table, input);
    Diagnostic::error(
        MANUAL,
        &table.at,
        format!("`{}` has no row for {words}", table.name),
        "for this there would be no rate",
    )
    .help("add a row for it, or say with `over` which numbers occur")
}
