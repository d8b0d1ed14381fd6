//! # parent-after-child
//!
//! A row hangs below a row that comes later in the file.
//!
//! **Why it matters.** Lists are shown in the order of the file; a group should be read before
//! what belongs to it. It also makes it impossible to write a circle.
//!
//! **Remedy.** Move the parent's row above its children.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("parent-after-child", "parent_after_child.rs");

/// The row of `code` names `parent`, which stands further down, at `there`.
pub fn diagnostic(code: &str, parent: &str, at: &Where, there: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{code}` stands before its parent `{parent}`"), "the parent is further down")
        .other(there, "the parent")
        .help("move the row of the parent above this row")
}
