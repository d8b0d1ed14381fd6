//! # broken-markup
//!
//! The markup of a paper is not well-formed, or uses an element, a class or an attribute that
//! papers do not have. A block such as `{{#if}}` must hold whole elements: `{{#if x}}<p>…</p>{{/if}}`.
//!
//! **Why it matters.** The paper could not be printed.
//!
//! **Remedy.** Papers have `h1` `h2` `h3` `p` `div` `hr` `br` `strong` `em` `small` `span` `ul` `ol`
//! `li` `table` `thead` `tbody` `tfoot` `tr` `th` `td` `img src="emblem"` and `qr`; the classes
//! `certificate`, `a5`, `box`, `columns` (on `div`), `plain` (on `table`), `total` (on `tr`),
//! `right`, `center` and `num`. Close every element: `<br/>`, `<hr/>`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("broken-markup", "broken_markup.rs");

/// The fact `title`, and what to do.
pub fn diagnostic(at: &Where, title: &str, help: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title, "this paper could not be printed").help(help)
}

/// Something that papers do not have.
pub fn unknown(at: &Where, title: &str, help: Option<String>) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title, "this paper could not be printed").maybe_help(help)
}

/// Filled in, the template is not well-formed any more.
pub fn filled_in(at: &Where, why: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "filled in, this paper is not well-formed", why.to_owned())
        .help("let every block hold whole elements, and put no variable inside the `<…>` of an element")
}
