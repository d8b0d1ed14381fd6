//! Keys of a step that mean nothing for what the step does.

use super::checks::scenario_idle_key as idle;
use super::yaml::{RefusedYaml, ScenarioYaml, StepYaml};
use crate::service::Service;
use crate::source::{Diagnostics, Where};
use crate::workflow::{Action, Assign};

/// Says which keys of `step`, which does exactly one thing, would be passed over.
pub(super) fn keys(step: &StepYaml, service: &Service, out: &mut Diagnostics) {
    let done = doing(step);
    let mut used = |key: &str, written: Option<&Where>, by: &[&str], help: &str| {
        if let Some(at) = written.filter(|_| !by.contains(&done)) {
            out.push(idle::diagnostic(key, done, at, help));
        }
    };
    let paid = "only a step that pays says how";
    used("mode", step.mode.as_ref().map(|mode| &mode.at), &["pay"], paid);
    let instrument = step.instrument.as_ref().map(|instrument| &instrument.at);
    used("instrument", instrument, &["pay", "dishonour"], paid);
    used("reference", step.reference.as_ref().map(|reference| &reference.at), &["pay"], paid);
    used("parts", step.parts.as_ref().and_then(|parts| parts.first()).map(|part| &part.at), &["pay"], paid);
    let said = ["do", "cancel_receipt", "dishonour"];
    used("comment", step.comment.as_ref().map(|comment| &comment.at), &said, "only an action is commented on");
    used(
        "answers",
        step.answers.as_ref().map(|node| &node.at),
        &["do", "save", "program"],
        "save the page that asks for them",
    );
    used(
        "assign",
        step.assign.as_ref().map(|assign| &assign.at),
        &["do"],
        "only an action names who has the case next",
    );
    used("clock", step.clock.as_ref().map(|clock| &clock.at), &["wait"], "only while time passes can the clock stand");
    used(
        "turn",
        step.turn.as_ref().map(|turn| &turn.at),
        &["wait"],
        "the calendar opens a case only while time passes",
    );
    if let Some(RefusedYaml::Conditions(refusal)) = &step.refused {
        used("when", Some(refusal.first()), &["do"], "only an action has conditions");
    }
    let acted = ["do", "save", "pay", "cancel_receipt", "dishonour"];
    used("by", step.by.as_ref().map(|by| &by.at), &acted, "nobody does this");
    beside_parts(step, out);
    of_action(step, service, out);
}

/// What each of the parts says by itself is not said of all of them.
fn beside_parts(step: &StepYaml, out: &mut Diagnostics) {
    if step.pay.is_none() || step.parts.is_none() {
        return;
    }
    let mode = step.mode.as_ref().map(|mode| ("mode", &mode.at));
    let instrument = step.instrument.as_ref().map(|instrument| ("instrument", &instrument.at));
    let reference = step.reference.as_ref().map(|reference| ("reference", &reference.at));
    for (key, at) in [mode, instrument, reference].into_iter().flatten() {
        out.push(idle::diagnostic(key, "parts", at, "write it in each of `parts`"));
    }
}

/// Says that nobody needs to hold anything where no action uses it up.
pub(super) fn stock(yaml: &ScenarioYaml, service: &Service, out: &mut Diagnostics) {
    let mut actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    if let Some(stock) = &yaml.stock
        && actions.all(|action| action.uses.is_empty())
    {
        let help = "no action of this service uses up anything of a stock";
        out.push(idle::diagnostic("stock", "steps", &stock.at, help));
    }
}

/// What a step does, by its key.
fn doing(step: &StepYaml) -> &'static str {
    match step {
        StepYaml { r#do: Some(_), .. } => "do",
        StepYaml { pay: Some(_), .. } => "pay",
        StepYaml { wait: Some(_), .. } => "wait",
        StepYaml { save: Some(_), .. } => "save",
        StepYaml { cancel_receipt: Some(_), .. } => "cancel_receipt",
        StepYaml { dishonour: Some(_), .. } => "dishonour",
        StepYaml { children: Some(_), .. } => "children",
        StepYaml { program: Some(_), .. } => "program",
        StepYaml { program_fails: Some(_), .. } => "program_fails",
        _ => "elsewhere",
    }
}

/// What an action takes, wherever it stands: what it does not ask is not there to be answered.
fn of_action(step: &StepYaml, service: &Service, out: &mut Diagnostics) {
    let Some(name) = &step.r#do else { return };
    let named = |action: &&Action| action.name == name.value;
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let actions: Vec<&Action> = actions.filter(named).collect();
    if actions.is_empty() {
        return;
    }
    let beside = format!("do: {}", name.value);
    if let Some(node) = &step.answers
        && actions.iter().all(|action| action.asks.is_none())
    {
        let help = "it asks no page: save the answers in a step before it, or write them at the top";
        out.push(idle::diagnostic("answers", &beside, &node.at, help));
    }
    if let Some(role) = &step.assign
        && actions.iter().all(|action| !matches!(action.assign, Assign::Optional | Assign::Required))
    {
        out.push(idle::diagnostic("assign", &beside, &role.at, "nobody is named with this action"));
    }
}
