//! # record-answer-differs
//!
//! A grant puts an answer into a record where it does not fit: the service that makes such records asks
//! no question of that name, or one with another kind of answer. Without `set`, questions of the same
//! name are compared.
//!
//! **Why it matters.** The register would hold something that no page and no rule can read.
//!
//! **Remedy.** Correct the name under `set`, or ask the question in the same way: the same type, and
//! the same codes or the same list.

use std::mem::discriminant;
use std::sync::Arc;

use crate::form::{Field, Kind, Options};
use crate::registry::{Grant, Mode};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics, Where};

manual!("record-answer-differs", "record_answer_differs.rs");

/// Compares the grants of the services of one town with what makes the records there.
pub(crate) fn check(services: &[&Arc<Service>], out: &mut Diagnostics) {
    for service in services {
        // A new record has the answers to the questions of its own service: only what is set beside them can differ.
        let puts = |grant: &&Grant| (grant.mode != Mode::Create || grant.set.is_some()) && !grant.mode.only_standing();
        for grant in service.grants.iter().filter(puts) {
            let creates = |maker: &&&Arc<Service>| {
                maker.grants.iter().any(|one| one.mode == Mode::Create && one.registry.value == grant.registry.value)
            };
            let makers: Vec<&Arc<Service>> = services.iter().filter(creates).copied().collect();
            out.0.extend(one(service, grant, &makers));
        }
    }
}

fn one(service: &Service, grant: &Grant, makers: &[&Arc<Service>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let parts = grant.parts.as_ref().and_then(|parts| service.form.field(parts));
    let of_parts = match parts.map(|field| &field.kind) {
        Some(Kind::List { fields, .. }) => fields.as_slice(),
        _ => &[],
    };
    let question = |name: &str| of_parts.iter().chain(service.form.fields()).find(|field| field.name == *name);
    for maker in makers {
        for (name, asked) in grant.set.iter().flatten() {
            let Some(given) = question(&asked.value) else { continue };
            match maker.form.field(&name.value) {
                Some(known) if fits(known, given) => {}
                Some(_) => found.push(differs(&asked.at, given, &maker.id)),
                None => {
                    let title = format!("`{}` asks nothing called `{}`", maker.id, name.value);
                    let known: Vec<&str> = maker.form.fields().map(|field| field.name.as_str()).collect();
                    let wrong = Diagnostic::error(MANUAL, &name.at, title, "no page of the record would show it");
                    found.push(wrong.maybe_help(help(&name.value, known)));
                }
            }
        }
        // Questions of the same name replace answers where nothing is set, and always in parts.
        let alike = of_parts.iter().chain(service.form.fields().filter(|_| grant.set.is_none() && parts.is_none()));
        for given in alike {
            if maker.form.field(&given.name).is_some_and(|known| !fits(known, given)) {
                found.push(differs(&given.at, given, &maker.id));
            }
        }
    }
    found
}

fn differs(at: &Where, given: &Field, maker: &str) -> Diagnostic {
    let title = format!("`{}` is asked for in another way than the record in `{maker}`", given.name);
    Diagnostic::error(MANUAL, at, title, "the record could not be read any more")
}

/// Whether what `given` answers can stand where `known` was answered.
#[expect(clippy::match_same_arms, reason = "the names are of different kinds")]
fn fits(known: &Field, given: &Field) -> bool {
    match (&known.kind, &given.kind) {
        (Kind::Choice { options: known }, Kind::Choice { options: given })
        | (Kind::Choices { options: known, .. }, Kind::Choices { options: given, .. }) => narrower(given, known),
        (Kind::List { fields: known, .. }, Kind::List { fields: given, .. })
        | (Kind::Group { fields: known }, Kind::Group { fields: given }) => {
            let same = |field: &Field| known.iter().find(|known| known.name == field.name);
            given.iter().all(|given| same(given).is_none_or(|known| fits(known, given)))
        }
        (Kind::Record { registry: known, .. }, Kind::Record { registry: given, .. }) => known == given,
        (Kind::Place { level: known }, Kind::Place { level: given }) => known == given,
        (known, given) => discriminant(known) == discriminant(given),
    }
}

/// Whether every code of `given` is one of `known`.
fn narrower(given: &Options, known: &Options) -> bool {
    match (given, known) {
        (Options::List(given), Options::List(known)) => given.name == known.name,
        (Options::Here(given), known) => given.iter().all(|(code, _)| known.has(code)),
        (Options::List(_), Options::Here(_)) => false,
    }
}
