//! # missing-emblem
//!
//! `emblem` names a file that is not there.
//!
//! **Why it matters.** Pages and papers would be printed without the town's own sign.
//!
//! **Remedy.** Put the drawing (SVG) beside `tenant.yaml`, or correct the name.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("missing-emblem", "missing_emblem.rs");

/// No file is called so; `beside` are the drawings that are there.
pub fn diagnostic(name: &At<String>, beside: &[&str]) -> Diagnostic {
    Diagnostic::error(MANUAL, &name.at, format!("no file is called `{}`", name.value), "pages would have no emblem")
        .help("put the drawing beside this file")
        .maybe_help(help(name, beside.iter().copied()))
}
