//! # open311-question
//!
//! `open311` names what the applicant is not asked, or a question of another kind; or the form has a
//! question that must be answered and that a program cannot answer by Open311: a file, a photo, a repeated
//! group, a record.
//!
//! **Why it matters.** Nothing that is sent this way would ever be complete.
//!
//! **Remedy.** Name questions of the applicant, not inside a group or a list: a text for `description`,
//! `address` and `name`, a choice for `codes`, a place for `place`, a point for `point`. Let questions that
//! cannot be asked this way be `optional: true`.

use crate::form::{Field, Kind};
use crate::service::Service;
use crate::service::open311::is_attribute;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("open311-question", "open311_question.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let Some(open311) = &service.open311 else { return };
    let asked = || service.form.pages_by(None).flat_map(|page| page.fields.iter().map(move |field| (page, field)));
    for (name, kind) in open311.named() {
        match asked().find(|(_, field)| field.name == name.value) {
            Some((_, field)) if fits(field, kind) => {}
            Some(_) => {
                let title = format!("`{}` is no question of the type `{kind}`", name.value);
                out.push(
                    Diagnostic::error(MANUAL, &name.at, title, "what is sent would not fit it")
                        .help(format!("name a question of the applicant that says `type: {kind}`")),
                );
            }
            None => {
                let known = asked().filter(|(_, field)| fits(field, kind)).map(|(_, field)| field.name.as_str());
                let known: Vec<&str> = known.collect();
                let title = format!("the applicant is not asked `{}`", name.value);
                out.push(
                    Diagnostic::error(MANUAL, &name.at, title, "nothing would take what is sent")
                        .maybe_help(help(&name.value, known)),
                );
            }
        }
    }
    for (page, field) in asked() {
        let named = open311.named().iter().any(|(name, _)| name.value == field.name);
        let must = !field.optional && field.when.is_none() && page.when.is_none();
        if must && !named && !is_attribute(&field.kind) {
            let title = format!("`{}` must be answered, and Open311 cannot ask it", field.name);
            out.push(
                Diagnostic::error(MANUAL, &field.at, title, "no request of a program could be complete")
                    .help("add `optional: true` to it, or remove `open311` from service.yaml"),
            );
        }
    }
}

fn fits(field: &Field, kind: &str) -> bool {
    match &field.kind {
        Kind::Text { .. } => kind == "text",
        Kind::Choice { .. } => kind == "choice",
        Kind::Place { .. } => kind == "place",
        Kind::Point => kind == "point",
        _ => false,
    }
}
