//! # unused-notice
//!
//! No action of the workflow sends a notice that is written.
//!
//! **Why it matters.** Somebody took care of words that nobody will read; probably an action
//! lacks its `notify:`.
//!
//! **Remedy.** Name it in the `notify:` of an action, or remove the file and its translations.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("unused-notice", "unused_notice.rs");

/// Nothing sends the notice `name`.
pub fn diagnostic(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("no action sends the notice `{name}`"), "nobody would ever read it")
        .help(format!("write `notify: {name}` with an action of workflow.yaml, or remove the file"))
}
