//! # ragged-row
//!
//! A row of a list has more or fewer cells than the first line has columns.
//!
//! **Why it matters.** From the missing or extra comma on, each cell would be read as its
//! neighbour.
//!
//! **Remedy.** Add the missing commas, or put quotes around a cell that has a comma inside.
//!
//! ```csv
//! M0016,W7,locality,"Rajiv Nagar, Rishi Nagar",राजीव नगर
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("ragged-row", "ragged_row.rs");

/// The row at `at` has `found` cells where `expected` are needed.
pub fn diagnostic(found: usize, expected: usize, at: &Where) -> Diagnostic {
    let help = if found > expected {
        "put quotes around a cell that has a comma inside"
    } else {
        "add a comma for each empty cell"
    };
    Diagnostic::error(
        MANUAL,
        at,
        format!("this row has {found} cells, the first line {expected}"),
        "the row cannot be read",
    )
    .help(help)
}
