//! # reserve-state
//!
//! Something is reserved in a state that is not there, or in which a case begins; in a state that has it
//! for a time, no action says `once: { over: … }` with its name; or an action waits for the end of a time
//! that its state does not have.
//!
//! **Why it matters.** What a case has for a time would be free for others and the case would not know, or
//! an action would wait for ever.
//!
//! **Remedy.** Correct the spelling; add an action with `once: { over: NAME }` to each state that has it for a
//! time, and take it away from the others.

use crate::reserve::{Hold, Reserve};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::State;

manual!("reserve-state", "reserve_state.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for reserve in &service.reserves {
        states(service, reserve, out);
    }
    for state in &service.workflow.states {
        for over in state.actions.iter().filter_map(|action| action.over.as_ref()) {
            let reserve = service.reserves.iter().find(|reserve| reserve.name == over.value);
            let Some(reserve) = reserve else {
                let known: Vec<&str> = service.reserves.iter().map(|reserve| reserve.name.as_str()).collect();
                let title = format!("nothing is reserved under the name `{}`", over.value);
                out.push(
                    Diagnostic::error(MANUAL, &over.at, title, "this never comes to an end")
                        .maybe_help(help(&over.value, known)),
                );
                continue;
            };
            if !matches!(reserve.hold_in(&state.name), Some(Hold::For(_))) {
                let title = format!("a case in `{}` does not have `{}` for a time", state.name, over.value);
                out.push(Diagnostic::error(MANUAL, &over.at, title, "this never comes to an end").help(format!(
                    "say under `while` for how long, as `{}: 30 minutes`, or take the action away",
                    state.name
                )));
            }
        }
    }
}

fn states(service: &Service, reserve: &Reserve, out: &mut Diagnostics) {
    let ends = |state: &State| {
        let mut overs = state.actions.iter().filter_map(|action| action.over.as_ref());
        overs.any(|over| over.value == reserve.name)
    };
    for (name, hold) in &reserve.holds {
        let Some(state) = service.workflow.state(&name.value) else {
            let known: Vec<&str> = service.workflow.states.iter().map(|state| state.name.as_str()).collect();
            let title = format!("no state is called `{}`", name.value);
            let found = Diagnostic::error(MANUAL, &name.at, title, "nothing is ever taken here");
            out.push(found.maybe_help(help(&name.value, known)));
            continue;
        };
        if state.name == service.workflow.start.value {
            let title = format!("a case begins in `{}`, before anything is answered", name.value);
            let found = Diagnostic::error(MANUAL, &name.at, title, "nobody could say what is taken");
            out.push(found.help("reserve it in the states after that"));
            continue;
        }
        if matches!(hold, Hold::For(_)) && !ends(state) {
            let title = format!("nothing happens in `{}` when the time is over", name.value);
            out.push(
                Diagnostic::error(MANUAL, &name.at, title, "others would have what the case goes on with")
                    .help(format!("add an action with `once: {{ over: {} }}` to the state", reserve.name)),
            );
        }
    }
}
