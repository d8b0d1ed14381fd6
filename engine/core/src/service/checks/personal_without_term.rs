//! # personal-without-term
//!
//! A question asks for something personal, and the service does not say how long that is kept.
//!
//! **Why it matters.** What nobody needs any more can still be lost. The law asks that people are told how long
//! their data is kept, and that it is erased then.
//!
//! **Remedy.** Say `keep_for: 8 years` in `service.yaml`, or whatever the rules of the town for such papers say.
//! The time begins when a case ends. Then answers, drafts, messages and files are erased; numbers, money, papers and
//! what stands in registers stay.

use crate::form::{Field, Kind};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("personal-without-term", "personal_without_term.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    if service.keep_for.is_some() {
        return;
    }
    let fields = service.form.all_pages().flat_map(|page| &page.fields);
    let mut personal = fields.filter(|field| is_personal(field));
    let Some(first) = personal.next() else { return };
    let title = format!("`{}` is personal, and nothing says how long it is kept", first.name);
    let diagnostic = Diagnostic::warning(MANUAL, &first.at, title, "it would never be erased");
    let diagnostic = diagnostic.help("say in service.yaml how long after the end of a case, as in `keep_for: 8 years`");
    out.push(match personal.count() {
        0 => diagnostic,
        others => diagnostic.note(format!("the same holds for {others} more")),
    });
}

/// Whether the answer, or a part of it, tells something about a person.
fn is_personal(field: &Field) -> bool {
    let inner: &[Field] = match &field.kind {
        Kind::List { fields, .. } | Kind::Group { fields } => fields,
        _ => &[],
    };
    field.personal || inner.iter().any(is_personal)
}
