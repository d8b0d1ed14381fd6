//! # unsafe-emblem
//!
//! The emblem is not a plain drawing: it is larger than 4 kB, is not well-formed, or has
//! something besides shapes — a script, a style, a link, a title, text in a font.
//!
//! **Why it matters.** The drawing stands inside every page of the town, and on its papers. What
//! can run or load from elsewhere would do so in the name of the town; and words in it would be in
//! one language on pages of every language. The page itself says whose emblem it is.
//!
//! **Remedy.** Save the drawing as plain SVG with only `g`, `path`, `circle` and `rect`, and
//! write colours as attributes (`fill="#1d5f8a"`).

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("unsafe-emblem", "unsafe_emblem.rs");

/// The most bytes of a drawing.
pub const BYTES: usize = 4096;

/// What stands at `at` does not belong into a plain drawing.
pub fn diagnostic(title: impl Into<String>, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title, "this does not belong into a drawing that stands on every page")
        .help("keep only `g`, `path`, `circle` and `rect`, with colours as attributes")
}

/// The file is too large.
pub fn large(bytes: usize, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("the emblem has {bytes} bytes"), "every page would carry it")
        .help(format!("simplify the drawing: at most {BYTES} bytes"))
}
