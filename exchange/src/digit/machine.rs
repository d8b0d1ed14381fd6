//! A workflow as DIGIT keeps it, and what is wrong with it by itself.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::source::Written;
use crate::report::{Place, Report};

/// Milliseconds of an hour. What is shorter was counted in another unit.
pub(super) const HOUR_MS: i64 = 3_600_000;

/// Roles that no person holds: the gateway, the clock, the platform itself.
pub(super) const MACHINES: [&str; 5] =
    ["SYSTEM", "SYSTEM_PAYMENT", "AUTO_ESCALATE", "ANONYMOUS", "CHB_INTERNAL_MICROSERVICE_ROLE"];
/// Whoever applies.
pub(super) const CITIZEN: &str = "CITIZEN";

/// A workflow.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    /// What it is called in the source: the code of the service, with its version where several differ.
    pub(super) id: String,
    /// The code of the service.
    pub(super) service: String,
    /// The module it belongs to.
    pub(super) business: String,
    /// Milliseconds that the whole case may take.
    pub(super) sla: Option<i64>,
    pub(super) states: Vec<State>,
    pub(super) place: Place,
}

/// A state; the one without a name is where a case is made.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of the source")]
pub(super) struct State {
    pub(super) name: Option<String>,
    pub(super) sla: Option<i64>,
    pub(super) start: bool,
    pub(super) terminal: bool,
    pub(super) editable: bool,
    pub(super) documents: bool,
    pub(super) actions: Vec<Action>,
    pub(super) place: Place,
}

/// An action.
#[derive(Clone, Debug)]
pub(super) struct Action {
    pub(super) name: String,
    pub(super) next: Option<String>,
    pub(super) roles: Vec<String>,
    pub(super) place: Place,
}

impl State {
    /// What it is called in messages.
    pub(super) fn called(&self) -> &str {
        self.name.as_deref().unwrap_or("(begin)")
    }
}

impl Action {
    /// Whether money sets it off.
    pub(super) fn pays(&self) -> bool {
        self.name.split(['_', '-']).any(|word| word == "PAY") && !self.name.contains("SKIP")
    }

    pub(super) fn is_for(&self, role: &str) -> bool {
        self.roles.iter().any(|known| known == role)
    }

    /// The roles that people hold.
    pub(super) fn people(&self) -> impl Iterator<Item = &String> {
        self.roles.iter().filter(|role| !MACHINES.contains(&role.as_str()))
    }
}

impl Machine {
    pub(super) fn state(&self, name: Option<&str>) -> Option<&State> {
        self.states.iter().find(|state| state.name.as_deref() == name)
    }

    /// The names of the states that some sequence of actions leads to.
    pub(super) fn reached(&self) -> BTreeSet<Option<&str>> {
        let mut reached = BTreeSet::new();
        let mut open = vec![None];
        while let Some(name) = open.pop() {
            if reached.insert(name)
                && let Some(state) = self.state(name)
            {
                open.extend(state.actions.iter().map(|action| action.next.as_deref()));
            }
        }
        reached
    }
}

/// Reads a workflow, and says what is wrong with it. `None` if it is none.
pub(super) fn read(written: &Written, report: &mut Report) -> Option<Machine> {
    let (value, place) = (&written.value, &written.place);
    let Some(service) = value["businessService"].as_str().filter(|name| !name.is_empty()) else {
        report.defect("workflow-without-name", place, "a workflow names no `businessService`");
        return None;
    };
    let empty = Vec::new();
    let states = value["states"].as_array().unwrap_or(&empty);
    unread(&value["businessServiceSla"], &place.at("businessServiceSla"), report);
    for (at, state) in states.iter().enumerate() {
        unread(&state["sla"], &place.at("states").at(at).at("sla"), report);
    }
    let machine = Machine {
        // Only a name that begins with the code of the service is one of a version of it.
        id: written.id.clone().filter(|id| id.starts_with(service)).unwrap_or_else(|| service.to_owned()),
        service: service.to_owned(),
        business: value["business"].as_str().unwrap_or(service).to_owned(),
        sla: super::whole(&value["businessServiceSla"]),
        states: states.iter().enumerate().map(|(at, state)| self::state(state, place.at("states").at(at))).collect(),
        place: place.clone(),
    };
    Some(look(machine, report))
}

