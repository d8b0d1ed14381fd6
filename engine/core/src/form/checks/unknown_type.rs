//! # unknown-type
//!
//! A field has a type that there is not.
//!
//! **Why it matters.** Nobody would know what to ask, nor whether an answer will do.
//!
//! **Remedy.** Use one of the types — text, number, decimal, money, date, `yes_no`, choice,
//! choices, phone, email, file, photo, place, point, rating, declaration, list, group — or the
//! name of a file in `fieldsets/`.

use crate::base::Name;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-type", "unknown_type.rs");

/// `written` is near to one of `types`, but is none of them.
pub fn diagnostic<'a>(written: &At<Name>, types: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &written.at,
        format!("no type is called `{}`", written.value),
        "nobody would know what to ask",
    )
    .maybe_help(help(written, types))
}
