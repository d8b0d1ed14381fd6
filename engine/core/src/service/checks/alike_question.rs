//! # alike-question
//!
//! `alike` names what the applicant is not asked, or what nobody can search by.
//!
//! **Why it matters.** Applications that are alike are found by the words that are kept for searching.
//! Without them nobody would be told that a matter is known already.
//!
//! **Remedy.** Name questions of the applicant, not inside a group or a list, that say
//! `searchable: true`.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("alike-question", "alike_question.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let asked = || service.form.pages_by(None).flat_map(|page| &page.fields).filter(|field| field.searchable.alone());
    for name in service.alike.iter().filter(|name| asked().all(|field| field.name != name.value)) {
        let known: Vec<String> = asked().map(|field| format!("`{}`", field.name)).collect();
        let title = format!("`{}` is no question of the applicant that can be searched by", name.value);
        let or = if known.is_empty() { String::new() } else { format!(", or name one of these: {}", known.join(", ")) };
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "nothing would be found alike")
                .help(format!("add `searchable: true` to it{or}")),
        );
    }
}
