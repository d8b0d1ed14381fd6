//! # scrutiny-measured-twice
//!
//! Two measures take the same from the same layer.
//!
//! **Why it matters.** When the layer changes, one of the two is forgotten, and rules no longer agree.
//!
//! **Remedy.** Keep one, and let both rules use it.

use engine::source::{Diagnostic, Manual, Where};

/// The check's code and manual.
pub const MANUAL: Manual =
    Manual { code: "scrutiny-measured-twice", source: include_str!("scrutiny_measured_twice.rs") };

/// `name` measures what `other` does.
pub fn diagnostic(at: &Where, name: &str, other: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{name}` measures the same as `{other}`"), "the same is measured twice")
        .help(format!("use `{other}` in its place"))
}
