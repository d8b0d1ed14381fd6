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
use crate::source::suggest::suggest;
use crate::source::{At, Diagnostic};

manual!("unknown-fieldset", "unknown_fieldset.rs");

/// `written` is neither one of the `types` nor one of the fieldsets `known`.
pub fn diagnostic<'a>(
    written: &At<Name>,
    types: impl IntoIterator<Item = &'a str>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let listed = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let fieldsets = listed(known.clone().into_iter().collect());
    let near = suggest(written, known).map(|near| format!("did you mean `{near}`?"));
    let all = format!("the types are {}", listed(types.into_iter().collect()));
    let or = if fieldsets.is_empty() { String::new() } else { format!("; the fieldsets are {fieldsets}") };
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("no type or fieldset is called `{}`", written.value),
        "nobody would know what to ask",
    )
    .help(near.unwrap_or_else(|| format!("{all}{or}")))
}
