//! # child-question
//!
//! A child takes an answer from a question that this form does not ask, or puts a number into one.
//!
//! **Why it matters.** The other service would be asked without saying about what; or the number that it gave
//! would stand where no page and no rule can read it.
//!
//! **Remedy.** Correct the spelling, or ask the question.

use crate::form::Kind;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("child-question", "child_question.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for child in &service.children {
        let given = child.answers.iter().map(|(_, known)| known);
        for name in given.chain(&child.grants).filter(|name| service.form.field(&name.value).is_none()) {
            let title = format!("no question of the form is called `{}`", name.value);
            let known: Vec<&str> = service.form.fields().map(|field| field.name.as_str()).collect();
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "there is no such answer")
                    .maybe_help(help(&name.value, known)),
            );
        }
        let Some((name, field)) = child.grants.as_ref().and_then(|name| Some((name, service.form.field(&name.value)?)))
        else {
            continue;
        };
        if !matches!(field.kind, Kind::Text { .. } | Kind::Record { .. }) {
            let title = format!("`{}` takes no number of a record", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "the number would not fit it")
                    .help("ask it with `type: record`, or with `type: text`"),
            );
        }
    }
}
