//! # list-too-deep
//!
//! Groups and lists stand inside each other more than four levels deep.
//!
//! **Why it matters.** Nobody could fill such a form on a telephone, and addresses of answers
//! such as `owners.0.name` would no longer be understood.
//!
//! **Remedy.** Make a page of its own of what is inside, or ask less.

use crate::base::limits;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("list-too-deep", "list_too_deep.rs");

/// The field at `at` is too deep inside.
pub fn diagnostic(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("this stands more than {} levels deep", limits::FORM_DEPTH),
        "nobody could fill this in",
    )
    .help("ask it on a page of its own")
}
