//! # field-term
//!
//! A question says how long its file is kept, and that is as long as its case is kept or longer, or is said in minutes
//! or hours.
//!
//! **Why it matters.** The file goes with the case, and people would read of a time that means nothing. What has had its
//! time is looked for once a night.
//!
//! **Remedy.** Say less than `keep_for` of `service.yaml`, in days, working days, months or years, or leave it out.

use crate::base::Span;
use crate::form::{Field, Kind};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("field-term", "field_term.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    service.form.fields().for_each(|field| look(field, service.keep_for, out));
}

fn look(field: &Field, whole: Option<Span>, out: &mut Diagnostics) {
    if let Some(term) = &field.keep_for {
        judge(field, term, whole, out);
    }
    if let Kind::List { fields, .. } | Kind::Group { fields } = &field.kind {
        for inner in fields {
            look(inner, whole, out);
        }
    }
}

fn judge(field: &Field, term: &At<Span>, whole: Option<Span>, out: &mut Diagnostics) {
    let (name, said) = (&field.name, term.value.written());
    if matches!(term.value, Span::Minutes(_) | Span::Hours(_)) {
        let title = format!("`{name}` is kept for {said}, and what has had its time is looked for once a night");
        out.push(
            Diagnostic::error(MANUAL, &term.at, title, "it would be kept until the night")
                .help("say it in days, working days, months or years"),
        );
    } else if let Some(whole) = whole.filter(|whole| days(term.value) >= days(*whole)) {
        let whole = whole.written();
        let title = format!("`{name}` is kept for {said}, and its case for {whole}");
        out.push(
            Diagnostic::error(MANUAL, &term.at, title, "it would be erased with the case")
                .help(format!("say less than {whole}, or leave it out")),
        );
    }
}

/// About how many days a span is.
fn days(span: Span) -> i64 {
    match span {
        Span::Minutes(count) => count / (24 * 60),
        Span::Hours(count) => count / 24,
        Span::Days(count) => count,
        Span::WorkingDays(count) => count * 7 / 5,
        Span::Months(count) => count * 365 / 12,
        Span::Years(count) => count * 365,
    }
}
