//! # nested-fieldset
//!
//! A fieldset asks for the questions of another fieldset.
//!
//! **Why it matters.** Two fieldsets that ask for each other would never end, and a reader would
//! have to open file after file to see what is asked.
//!
//! **Remedy.** Write the questions out, or use both fieldsets side by side in the form.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("nested-fieldset", "nested_fieldset.rs");

/// A field of a fieldset has the type `written`.
pub fn diagnostic(written: &At<Name>) -> Diagnostic {
    let title = format!("`{}` is no type, and a fieldset cannot use another", written.value);
    Diagnostic::error(MANUAL, &written.at, title, "nobody would know what to ask")
        .help("use a type, or write the questions out")
}
