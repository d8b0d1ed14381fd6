//! # public-personal
//!
//! A public list of records shows the answer to a question that tells of a person.
//!
//! **Why it matters.** Anybody could read it, copy it and keep it, and nobody was asked whether that is
//! wanted.
//!
//! **Remedy.** Take the question out of `public`, or ask for what is to be shown with a question of its own that
//! says so: the name by which the list calls somebody, the number that callers may use.

use crate::form::{Field, Kind};
use crate::registry::Public;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("public-personal", "public_personal.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for name in service.grants.iter().filter_map(|grant| grant.public.as_ref()).flat_map(Public::names) {
        if service.form.field(&name.value).is_some_and(tells_of_a_person) {
            let title = format!("the answer to `{}` tells of a person", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "anybody could read it")
                    .help("take it out of `public`, or ask with a question of its own what is to be shown"),
            );
        }
    }
}

/// Whether the question, or one inside it, is personal.
fn tells_of_a_person(field: &Field) -> bool {
    let inside = match &field.kind {
        Kind::Group { fields } | Kind::List { fields, .. } => fields.iter().any(tells_of_a_person),
        _ => false,
    };
    field.personal || inside
}
