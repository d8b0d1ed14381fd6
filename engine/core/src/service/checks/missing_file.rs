//! # missing-file
//!
//! A file that the service needs is not there: every service has `service.yaml` and
//! `workflow.yaml`, and at least one scenario under `tests/`; who charges has all of `rates.yaml`,
//! `fees.rhai`, `billing.yaml` and `postings.yaml`, or none of them; and where a town speaks further languages, there
//! is a file of `locales/` for each.
//!
//! **Why it matters.** A part of the process would be undefined: charged and not posted, never
//! tried out, or told to nobody who reads only the other language.
//!
//! **Remedy.** Add the file. `nagar new` writes a small service that has all it needs; `nagar words SERVICE LANGUAGE`
//! writes a file of `locales/` with everything that is to be translated.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("missing-file", "missing_file.rs");

/// The service in `folder` lacks `file`, which is needed because of `because`.
pub fn diagnostic(at: &Where, file: &str, because: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{file}` is missing"), because.to_owned()).help(format!("add `{file}`"))
}

/// The service `id`, in whose folder `at` is, has no words at all in a `language` of the tenant.
pub fn words(at: &Where, id: &str, language: &str) -> Diagnostic {
    let title = format!("`locales/{language}.yaml` is missing");
    Diagnostic::error(
        MANUAL,
        at,
        title,
        format!("the town speaks `{language}` too, and this service has no words in it"),
    )
    .help(format!("`nagar words {id} {language}` writes the file, with every word that is to be translated"))
}
