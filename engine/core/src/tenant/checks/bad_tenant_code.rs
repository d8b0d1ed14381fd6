//! # bad-tenant-code
//!
//! The code of a town is not two to twelve capital letters or digits beginning with a letter, or
//! another town of the state has the same.
//!
//! **Why it matters.** It stands in every number the town gives: two towns with one code would
//! give the same number to two people.
//!
//! **Remedy.** Choose letters that no other town uses.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Where};

manual!("bad-tenant-code", "bad_tenant_code.rs");

/// Not capital letters and digits.
pub fn shape(code: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &code.at,
        format!("`{}` cannot be the code of a town", code.value),
        "it stands in every number the town gives",
    )
    .help("write two to twelve capital letters or digits, for example `DDN`")
}

/// The same as another town's, which is written at `other`.
pub fn taken(code: &str, at: &Where, other: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{code}` is the code of another town"), "both would give the same numbers")
        .other(other, "the other town")
        .help("choose letters that no other town uses")
}
