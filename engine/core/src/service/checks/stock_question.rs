//! # stock-question
//!
//! The question into which a number of a stock is put is not on the page that the action asks, is no text, or has
//! to be answered; or another action that uses up nothing asks the same page.
//!
//! **Why it matters.** Nobody could name the number that is at hand, nobody could leave it to the next one, or a
//! number that nobody holds could be written down.
//!
//! **Remedy.** Let the action say `asks:` with a page on which the question stands with `type: text` and
//! `optional: true`, and ask that page only with actions that use up a number for it.

use crate::form::{Field, Kind};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::suggest;
use crate::source::{Diagnostic, Diagnostics};
use crate::stock::Uses;
use crate::workflow::Action;

manual!("stock-question", "stock_question.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        let Some(uses) = &action.uses else { continue };
        let page = action.asks.as_ref().and_then(|asks| service.form.page(&asks.value));
        let fits = |field: &&Field| field.optional && matches!(field.kind, Kind::Text { .. });
        let fitting = page.iter().flat_map(|page| &page.fields).filter(fits).map(|field| field.name.as_str());
        if fitting.clone().all(|name| uses.question.value != *name) {
            let title =
                format!("`{}` asks no text called `{}` that may be left empty", action.name, uses.question.value);
            out.push(
                Diagnostic::error(MANUAL, &uses.question.at, title, "the number could not be put there")
                    .help(format!(
                        "add `{}: {{ label: …, type: text, optional: true }}` to the page",
                        uses.question.value
                    ))
                    .maybe_help(suggest(&uses.question.value, fitting).map(|near| format!("did you mean `{near}`?"))),
            );
        } else {
            asked_otherwise(service, action, uses, out);
        }
    }
}

/// Another action must not write down a number that nobody held.
fn asked_otherwise(service: &Service, action: &Action, uses: &Uses, out: &mut Diagnostics) {
    let same =
        |other: &&Action| other.asks.as_ref().map(|page| &page.value) == action.asks.as_ref().map(|page| &page.value);
    let puts = |other: &Action| other.uses.as_ref().is_some_and(|other| other.question.value == uses.question.value);
    let mut actions = service.workflow.states.iter().flat_map(|state| &state.actions).filter(same);
    if let Some(other) = actions.find(|other| !puts(other)) {
        let title = format!("`{}` asks for `{}` and uses up nothing", other.name, uses.question.value);
        out.push(Diagnostic::error(MANUAL, &other.at, title, "a number could be written down that nobody holds").help(
            format!(
                "say `uses: {{ stock: {}, as: {} }}` here too, or ask another page",
                uses.stock.value, uses.question.value
            ),
        ));
    }
}
