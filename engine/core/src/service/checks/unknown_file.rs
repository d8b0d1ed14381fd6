//! # unknown-file
//!
//! A file or a folder lies among the definitions and nothing reads it: mostly a misspelt name
//! (`form.yml`, `fee.rhai`, `noticess/`), or the folder of a service that has no `service.yaml`.
//!
//! **Why it matters.** The author believes it is in force.
//!
//! **Remedy.** Rename it, or move it elsewhere. A `README.md` may lie anywhere.

use std::sync::Arc;

use crate::source::manual::manual;
use crate::source::suggest::{help, suggest};
use crate::source::{Diagnostic, Where};

manual!("unknown-file", "unknown_file.rs");

/// The file at `path` is read by nobody; `name` is its name inside its folder.
pub fn diagnostic(path: &Arc<str>, name: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(MANUAL, &Where::file(path), format!("nothing reads `{name}`"), "this file is not in force")
        .maybe_help(help(name, known.iter().copied()))
}

/// The file called `name` lies in a folder whose files end otherwise.
pub(crate) fn ending(path: &Arc<str>, name: &str, ending: &str) -> Diagnostic {
    diagnostic(path, name, &[])
        .help(format!("files of this folder are called `NAME{ending}`, and there are no folders in it"))
}

/// The folder `name` on the way to the file at `path` is known to nobody; `what` says which are.
pub(crate) fn folder(path: &Arc<str>, name: &str, what: &str, known: &[&str]) -> Diagnostic {
    let near = suggest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    Diagnostic::error(
        MANUAL,
        &Where::file(path),
        format!("nothing reads the folder `{name}`"),
        "this file and whatever else lies in the folder is not in force",
    )
    .help(near.unwrap_or_else(|| what.to_owned()))
}
