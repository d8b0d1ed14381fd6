//! # bad-header
//!
//! The first line of a list does not name its columns as it must: `code,parent,label`, then a
//! column for each further language (`hi`), then attributes of the author's choosing. A list of
//! places has `level` besides.
//!
//! **Why it matters.** Columns are found by their names; a column with another name is an
//! attribute, and what it says would be missing where it is needed.
//!
//! **Remedy.** Write the first line as the help shows.
//!
//! ```csv
//! code,parent,label,hi,hours
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("bad-header", "bad_header.rs");

const ORDINARY: &str = "begin the file with `code,parent,label,hi`";

/// The column `name` is not there.
pub fn missing(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("no column is called `{name}`"), "the rows cannot be read without it")
        .help(ORDINARY)
}

/// The column `name` is there twice.
pub fn twice(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("two columns are called `{name}`"), "the second one").help("keep one of them")
}

/// `name` cannot be the name of a column.
pub fn name(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{name}` cannot be the name of a column"),
        "names are lower-case letters, digits and `_`",
    )
    .help(if name.starts_with('\u{feff}') { "save the file as UTF-8 without a byte-order mark" } else { ORDINARY })
}
