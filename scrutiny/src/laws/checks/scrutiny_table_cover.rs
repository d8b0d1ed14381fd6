//! # scrutiny-table-cover
//!
//! An input of a table of by-laws fits no row, or two.
//!
//! **Why it matters.** Where no row fits, a drawing is held to nothing; where two do, it depends on who looks.
//!
//! **Remedy.** Add or correct the row that the input shows. `over` says which numbers occur; from 0 on when silent.

use engine::source::{Diagnostic, Manual, Where};

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-table-cover", source: include_str!("scrutiny_table_cover.rs") };

/// No row fits `input`.
pub fn gap(at: &Where, input: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("no row fits {input}"), "this table has a gap").help("add a row for it")
}

/// Two rows fit `input`.
pub fn twice(one: &Where, other: &Where, input: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, other, format!("two rows fit {input}"), "this row fits it")
        .other(one, "and this row does")
}
