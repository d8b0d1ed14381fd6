//! # stock-question
//!
//! The question into which a number of a stock is put is not on the page that the action asks, is no text, or has
//! to be answered; the action puts two numbers into it; or another action that uses up nothing, or a number of another
//! stock, asks the same page.
//!
//! **Why it matters.** Nobody could name the number that is at hand, nobody could leave it to the next one, or a
//! number that nobody holds could be written down. Of two numbers in one question the first would be used up and stand
//! nowhere. And a case that has a number of one stock would keep it where one
//! of the other was to be used up.
//!
//! **Remedy.** Let the action say `asks:` with a page on which the question stands with `type: text` and
//! `optional: true`, one for each number that it uses up, and ask that page only with actions that use up a number of
//! the same stock for it.

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
        for (at, uses) in action.uses.iter().enumerate() {
            let earlier = action.uses[..at].iter().find(|earlier| earlier.question.value == uses.question.value);
            match earlier {
                Some(earlier) => twice(action, uses, earlier, out),
                None => put(service, action, uses, out),
            }
        }
    }
}

/// The number goes into a question that is asked with the action, and with no other than such.
fn put(service: &Service, action: &Action, uses: &Uses, out: &mut Diagnostics) {
    let page = action.asks.as_ref().and_then(|asks| service.form.page(&asks.value));
    let fits = |field: &&Field| field.optional && matches!(field.kind, Kind::Text { .. });
    let fitting = page.iter().flat_map(|page| &page.fields).filter(fits).map(|field| field.name.as_str());
    if fitting.clone().all(|name| uses.question.value != *name) {
        let title = format!("`{}` asks no text called `{}` that may be left empty", action.name, uses.question.value);
        out.push(
            Diagnostic::error(MANUAL, &uses.question.at, title, "the number could not be put there")
                .help(format!("add `{}: {{ label: …, type: text, optional: true }}` to the page", uses.question.value))
                .maybe_help(suggest(&uses.question.value, fitting).map(|near| format!("did you mean `{near}`?"))),
        );
    } else {
        asked_otherwise(service, action, uses, out);
        of_another_stock(service, action, uses, out);
    }
}

/// A question holds one number.
fn twice(action: &Action, uses: &Uses, earlier: &Uses, out: &mut Diagnostics) {
    let title = format!("`{}` puts two numbers into `{}`", action.name, uses.question.value);
    out.push(
        Diagnostic::error(MANUAL, &uses.question.at, title, "one of them would be used up and stand nowhere")
            .other(&earlier.question.at, "one is put there already")
            .help("ask a question for each of them"),
    );
}

/// A question takes the numbers of one stock: that of the first action that puts one there.
fn of_another_stock(service: &Service, action: &Action, uses: &Uses, out: &mut Diagnostics) {
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let mut putting = actions.flat_map(|other| other.uses.iter().map(move |put| (other, put)));
    let first = putting.find(|(_, put)| put.question.value == uses.question.value);
    let Some((first, put)) = first.filter(|(_, put)| put.stock.value != uses.stock.value) else { return };
    let title = format!("`{}` puts a number of another stock into `{}`", action.name, uses.question.value);
    out.push(
        Diagnostic::error(MANUAL, &uses.stock.at, title, "a case that has a number of one stock would keep it here")
            .other(&put.stock.at, format!("`{}` puts one of this stock there", first.name))
            .help(format!("use up `{}` here too, or put the number into another question", put.stock.value)),
    );
}

/// Another action must not write down a number that nobody held.
fn asked_otherwise(service: &Service, action: &Action, uses: &Uses, out: &mut Diagnostics) {
    let same =
        |other: &&Action| other.asks.as_ref().map(|page| &page.value) == action.asks.as_ref().map(|page| &page.value);
    let puts = |other: &Action| other.uses.iter().any(|other| other.question.value == uses.question.value);
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
