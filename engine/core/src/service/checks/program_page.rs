//! # program-page
//!
//! A page that a program answers does not fit the rest: no action asks for it with `ask`; or an action asks for, or
//! waits for, a page that no program answers; or `takes` names a question that comes on no page before it; or `gives`
//! one that is not on it; or a whole register would ask at once.
//!
//! **Why it matters.** The program would never run, or be told nothing, and the case would wait for an answer that
//! never comes.
//!
//! **Remedy.** Say `by: program` and `program:` on the page, `ask:` with its name on the action after which it is to
//! be answered, and let the state that this leads to wait `once: { answered: … }` and `once: { failed: … }`.

use crate::base::Name;
use crate::form::{Page, Program};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};
use crate::workflow::Action;

manual!("program-page", "program_page.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let actions = || service.workflow.states.iter().flat_map(|state| &state.actions);
    for action in actions() {
        of_action(service, action, out);
    }
    let asks = |page: &Page| actions().any(|action| action.ask.as_ref().is_some_and(|ask| ask.value == page.name));
    for page in &service.form.pages {
        let Some(program) = &page.program else { continue };
        if !asks(page) {
            let title = format!("no action asks `{}` for the page `{}`", program.name.value, page.name);
            out.push(
                Diagnostic::error(MANUAL, &page.at, title, "the program would never run")
                    .help(format!("add `ask: {}` to an action of workflow.yaml", page.name)),
            );
        }
        questions(service, page, program, out);
    }
}

fn of_action(service: &Service, action: &Action, out: &mut Diagnostics) {
    let known = || service.form.all_pages().filter(|page| page.program.is_some()).map(|page| page.name.as_str());
    let mut look = |name: &At<Name>, label: &str| {
        if known().all(|page| page != name.value.as_str()) {
            let title = format!("no program answers a page called `{}`", name.value);
            out.push(Diagnostic::error(MANUAL, &name.at, title, label).maybe_help(help(&name.value, known())));
        }
    };
    action.ask.iter().for_each(|name| look(name, "nobody would be asked"));
    action.answered.iter().for_each(|name| look(name, "this would never happen"));
    if let Some(ask) = action.ask.as_ref().filter(|_| action.is_of_register()) {
        let title = format!("`{}` happens to a whole register and asks a program", action.name);
        out.push(
            Diagnostic::error(MANUAL, &ask.at, title, "the program would be asked for each of them at once")
                .help("write `ask:` on an action of a person, or on one that follows it"),
        );
    }
}

/// What the program is told was asked before, and what it gives is asked on its page.
fn questions(service: &Service, page: &Page, program: &Program, out: &mut Diagnostics) {
    let before = || {
        let pages = service.form.all_pages().take_while(move |other| other.name != page.name);
        pages.flat_map(|page| &page.fields).map(|field| field.name.as_str())
    };
    for (_, question) in program.takes.iter().filter(|(_, question)| before().all(|name| *question.value != *name)) {
        let title = format!("no page before it asks `{}`", question.value);
        out.push(
            Diagnostic::error(MANUAL, &question.at, title, "the program would not be told this")
                .maybe_help(help(&question.value, before())),
        );
    }
    let own = || page.fields.iter().map(|field| field.name.as_str());
    for (question, _) in program.gives.iter().filter(|(question, _)| own().all(|name| *question.value != *name)) {
        let title = format!("the page `{}` asks no `{}`", page.name, question.value);
        out.push(
            Diagnostic::error(MANUAL, &question.at, title, "what the program gives would be lost")
                .maybe_help(help(&question.value, own())),
        );
    }
}
