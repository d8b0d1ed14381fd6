//! # condition-looks-ahead
//!
//! A `when` refers to a question that is asked only afterwards.
//!
//! **Why it matters.** The answer is not known yet when the page is shown, so the question would
//! never be asked the first time.
//!
//! **Remedy.** Ask the other question first: move its field, or its page, up.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("condition-looks-ahead", "condition_looks_ahead.rs");

/// The condition at `at` reads `field`, which is asked later or is the asked field itself.
pub fn diagnostic(field: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{field}` is not asked before this"), "its answer is not known yet here")
        .help(format!("ask `{field}` first"))
}
