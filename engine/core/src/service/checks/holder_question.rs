//! # holder-question
//!
//! `holder_of` of a role names something else than a question of the applicant that is answered with the number of
//! one record: a question that is not there, one with another type, one of the office, or one inside a group or a list.
//!
//! **Why it matters.** Nobody could ever have the role; or it would be the office, and not the applicant, that lets
//! somebody see the case.
//!
//! **Remedy.** Name a question with `type: record` on a page of the applicant, outside of groups and lists.

use crate::form::Kind;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("holder-question", "holder_question.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let asked = || service.form.pages_by(None).flat_map(|page| &page.fields);
    for question in service.roles.iter().filter_map(|role| role.holder_of.as_ref()) {
        let found = asked().find(|field| field.name == question.value);
        if found.is_some_and(|field| matches!(field.kind, Kind::Record { .. })) {
            continue;
        }
        let records = asked().filter(|field| matches!(field.kind, Kind::Record { .. }));
        let known: Vec<&str> = records.map(|field| field.name.as_str()).collect();
        let title = match found {
            Some(_) => format!("`{}` is not answered with the number of a record", question.value),
            None => format!("the applicant is asked no `{}`", question.value),
        };
        out.push(
            Diagnostic::error(MANUAL, &question.at, title, "nobody could ever have this role")
                .help("name a question of the applicant with `type: record`")
                .maybe_help(help(&question.value, known)),
        );
    }
}
