//! # duplicate-field
//!
//! Two pages of a form ask a field of the same name.
//!
//! **Why it matters.** Names of fields are unique in the form, so that moving a question to
//! another page breaks nothing; of two answers under one name, one would be lost.
//!
//! **Remedy.** Give one of them another name.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Where};

manual!("duplicate-field", "duplicate_field.rs");

/// `name` was asked already, at `first`.
pub fn diagnostic(name: &At<Name>, first: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, &name.at, format!("`{}` is asked twice", name.value), "the second time")
        .other(first, "the first time")
        .help("give one of them another name")
}
