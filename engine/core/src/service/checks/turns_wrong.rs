//! # turns-wrong
//!
//! `opens: { cases: true }` of service.yaml and the actions that wait `once: due` do not fit together: the state it
//! names is not there or has no such action, another state has one, no grant of this service has to do with the
//! registry; `from` is no day and `months` no number of its records; `every` is no span of a month to ten years, or
//! `ahead` is not shorter.
//!
//! **Why it matters.** What falls due again and again would be done once, or nobody would be told.
//!
//! **Remedy.** Name in `state` a state with an action `once: due`; in `for_each` the registry of a grant of this
//! service; in `from` and `months` questions of its form, or what its grants `set`; write `every` as `6 months` or
//! `3 years`, and open cases some days `ahead`.

use crate::base::{Calendar, Day, Name, Span};
use crate::form::Kind;
use crate::service::{Interval, MOST_MONTHS, Service, Turns};
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics, Where};
use crate::workflow::{Action, Once, Trigger};

manual!("turns-wrong", "turns_wrong.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let Some(turns) = &service.turns else {
        for (action, at) in service.workflow.states.iter().flat_map(|state| &state.actions).filter_map(waiting) {
            let title = format!("`{}` waits until something falls due, and nothing ever does", action.name);
            out.push(
                Diagnostic::error(MANUAL, at, title, "this would never happen")
                    .help("add `opens: { cases: true, every: 3 years, for_each: …, state: … }` to service.yaml"),
            );
        }
        return;
    };
    state(service, turns, out);
    if !registries(service).any(|registry| *registry == turns.for_each.value) {
        let title = format!("no grant of this service has to do with `{}`", turns.for_each.value);
        let known = registries(service).map(Name::as_str);
        out.push(
            Diagnostic::error(MANUAL, &turns.for_each.at, title, "its records could not be read with this form")
                .maybe_help(help(&turns.for_each.value, known)),
        );
        return;
    }
    if let Some(from) = &turns.from {
        answer(service, turns, from, ("day", is_day), out);
    }
    interval(service, turns, out);
}

/// `cases: false` would be neither this nor that.
pub(crate) fn no_cases(cases: &At<bool>) -> Diagnostic {
    let title = "`cases: false` opens nothing";
    Diagnostic::error(MANUAL, &cases.at, title, "nobody would be told")
        .help("write `cases: true`, or leave it out where each period is billed")
}

fn waiting(action: &Action) -> Option<(&Action, &Where)> {
    match &action.trigger {
        Trigger::Once(Once::Due, at) => Some((action, at)),
        _ => None,
    }
}

fn registries(service: &Service) -> impl Iterator<Item = &Name> + Clone {
    let granted = service.grants.iter().map(|grant| &grant.registry.value);
    granted.chain(service.on_record.iter().map(|on_record| &on_record.registry))
}

/// The state in which turns begin has an action for that, and no other state has one.
fn state(service: &Service, turns: &Turns, out: &mut Diagnostics) {
    let (name, states) = (&turns.state, &service.workflow.states);
    let Some(state) = service.workflow.state(&name.value) else {
        let title = format!("there is no state `{}`", name.value);
        let known = states.iter().map(|state| state.name.as_str());
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "no case could begin there")
                .maybe_help(help(&name.value, known)),
        );
        return;
    };
    if !state.actions.iter().any(Action::begins_turn) {
        let title = format!("nothing happens in `{}` when something falls due", name.value);
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "no case would be opened")
                .help("add an action with `once: due` to that state"),
        );
    }
    let others = states.iter().filter(|other| other.name != state.name);
    for (action, at) in others.flat_map(|other| &other.actions).filter_map(waiting) {
        let title = format!("`{}` waits until something falls due where no case begins", action.name);
        out.push(
            Diagnostic::error(MANUAL, at, title, "this would never happen")
                .other(&name.at, "cases begin in this state")
                .help("write the action in that state"),
        );
    }
}

/// What kind of answer the records of the registry have under a name; `None` if this service knows of none.
fn kind<'a>(service: &'a Service, registry: &Name, name: &Name) -> Option<&'a Kind> {
    let mut grants = service.grants.iter().filter(|grant| grant.registry.value == *registry);
    let set = grants.find_map(|grant| grant.set.iter().flatten().find(|(answer, _)| answer.value == *name));
    let question = set.map_or(name, |(_, question)| &question.value);
    service.form.field(question).map(|field| &field.kind)
}

fn is_day(kind: &Kind) -> bool {
    matches!(kind, Kind::Date { .. })
}

fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Number { .. })
}

/// Whether the records have an answer of this name, and of the kind that is wanted; says so if not.
fn answer(
    service: &Service,
    turns: &Turns,
    name: &At<Name>,
    (what, fits): (&str, fn(&Kind) -> bool),
    out: &mut Diagnostics,
) -> bool {
    let registry = &turns.for_each.value;
    let Some(kind) = kind(service, registry, &name.value) else {
        let title = format!("records of `{registry}` have no answer `{}`", name.value);
        let fitting = service.form.fields().filter(|field| fits(&field.kind)).map(|field| field.name.as_str());
        let known: Vec<&str> = fitting.collect();
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "nothing could be counted by it")
                .maybe_help(help(&name.value, known)),
        );
        return false;
    };
    let fits = fits(kind);
    if !fits {
        let title = format!("`{}` is no {what}", name.value);
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "nothing could be counted by it")
                .help(format!("name a {what} among the answers of the record")),
        );
    }
    fits
}

/// From a month to ten years lie between two turns, and a case is opened after the turn before it.
fn interval(service: &Service, turns: &Turns, out: &mut Diagnostics) {
    let shortest = match &turns.every.value {
        Interval::Span(span) => {
            let fits = match *span {
                Span::Days(days) => (30..=3_660).contains(&days),
                Span::Months(months) => months <= MOST_MONTHS,
                Span::Years(years) => years * 12 <= MOST_MONTHS,
                Span::Minutes(_) | Span::Hours(_) | Span::WorkingDays(_) => false,
            };
            if !fits {
                let title = format!("`{}` is no time from one turn to the next", span.written());
                out.push(
                    Diagnostic::error(MANUAL, &turns.every.at, title, "it is less than a month or more than ten years")
                        .help("write `6 months` or `3 years`"),
                );
                return;
            }
            *span
        }
        Interval::Months(name) => {
            let name = At::new(name.clone(), turns.every.at.clone());
            // How long it would be nobody knows: nothing can be shorter than that.
            if !answer(service, turns, &name, ("number", is_number), out) {
                return;
            }
            let least = match kind(service, &turns.for_each.value, &name.value) {
                Some(Kind::Number { min: Some(least), .. }) => *least,
                _ => 1,
            };
            Span::Months(least.clamp(1, MOST_MONTHS))
        }
    };
    // A month of 28 days follows: what is shorter even there is shorter everywhere.
    let first = Day::from_ymd_opt(2001, 2, 1).expect("a day");
    let after = |span: Span| span.after_day(first, &Calendar::default());
    if let Some(ahead) = turns.ahead.as_ref().filter(|ahead| after(ahead.value) >= after(shortest)) {
        let title = format!("`ahead: {}` is not shorter than the time between two turns", ahead.value.written());
        out.push(
            Diagnostic::error(MANUAL, &ahead.at, title, "the next turn would begin with the last one")
                .help("open cases some days ahead, as in `ahead: 30 days`"),
        );
    }
}
