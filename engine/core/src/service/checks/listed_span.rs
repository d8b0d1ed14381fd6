//! # listed-span
//!
//! A length of time that is to come from a list cannot be found there: the question is no choice
//! from a list, or a row that can be chosen says nothing, or no length of time, in that column.
//!
//! **Why it matters.** A case of that kind would have no day on which it is due, and nobody would
//! see that it is late.
//!
//! **Remedy.** Name a choice from a list, and write `2 days`, `12 hours` or `5 working days` in the
//! column for each row, or for a row above it.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::{ListedSpan, Sla};

manual!("listed-span", "listed_span.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let states = service.workflow.states.iter().filter_map(|state| match &state.sla {
        Some(Sla::Listed(listed)) => Some(listed),
        _ => None,
    });
    let promise = service.statute.iter().filter_map(|statute| statute.sooner.as_ref());
    for listed in states.chain(promise) {
        listed_span(service, listed, out);
    }
}

fn listed_span(service: &Service, listed: &ListedSpan, out: &mut Diagnostics) {
    let (of, column) = (&listed.of, &listed.column);
    let Some(list) = listed.list(&service.form) else {
        let title = format!("`{of}` is no choice from a list", of = of.value);
        out.push(
            Diagnostic::error(MANUAL, &of.at, title, "nothing says how long it takes")
                .help("name a question of the form whose `options` are a list"),
        );
        return;
    };
    if let Some(entry) = list.choices().find(|entry| listed.of_code(list, &entry.code).is_none()) {
        let title = format!("the list `{}` has no length of time in `{column}` for `{}`", list.name, entry.code);
        out.push(
            Diagnostic::error(MANUAL, &of.at, title, "a case of that kind would never be due")
                .help("write for example `2 days` or `12 hours` there, or in the row above it"),
        );
    }
}