/// Says of a time that it cannot be read; nothing is no time.
fn unread(time: &Json, place: &Place, report: &mut Report) {
    if !time.is_null() && super::whole(time).is_none() {
        report.defect("time-not-read", place, format!("{time} is no count of milliseconds: there is no limit"));
    }
}

fn state(value: &Json, place: Place) -> State {
    let empty = Vec::new();
    let flag = |key: &str| value[key].as_bool().unwrap_or(false);
    let actions = value["actions"].as_array().unwrap_or(&empty);
    State {
        name: value["state"].as_str().filter(|name| !name.is_empty()).map(str::to_owned),
        sla: super::whole(&value["sla"]),
        start: flag("isStartState"),
        terminal: flag("isTerminateState"),
        editable: flag("isStateUpdatable"),
        documents: flag("docUploadRequired"),
        actions: actions
            .iter()
            .enumerate()
            // What is switched off is no part of the workflow.
            .filter(|(_, action)| action["active"].as_bool() != Some(false))
            .map(|(at, action)| self::action(action, place.at("actions").at(at)))
            .collect(),
        place,
    }
}

fn action(value: &Json, place: Place) -> Action {
    // A list, or one text with commas, as some tools write it.
    let listed = value["roles"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let roles = listed.chain(value["roles"].as_str().into_iter().flat_map(|text| text.split(',')));
    Action {
        name: value["action"].as_str().unwrap_or_default().to_owned(),
        next: value["nextState"].as_str().map(str::to_owned),
        roles: roles.map(|role| role.trim().to_owned()).filter(|role| !role.is_empty()).collect(),
        place,
    }
}

/// Says what is wrong, and takes out what cannot be meant.
fn look(mut machine: Machine, report: &mut Report) -> Machine {
    names(&mut machine, report);
    ways(&mut machine, report);
    graph(&machine, report);
    times(&machine, report);
    for state in &machine.states {
        for action in &state.actions {
            roles(&machine, state, action, report);
        }
    }
    machine
}

/// States without a name, or of one name.
fn names(machine: &mut Machine, report: &mut Report) {
    let id = machine.id.clone();
    let begins = machine.states.iter().filter(|state| state.name.is_none()).count();
    if begins != 1 {
        let what = format!("`{id}` has {begins} states without a name; exactly one is where a case is made");
        report.defect("begin-not-once", &machine.place, what);
    }
    let mut seen: BTreeSet<Option<String>> = BTreeSet::new();
    machine.states.retain(|state| {
        let new = seen.insert(state.name.clone());
        if !new {
            report.defect("state-twice", &state.place, format!("`{id}` has `{}` twice", state.called()));
        }
        new
    });
}

/// Actions that lead nowhere, stand twice, or are for nobody.
fn ways(machine: &mut Machine, report: &mut Report) {
    let known: Vec<Option<String>> = machine.states.iter().map(|state| state.name.clone()).collect();
    let id = machine.id.clone();
    for state in &mut machine.states {
        let called = state.called().to_owned();
        let mut seen: BTreeSet<(String, Option<String>)> = BTreeSet::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        state.actions.retain(|action| {
            let name = &action.name;
            if !known.contains(&action.next) || action.next.is_none() {
                let next = action.next.as_deref().unwrap_or("nothing");
                let known = known.iter().flatten().map(String::as_str);
                let near = known.max_by_key(|known| permille(known, next)).filter(|known| permille(known, next) >= 700);
                let near = near.map_or_else(String::new, |near| format!("; `{near}` may be meant"));
                let what = format!("`{name}` in `{called}` of `{id}` leads to `{next}`, which is no state{near}");
                report.defect("unknown-state", &action.place, what);
                return false;
            }
            if !seen.insert((name.clone(), action.next.clone())) {
                report.defect("action-twice", &action.place, format!("`{name}` stands twice in `{called}` of `{id}`"));
                return false;
            }
            if !names.insert(name.clone()) {
                let what = format!("`{name}` leads from `{called}` of `{id}` to two states; which one is not said");
                report.defect("action-ambiguous", &action.place, what);
            }
            if action.roles.is_empty() {
                report.defect("nobody-acts", &action.place, format!("`{name}` in `{called}` of `{id}` is for no role"));
                return false;
            }
            true
        });
    }
}

/// How alike two words are, in thousandths.
fn permille(one: &str, other: &str) -> i64 {
    let longest = one.chars().count().max(other.chars().count()).max(1);
    let differing = strsim::osa_distance(&one.to_lowercase(), &other.to_lowercase());
    1_000 - i64::try_from(differing * 1_000 / longest).unwrap_or(1_000)
}

/// States that nothing leads to, ends that go on, and stops that are no ends.
fn graph(machine: &Machine, report: &mut Report) {
    let (id, reached) = (&machine.id, machine.reached());
    for state in machine.states.iter().filter(|state| state.name.is_some()) {
        let called = state.called();
        if !reached.contains(&state.name.as_deref()) {
            report.defect("unreachable-state", &state.place, format!("nothing in `{id}` leads to `{called}`"));
        }
        if state.terminal && !state.actions.is_empty() {
            let ways: Vec<&str> = state.actions.iter().map(|action| action.name.as_str()).collect();
            let meant = if reopens(state) { "; meant so, if a closed case may be opened again" } else { "" };
            let what = format!("`{called}` of `{id}` is called an end and goes on: {}{meant}", ways.join(", "));
            report.defect("end-goes-on", &state.place, what);
        }
        if !state.terminal && state.actions.is_empty() {
            let what = format!("`{called}` of `{id}` is no end and nothing can happen there");
            report.defect("stuck-state", &state.place, what);
        }
    }
    if machine.states.iter().all(|state| !state.terminal) {
        report.defect("no-end", &machine.place, format!("`{id}` has no end"));
    }
}

/// Whether an end is meant to be left: by whoever applied, who opens it again or says how it was.
pub(super) fn reopens(state: &State) -> bool {
    state.terminal
        && !state.actions.is_empty()
        && state
            .actions
            .iter()
            .all(|action| action.is_for(CITIZEN) || action.is_for("AUTO_ESCALATE") || action.name.starts_with("REOPEN"))
}

/// Whether what was granted holds here until it is taken back or runs out: the case has ended, whatever the flag
/// says.
pub(super) fn holds(state: &State) -> bool {
    let over = |action: &Action| ["CANCEL", "EXPIRE", "REVO"].iter().any(|word| action.name.starts_with(word));
    let named = state.name.as_deref().unwrap_or_default();
    !state.actions.is_empty()
        && state.actions.iter().all(over)
        && (named.starts_with("APPROV") || named.starts_with("COMPLET"))
}

/// Times that cannot be meant.
fn times(machine: &Machine, report: &mut Report) {
    let id = &machine.id;
    if machine.sla == Some(0) {
        let place = machine.place.at("businessServiceSla");
        report.defect("time-of-nothing", &place, format!("a case of `{id}` may take no time at all"));
    }
    let of_states = machine.states.iter().map(|state| (state.called(), state.sla, state.place.at("sla")));
    let of_case = std::iter::once(("the whole case", machine.sla, machine.place.at("businessServiceSla")));
    for (what, sla, place) in of_states.chain(of_case) {
        if sla.is_some_and(|ms| ms != 0 && ms < HOUR_MS) {
            let ms = sla.unwrap_or_default();
            let what = format!("{what} of `{id}` may take {ms} milliseconds: mostly a number in another unit");
            report.defect("time-without-unit", &place, what);
        }
    }
}

/// Roles that should not be able to do what they are named for.
fn roles(machine: &Machine, state: &State, action: &Action, report: &mut Report) {
    let (id, name, called) = (&machine.id, &action.name, state.called());
    let officers = action.people().any(|role| role != CITIZEN);
    let own = ["SKIP_PAYMENT", "ADHOC"].contains(&name.as_str())
        || officers && name.starts_with("APPROVE") && !called.contains("CITIZEN");
    if own && action.is_for(CITIZEN) {
        let what = format!("whoever applied may take `{name}` in `{called}` of `{id}`, on the own case");
        report.defect("applicant-decides", &action.place, what);
    }
    if action.is_for("SYSTEM_PAYMENT") && !action.pays() && !name.contains("PAY") && name != "ADHOC" {
        let what = format!("the payment gateway may take `{name}` in `{called}` of `{id}`");
        report.defect("gateway-acts", &action.place, what);
    }
    if action.is_for("ANONYMOUS") {
        let what = format!("`{name}` in `{called}` of `{id}` is for anybody without signing in; here people sign in");
        report.dropped("without-signing-in", &action.place, what);
    }
}
