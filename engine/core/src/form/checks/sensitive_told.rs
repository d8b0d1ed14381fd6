//! # sensitive-told
//!
//! The desk can search by a sensitive answer, or a message carries one.
//!
//! **Why it matters.** What is found by is told in lists, and messages lie open on telephones and with those who
//! carry them. Of health, caste or a bank account nobody should read in passing, whatever the message is for.
//!
//! **Remedy.** Remove `searchable`, or take the answer out of the message: its link leads to where it is read by
//! those who may. A paper may print it, for a paper names it on purpose.

use crate::base::Name;
use crate::form::{Field, Form, Kind};
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics, Where};

manual!("sensitive-told", "sensitive_told.rs");

/// Whether nothing sensitive can be searched by.
pub(crate) fn check(form: &Form, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    form.all_pages().for_each(|page| level(&page.fields, false, out));
    out.0.len() == before
}

fn level(fields: &[Field], within: bool, out: &mut Diagnostics) {
    for field in fields {
        let sensitive = within || field.sensitive;
        if sensitive && (field.searchable.alone() || field.searchable.with_place()) {
            let title = format!("the desk can search by `{}`, which is sensitive", field.name);
            out.push(
                Diagnostic::error(MANUAL, &field.at, title, "lists would tell it").help("remove `searchable` from it"),
            );
        }
        if let Kind::Group { fields } | Kind::List { fields, .. } = &field.kind {
            level(fields, sensitive, out);
        }
    }
}

/// The notice `name` prints `variable`.
pub(crate) fn in_notice(name: &Name, variable: &str, at: &Where) -> Diagnostic {
    let title = format!("the notice `{name}` carries `{variable}`, which is sensitive");
    Diagnostic::error(MANUAL, at, title, "this would leave the office with the message")
        .help("leave it out: `{{link}}` leads to where it is read")
}
