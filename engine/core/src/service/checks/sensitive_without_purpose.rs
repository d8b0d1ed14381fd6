//! # sensitive-without-purpose
//!
//! A question asks for something sensitive, and nothing says what it is needed for.
//!
//! **Why it matters.** Whoever is asked for health, caste or a bank account reads first why. The law wants the purpose
//! of each such answer in the notice, in words, and nothing that has none.
//!
//! **Remedy.** Say `purpose: So that the fee for persons with disability can be applied` at the question, at its
//! page or in `service.yaml`, and its translation in `locales/`. If nobody can say it, do not ask.

use crate::form::{Field, Kind};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("sensitive-without-purpose", "sensitive_without_purpose.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    if service.purpose.is_some() {
        return;
    }
    for page in service.form.all_pages().filter(|page| page.purpose.is_none()) {
        level(&page.fields, out);
    }
}

fn level(fields: &[Field], out: &mut Diagnostics) {
    for field in fields.iter().filter(|field| field.purpose.is_none()) {
        if field.sensitive {
            let title = format!("`{}` is sensitive, and nothing says what it is needed for", field.name);
            out.push(
                Diagnostic::error(MANUAL, &field.at, title, "whoever is asked could not know why")
                    .help("add `purpose:` with the reason in a few words, or do not ask"),
            );
        } else if let Kind::Group { fields } | Kind::List { fields, .. } = &field.kind {
            level(fields, out);
        }
    }
}
