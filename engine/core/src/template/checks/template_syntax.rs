//! # template-syntax
//!
//! A tag of a template cannot be read: braces are not closed, a block is closed that was not
//! opened, or something stands inside that is neither a variable nor a helper.
//!
//! **Why it matters.** The message or paper could not be made.
//!
//! **Remedy.** The language of templates is small: `{{variable}}`, `{{helper variable}}`,
//! `{{#if variable}} … {{else}} … {{/if}}`, `{{#unless variable}} … {{/unless}}`, in papers also
//! `{{#each list as |item|}} … {{/each}}`, and `{{! a remark }}`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("template-syntax", "template_syntax.rs");

/// The template cannot be read at `at`.
pub fn diagnostic(at: &Where, why: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "this template cannot be read", why)
        .help("tags look like `{{number}}`, `{{date record.valid_until}}` or `{{#if comment}} … {{/if}}`")
}
