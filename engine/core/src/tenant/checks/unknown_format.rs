//! # unknown-format
//!
//! `format` names a version of the definition format that this program does not know.
//!
//! **Why it matters.** The same key may mean something else in another version.
//!
//! **Remedy.** Write `format: 1`, or use a newer program.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("unknown-format", "unknown_format.rs");

/// The only version there is.
pub const KNOWN: i64 = 1;

/// The version is not [`KNOWN`].
pub fn diagnostic(format: &At<i64>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &format.at,
        format!("format {} is not known", format.value),
        "its keys could mean something else",
    )
    .help(format!("write `format: {KNOWN}`"))
}
