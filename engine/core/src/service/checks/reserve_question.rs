//! # reserve-question
//!
//! What a service reserves depends on a question that the form does not ask, that is of another kind
//! than is needed, or that need not be answered: `resource` is a choice from a list, `from` and `until`
//! are dates, `days` and `takes` are numbers, `parts` is a choice of one or several.
//!
//! **Why it matters.** Nobody could say what is taken for a case, and every action that takes it would be
//! refused.
//!
//! **Remedy.** Name a question of the right kind that is not `optional`, and has no `when:`. Only the question of
//! the first day may have one: who is not asked for a day takes nothing.

use crate::base::Name;
use crate::form::{Field, Kind, Options, Page};
use crate::reserve::{Reserve, Takes};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("reserve-question", "reserve_question.rs");

/// Whether a question is of the kind that is needed.
type Fits = fn(&Kind) -> bool;

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for reserve in &service.reserves {
        for (name, what, fits) in questions(reserve) {
            question(service, reserve, (name, what, fits), out);
        }
    }
}

fn questions(reserve: &Reserve) -> Vec<(&At<Name>, &'static str, Fits)> {
    let date: Fits = |kind| matches!(kind, Kind::Date { .. });
    let number: Fits = |kind| matches!(kind, Kind::Number { .. });
    let listed: Fits = |kind| matches!(kind, Kind::Choice { options: Options::List(_) });
    let several: Fits = |kind| matches!(kind, Kind::Choice { .. } | Kind::Choices { .. });
    let mut all = vec![(&reserve.resource, "choice from a list", listed), (&reserve.from, "date", date)];
    all.extend(reserve.until.as_ref().map(|name| (name, "date", date)));
    all.extend(reserve.days.as_ref().map(|name| (name, "number", number)));
    all.extend(reserve.parts.as_ref().map(|name| (name, "choice", several)));
    if let Takes::Field(name) = &reserve.takes {
        all.push((name, "number", number));
    }
    all
}

fn question(service: &Service, reserve: &Reserve, (name, what, fits): (&At<Name>, &str, Fits), out: &mut Diagnostics) {
    let of_all = |page: &Page, field: &Field| page.when.is_none() && field.when.is_none();
    let first_day = name.value == reserve.from.value;
    let asked = |page: &Page, field: &Field| !field.optional && (first_day || of_all(page, field));
    let mut fields = service.form.all_pages().flat_map(|page| page.fields.iter().map(move |field| (page, field)));
    match fields.find(|(_, field)| field.name == name.value) {
        Some((page, field)) if fits(&field.kind) && asked(page, field) => {}
        Some((_, field)) if fits(&field.kind) => {
            let title = format!("`{}` is not asked of everybody", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "nobody could say what is taken")
                    .help("take `when:` and `optional` away from the question and from its page"),
            );
        }
        _ => {
            let fitting = service.form.fields().filter(|field| fits(&field.kind));
            let known: Vec<&str> = fitting.map(|field| field.name.as_str()).collect();
            let title = format!("`{}` is no {what} that the form asks for", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "nobody could say what is taken")
                    .maybe_help(help(&name.value, known)),
            );
        }
    }
}
