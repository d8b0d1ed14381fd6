//! # unknown-fieldset
//!
//! A field asks for the questions of a fieldset that there is not. Any type that is not one of
//! the engine's own is taken to be the name of a file in `fieldsets/`.
//!
//! **Why it matters.** Nothing would be asked.
//!
//! **Remedy.** Correct the spelling, or add `fieldsets/<name>.yaml`.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-fieldset", "unknown_fieldset.rs");

/// `written` is neither a type nor one of the fieldsets `known`.
pub fn diagnostic<'a>(written: &At<Name>, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("no type or fieldset is called `{}`", written.value),
        "nobody would know what to ask",
    )
    .help(format!("use a type, or add `fieldsets/{}.yaml`", written.value))
    .maybe_help(help(written, known))
}
