//! # template-too-deep
//!
//! A template is larger than 64 KiB, or its blocks stand more than 16 deep in each other.
//!
//! **Why it matters.** Such a template would take the memory of everybody else.
//!
//! **Remedy.** Say it more simply.

use crate::base::limits;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("template-too-deep", "template_too_deep.rs");

/// The block that begins at `at` is one too deep.
pub fn blocks(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("blocks stand more than {} deep in each other", limits::TEMPLATE_DEPTH),
        "this one is too deep",
    )
    .help("say it with fewer conditions")
}

/// The template at `at` is too large.
pub fn bytes(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("this template is larger than {} KiB", limits::TEMPLATE_BYTES >> 10),
        "no paper needs as much",
    )
    .help("shorten it")
}
