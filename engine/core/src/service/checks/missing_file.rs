//! # missing-file
//!
//! A file that the service needs is not there: every service has `service.yaml` and
//! `workflow.yaml`, and at least one scenario under `tests/`; who charges has all of `rates.yaml`,
//! `fees.rhai`, `billing.yaml` and `postings.yaml`, or none of them.
//!
//! **Why it matters.** A part of the process would be undefined: charged and not posted, or never
//! tried out.
//!
//! **Remedy.** Add the file. `nagar new` writes a small service that has all it needs.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("missing-file", "missing_file.rs");

/// The service in `folder` lacks `file`, which is needed because of `because`.
pub fn diagnostic(at: &Where, file: &str, because: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{file}` is missing"), because.to_owned()).help(format!("add `{file}`"))
}
