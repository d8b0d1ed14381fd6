//! # grant-question
//!
//! A grant takes from the form what the form does not ask: a question under `set` or `public` that is not there,
//! `parts` that are no repeated group, or `merges` that names no record of the registry.
//!
//! **Why it matters.** The record would stay as it was, or the grant would be refused every time.
//!
//! **Remedy.** Correct the spelling, or ask the question: a `list` for `parts`; for `merges` a question
//! of `type: record`, alone or in a `list`.

use crate::base::Name;
use crate::form::{Field, Kind};
use crate::registry::{Grant, Public};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("grant-question", "grant_question.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for grant in &service.grants {
        let asked: Vec<&Field> = questions(service, grant);
        for (_, question) in grant.set.iter().flatten() {
            if !asked.iter().any(|field| field.name == question.value) {
                out.push(missing(question, "question", asked.iter().copied()));
            }
        }
        for question in grant.public.iter().flat_map(Public::names) {
            if !asked.iter().any(|field| field.name == question.value) {
                out.push(missing(question, "question", asked.iter().copied()));
            }
        }
        let fields = || service.form.fields();
        if let Some(parts) = &grant.parts
            && group(service, parts).is_none()
        {
            out.push(missing(parts, "repeated group", fields().filter(|field| is_list(field))));
        }
        if let Some(merges) = &grant.merges
            && !fields().any(|field| field.name == merges.value && names(field, &grant.registry))
        {
            let fitting = fields().filter(|field| names(field, &grant.registry));
            out.push(missing(merges, "question for a record of the registry", fitting));
        }
    }
}

/// The questions that `set` may name: those of the form, and before them those of each part.
fn questions<'a>(service: &'a Service, grant: &Grant) -> Vec<&'a Field> {
    let parts = grant.parts.as_ref().and_then(|parts| group(service, parts));
    parts.into_iter().flatten().chain(service.form.fields()).collect()
}

fn group<'a>(service: &'a Service, name: &Name) -> Option<&'a [Field]> {
    match &service.form.field(name)?.kind {
        Kind::List { fields, .. } => Some(fields),
        _ => None,
    }
}

fn is_list(field: &Field) -> bool {
    matches!(field.kind, Kind::List { .. })
}

/// Whether the answer names a record of `registry`.
fn names(field: &Field, registry: &Name) -> bool {
    match &field.kind {
        Kind::Record { registry: asked, .. } => asked == registry,
        Kind::List { fields, .. } | Kind::Group { fields } => fields.iter().any(|field| names(field, registry)),
        _ => false,
    }
}

fn missing<'a>(name: &At<Name>, what: &str, known: impl Iterator<Item = &'a Field>) -> Diagnostic {
    let title = format!("no {what} of the form is called `{}`", name.value);
    let known: Vec<&str> = known.map(|field| field.name.as_str()).collect();
    Diagnostic::error(MANUAL, &name.at, title, "the grant would find nothing here").maybe_help(help(name, known))
}
