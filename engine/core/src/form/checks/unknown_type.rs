//! # unknown-type
//!
//! A field has a type that there is not: misspelt, or called so in other programs.
//!
//! **Why it matters.** Nobody would know what to ask, nor whether an answer will do.
//!
//! **Remedy.** Use one of the types — text, number, decimal, money, date, `yes_no`, choice,
//! choices, phone, email, file, photo, place, record, point, rating, declaration, list, group — or
//! the name of a file in `fieldsets/`.

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
    .maybe_help(elsewhere(written).map(|(name, how)| format!("here it is `{name}`{how}")).or(help(written, types)))
}

/// What other programs call a type, what it is called here, and what else is to be said.
const ELSEWHERE: [(&str, &str, &str); 32] = [
    ("string", "text", ""),
    ("textarea", "text", " with `lines`"),
    ("long_text", "text", " with `lines`"),
    ("multiline", "text", " with `lines`"),
    ("int", "number", ""),
    ("integer", "number", ""),
    ("float", "decimal", ""),
    ("double", "decimal", ""),
    ("amount", "money", ""),
    ("currency", "money", ""),
    ("rupees", "money", ""),
    ("day", "date", ""),
    ("datetime", "date", ": times are not asked"),
    ("time", "text", ": times are not asked"),
    ("bool", "yes_no", ""),
    ("boolean", "yes_no", ""),
    ("flag", "yes_no", ""),
    ("checkbox", "yes_no", ", or `declaration` for what must be confirmed"),
    ("select", "choice", ""),
    ("dropdown", "choice", ""),
    ("radio", "choice", ""),
    ("enum", "choice", ""),
    ("multiselect", "choices", ""),
    ("checkboxes", "choices", ""),
    ("upload", "file", ""),
    ("document", "file", ""),
    ("attachment", "file", ""),
    ("image", "photo", ""),
    ("picture", "photo", ""),
    ("mobile", "phone", ""),
    ("location", "place", ", or `point` for a point on the map"),
    ("array", "list", ""),
];

/// The type that `written` is elsewhere the name of.
pub fn elsewhere(written: &str) -> Option<(&'static str, &'static str)> {
    ELSEWHERE.iter().find(|(name, ..)| *name == written).map(|(_, here, how)| (*here, *how))
}
