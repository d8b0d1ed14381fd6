//! # scrutiny-table
//!
//! A table has a key that is neither an answer nor a measure, or a code that its answer does not have.
//!
//! **Why it matters.** The row that fits could not be found.
//!
//! **Remedy.** Name an answer with options for `codes`, an answer without options or a measure for numbers, and write
//! codes as the options of the answer are.

use engine::source::suggest::help;
use engine::source::{Diagnostic, Manual, Where};

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-table", source: include_str!("scrutiny_table.rs") };

/// `name` has no values of the kind that the table says.
pub fn key(at: &Where, name: &str, codes: bool) -> Diagnostic {
    let wanted = if codes { "an answer with options" } else { "a measure, or an answer that is a number" };
    Diagnostic::error(MANUAL, at, format!("`{name}` is not {wanted}"), "rows cannot be found by it")
}

/// `code` is no option of the answer.
pub fn code(at: &Where, code: &str, known: &[String]) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{code}` is no option"), "no input would find this row")
        .maybe_help(help(code, known.iter().map(String::as_str)))
}

/// The table has more inputs than are tried.
pub fn too_large(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        "this table is too large to be proved",
        "it cannot be shown that one row fits every input",
    )
    .help("divide it into two tables")
}
