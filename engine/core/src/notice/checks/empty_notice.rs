//! # empty-notice
//!
//! A notice has neither an `sms` nor an `email`.
//!
//! **Why it matters.** Nobody would hear of it.
//!
//! **Remedy.** Write one or both, or remove the file and the `notify:` that names it.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("empty-notice", "empty_notice.rs");

/// The notice `name` says nothing.
pub fn diagnostic(name: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("the notice `{name}` says nothing"), "nobody would hear of it")
        .help("write `sms:`, or `email:` with `subject` and `body`")
}
