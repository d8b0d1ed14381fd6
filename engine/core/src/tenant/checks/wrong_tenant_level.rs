//! # wrong-tenant-level
//!
//! A state's folder holds the file of a town, or a town's folder the file of a state.
//!
//! **Why it matters.** A town takes each key it does not write from the state above it; with the
//! levels turned round there would be nothing to take.
//!
//! **Remedy.** Write `level: state` in `tenants/<state>/tenant.yaml` and `level: town` in
//! `tenants/<state>/<town>/tenant.yaml`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("wrong-tenant-level", "wrong_tenant_level.rs");

/// `expected` is `state` or `town`.
pub fn diagnostic(expected: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("this is not the file of a {expected}"),
        "the folder is one level away from where it should be",
    )
    .help(format!("write `level: {expected}`"))
}
