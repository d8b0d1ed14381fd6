//! # untranslated-document
//!
//! A paper has no template in a language of the tenant.
//!
//! **Why it matters.** A citizen who chose Hindi would be handed a paper in English.
//!
//! **Remedy.** Write `documents/<name>.<language>.hbs` beside the template.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("untranslated-document", "untranslated_document.rs");

/// The paper `name` is not there in `language`.
pub fn diagnostic(name: &str, language: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("the paper `{name}` is not there in `{language}`"),
        "its readers would get another language",
    )
    .help(format!("write `{name}.{language}.hbs` beside it"))
}
