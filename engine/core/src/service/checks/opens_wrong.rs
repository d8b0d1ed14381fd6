//! # opens-wrong
//!
//! `opens:` of service.yaml and the actions that wait `once: period` do not fit together: the state it
//! names is not there or has no such action, the registry is not one that this service makes records of,
//! the action charges nothing, or `on` is no day of a year.
//!
//! **Why it matters.** A period would begin and nobody would be billed.
//!
//! **Remedy.** Name in `state` a state with an action `once: period` and `demand: add`; name in `for_each`
//! the registry of a grant of this service; write `on` as month and day, `04-01`, and only for years.

use crate::billing::Every;
use crate::registry::Mode;
use crate::service::{Opens, Service};
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics, Where, suggest};
use crate::workflow::{Action, DemandEffect, Once, Trigger};

manual!("opens-wrong", "opens_wrong.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let actions = || service.workflow.states.iter().flat_map(|state| &state.actions);
    let waiting = || actions().filter_map(|action| Some((action, waits(action)?)));
    let Some(opens) = &service.opens else {
        for (action, at) in waiting() {
            let title = format!("`{}` waits for a period, and no period ever begins", action.name);
            out.push(
                Diagnostic::error(MANUAL, at, title, "this would never happen")
                    .help("add `opens: { every: year, for_each: …, state: … }` to service.yaml"),
            );
        }
        return;
    };
    state(service, opens, out);
    let made = |mode: &Mode| *mode == Mode::Create;
    let mut registries =
        service.grants.iter().filter(|grant| made(&grant.mode)).map(|grant| grant.registry.value.as_str());
    if !registries.clone().any(|registry| *opens.for_each == *registry) {
        let title = format!("no grant of this service makes records of `{}`", opens.for_each.value);
        let near = suggest(&opens.for_each.value, &mut registries).map(|name| format!("did you mean `{name}`?"));
        out.push(
            Diagnostic::error(MANUAL, &opens.for_each.at, title, "its records could not be read with this form")
                .maybe_help(near),
        );
    }
    for (action, at) in waiting().filter(|(action, _)| !action.demand.is_some_and(DemandEffect::charges)) {
        let title = format!("`{}` begins a period and charges nothing", action.name);
        out.push(
            Diagnostic::error(MANUAL, at, title, "nobody would be billed").help("add `demand: add` to the action"),
        );
    }
}

fn waits(action: &Action) -> Option<&Where> {
    match &action.trigger {
        Trigger::Once(Once::Period, at) => Some(at),
        _ => None,
    }
}

fn state(service: &Service, opens: &Opens, out: &mut Diagnostics) {
    let name = &opens.state;
    let Some(state) = service.workflow.state(name) else {
        let states = service.workflow.states.iter().map(|state| state.name.as_str());
        let near = suggest(&name.value, states).map(|word| format!("did you mean `{word}`?"));
        let title = format!("there is no state `{}`", name.value);
        out.push(Diagnostic::error(MANUAL, &name.at, title, "no case could begin there").maybe_help(near));
        return;
    };
    if !state.actions.iter().any(|action| waits(action).is_some()) {
        let title = format!("nothing happens in `{}` when a period begins", name.value);
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "nobody would be billed")
                .help("add an action with `once: period` and `demand: add` to that state"),
        );
    }
}

/// `on` is no day of a year, or periods are shorter than a year.
pub(crate) fn day(written: &At<String>, every: Every) -> Diagnostic {
    if every == Every::Year {
        let title = format!("`{}` is no day of a year", written.value);
        Diagnostic::error(MANUAL, &written.at, title, "nobody would be billed")
            .help("write month and day, as in `04-01`")
    } else {
        let title = format!("only a year is billed on a day of its own, not a {}", every.word().replace('_', " "));
        Diagnostic::error(MANUAL, &written.at, title, "such a day comes once a year")
            .help("leave `on` out: the first day of the period is meant")
    }
}
