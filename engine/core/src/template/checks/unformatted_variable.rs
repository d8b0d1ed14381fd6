//! # unformatted-variable
//!
//! A paper prints something as the engine keeps it, not as people write it: a day as 2027-03-31,
//! an option by its code, a whole address at once; or a helper is given what it is not for.
//!
//! **Why it matters.** A license would say `SHOP_BAKERY` and "valid until 2027-03-31".
//!
//! **Remedy.** Use the helper that the diagnostic names: `{{date …}}`, `{{money …}}`,
//! `{{label …}}`, `{{address …}}`; `{{#each …}}` for lists. Messages need no helpers: there every
//! variable is words already.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("unformatted-variable", "unformatted_variable.rs");

/// `path` is printed without the helper it needs.
pub fn bare(at: &Where, path: &str, helper: &str) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{path}` would be printed as it is stored"),
        "people would not write it like this",
    )
    .help(format!("write `{{{{{helper} {path}}}}}`"))
}

/// `path` is no words at all.
pub fn unprintable(at: &Where, path: &str, several: bool) -> Diagnostic {
    let help = if several {
        format!("write `{{{{#each {path} as |item|}}}} … {{{{/each}}}}`")
    } else {
        "print another answer: files, photos, declarations and lists are not words".to_owned()
    };
    Diagnostic::error(MANUAL, at, format!("`{path}` cannot be printed"), "this is not words").help(help)
}

/// The helper is for something else.
pub fn wrong_helper(at: &Where, path: &str, helper: &str, better: Option<&str>) -> Diagnostic {
    let help = match better {
        Some(better) => format!("write `{{{{{better} {path}}}}}`"),
        None => format!("write `{{{{{path}}}}}`"),
    };
    Diagnostic::error(MANUAL, at, format!("`{helper}` is not for `{path}`"), "this is another kind of value").help(help)
}
