//! From a workflow of DIGIT to one of ours.
//!
//! The state without a name is where a case is made. Where its only action leads to a form that the applicant
//! can still change, that form is where a case begins here; else a draft stands before it.

mod money;
mod scenario;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use scenario::scenario;

use super::machine::{self, Action, CITIZEN, HOUR_MS, Machine, State};
use crate::names;
use crate::report::Report;

/// Whoever applies, as definitions call them.
pub(super) const APPLICANT: &str = "applicant";
/// Milliseconds of a day.
const DAY_MS: i64 = 24 * HOUR_MS;

/// A workflow of ours.
#[derive(Clone, Debug, Default)]
pub(super) struct Process {
    /// In the order of the source.
    pub(super) steps: Vec<Step>,
    /// The state in which a case begins.
    pub(super) start: String,
    /// Roles of ours, with the codes they had.
    pub(super) roles: BTreeMap<String, String>,
    /// Who may begin a case for somebody else.
    pub(super) assisted_by: BTreeSet<String>,
    /// Who may take money.
    pub(super) collects: BTreeSet<String>,
}

/// A state.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub(super) name: String,
    /// What it was called; nothing for the state without a name.
    pub(super) theirs: Option<String>,
    pub(super) sla: Option<String>,
    pub(super) edit: bool,
    pub(super) waits: bool,
    /// Whether it was called an end, or nothing happened there.
    pub(super) ends: bool,
    pub(super) ways: Vec<Way>,
}

/// An action.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) name: String,
    pub(super) theirs: String,
    pub(super) trigger: Trigger,
    pub(super) to: String,
    pub(super) demand: Option<&'static str>,
    pub(super) comment: bool,
    pub(super) assign: bool,
}

/// What sets an action off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    By(Vec<String>),
    Paid,
    Overdue,
    After(String),
}

/// After how many days the clock takes an action, by service, state and action.
pub(super) type Escalations = BTreeMap<(String, String, String), i64>;

impl Process {
    pub(super) fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// Whether anything is charged.
    pub(super) fn charges(&self) -> bool {
        self.steps.iter().flat_map(|step| &step.ways).any(|way| way.trigger == Trigger::Paid)
    }
}

impl Step {
    /// How a case ended that comes to rest here; nothing if it goes on.
    pub(super) fn end(&self) -> Option<&'static str> {
        if !self.ends {
            return None;
        }
        let name = self.name.replace('_', "");
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        Some(if says(&["reject", "refus", "declin"]) {
            "refused"
        } else if says(&["cancel", "void", "expire", "revo", "withdraw", "lapse", "closed"]) {
            "closed"
        } else {
            "granted"
        })
    }
}

impl Way {
    /// Whether a person takes it.
    pub(super) fn by(&self) -> &[String] {
        match &self.trigger {
            Trigger::By(roles) => roles,
            _ => &[],
        }
    }
}

/// Makes a workflow of ours. `None` if nothing would be left of it.
pub(super) fn convert(machine: &Machine, escalations: &Escalations, report: &mut Report) -> Option<Process> {
    let begin = Begin::of(machine)?;
    let mut process = Process { start: begin.name.clone(), ..Process::default() };
    let named = state_names(machine, &begin);
    for state in &machine.states {
        if begin.folded.is_some() && state.name.is_none() {
            continue;
        }
        let (begin, named, into) = (&begin, &named, &mut process);
        let step = Convert { machine, begin, named, escalations, process: into, report }.step(state);
        process.steps.push(step);
    }
    money::charge(&mut process);
    shape::prune(&mut process, machine, report);
    let goes_on = process.step(&process.start)?.ways.iter().any(|way| !way.by().is_empty() && way.to != process.start);
    if !goes_on {
        report.dropped("workflow-without-beginning", &machine.place, format!("in `{}` nobody can begin", machine.id));
        return None;
    }
    Some(process)
}

/// Where a case begins.
struct Begin {
    /// What the state is called here.
    name: String,
    /// The state that stands in the place of the one without a name.
    folded: Option<String>,
    /// The roles that may begin.
    roles: Vec<String>,
}

impl Begin {
    fn of(machine: &Machine) -> Option<Self> {
        let Some(begin) = machine.state(None) else {
            // Without it the state that is flagged as the first one is the first.
            let first = machine.states.iter().find(|state| state.start).or(machine.states.first())?;
            let name = first.name.clone()?;
            return Some(Self {
                name: names::snake(&name, "state"),
                folded: Some(name),
                roles: vec![CITIZEN.to_owned()],
            });
        };
        let roles: Vec<String> = begin.actions.iter().flat_map(Action::people).cloned().collect();
        let folded = match &begin.actions[..] {
            [only] => only.next.as_deref().filter(|next| begins_at(machine, next, &roles)).map(str::to_owned),
            _ => None,
        };
        let name = folded.as_deref().map_or_else(|| "draft".to_owned(), |name| names::snake(name, "state"));
        Some(Self { name, folded, roles })
    }

    fn is(&self, state: &State) -> bool {
        state.name == self.folded
    }
}

/// Whether the state `name` is a form that the applicant who began can still change and then sends: everything
/// that can be done there, applicants can do.
fn begins_at(machine: &Machine, name: &str, roles: &[String]) -> bool {
    machine.state(Some(name)).is_some_and(|state| {
        let by_applicants = |action: &Action| action.is_for(CITIZEN);
        roles.iter().any(|role| role == CITIZEN)
            && state.editable
            && !state.terminal
            && state.actions.iter().any(|action| action.next.as_deref() != Some(name))
            && state.actions.iter().all(by_applicants)
            && !state.actions.iter().any(Action::pays)
    })
}

/// What each state is called here.
fn state_names(machine: &Machine, begin: &Begin) -> BTreeMap<Option<String>, String> {
    let mut taken = BTreeSet::from([begin.name.clone()]);
    let mut named = BTreeMap::from([(None, begin.name.clone()), (begin.folded.clone(), begin.name.clone())]);
    for name in machine.states.iter().filter_map(|state| state.name.as_ref()) {
        if !named.contains_key(&Some(name.clone())) {
            let ours = names::unused(names::snake(name, "state"), '_', &mut taken);
            named.insert(Some(name.clone()), ours);
        }
    }
    named
}

struct Convert<'a> {
    machine: &'a Machine,
    begin: &'a Begin,
    named: &'a BTreeMap<Option<String>, String>,
    escalations: &'a Escalations,
    process: &'a mut Process,
    report: &'a mut Report,
}

impl Convert<'_> {
    fn step(&mut self, state: &State) -> Step {
        let starts = self.begin.is(state);
        // Where money is waited for, nothing has ended.
        let ends = state.actions.is_empty()
            || !state.actions.iter().any(Action::pays) && (machine::reopens(state) || machine::holds(state));
        let mut step = Step {
            name: self.named.get(&state.name).cloned().unwrap_or_default(),
            theirs: state.name.clone(),
            sla: state.sla.filter(|_| !ends && !starts).and_then(span),
            edit: starts,
            ends,
            ..Step::default()
        };
        for action in &state.actions {
            if let Some(way) = self.way(state, action, &step) {
                let late = self.by_the_clock(state, action, &way, &step);
                step.ways.push(way);
                step.ways.extend(late);
            }
        }
        let own = |way: &Way| way.by().iter().any(|role| role == APPLICANT);
        let people = || step.ways.iter().filter(|way| !way.by().is_empty());
        let theirs = people().all(own);
        let paid = step.ways.iter().any(|way| way.trigger == Trigger::Paid);
        let acts = people().next().is_some();
        let edits = people().any(own) && !paid;
        step.waits = !ends && !starts && theirs && (acts || paid);
        step.edit |= !ends && state.editable && edits;
        self.say_what_is_missing(state, &step);
        step
    }

    fn say_what_is_missing(&mut self, state: &State, step: &Step) {
        let (id, called) = (&self.machine.id, state.called());
        if state.editable && !step.ends && !step.edit {
            let what = format!("officers may change answers in `{called}` of `{id}`: say which page");
            self.report.supply("page-of-officers", &state.place, what);
        }
        if state.documents {
            let what = format!("whoever brings a case of `{id}` to `{called}` adds a document: say which");
            self.report.supply("document-on-the-way", &state.place, what);
        }
    }

    fn way(&mut self, state: &State, action: &Action, step: &Step) -> Option<Way> {
        let (id, called, name) = (&self.machine.id, state.called(), &action.name);
        if action.next == state.name && self.begin.is(state) {
            let what = format!("`{name}` in `{called}` of `{id}` keeps what was typed; forms keep that by themselves");
            self.report.dropped("saving-is-no-action", &action.place, what);
            return None;
        }
        let trigger = self.trigger(state, action, step)?;
        let officers = matches!(&trigger, Trigger::By(roles) if roles.iter().any(|role| role != APPLICANT));
        let by_people = matches!(trigger, Trigger::By(_));
        let assigns = name.starts_with("ASSIGN") || name.starts_with("REASS");
        let mut taken = step.ways.iter().map(|way| way.name.clone()).collect();
        Some(Way {
            name: names::unused(names::snake(name, "action"), '_', &mut taken),
            theirs: name.clone(),
            trigger,
            to: self.named.get(&action.next)?.clone(),
            demand: None,
            comment: officers,
            assign: assigns && by_people && self.officers_follow(action),
        })
    }

    /// The same action by the clock, where the source escalates what people leave undone.
    fn by_the_clock(&self, state: &State, action: &Action, way: &Way, step: &Step) -> Option<Way> {
        let after = self.escalated(state, action)?;
        let mut taken: BTreeSet<String> = step.ways.iter().map(|way| way.name.clone()).collect();
        taken.insert(way.name.clone());
        (!way.by().is_empty() && step.ways.iter().all(|way| way.trigger != after)).then(|| Way {
            name: names::unused(format!("{}_by_itself", way.name), '_', &mut taken),
            trigger: after,
            comment: false,
            assign: false,
            ..way.clone()
        })
    }

    fn escalated(&self, state: &State, action: &Action) -> Option<Trigger> {
        let key = (self.machine.service.clone(), state.called().to_owned(), action.name.clone());
        let days = self.escalations.get(&key)?;
        Some(Trigger::After(format!("{days} {}", if *days == 1 { "day" } else { "days" })))
    }

    /// Whether somebody in the office can act where an action leads.
    fn officers_follow(&self, action: &Action) -> bool {
        let next = self.machine.state(action.next.as_deref());
        let ways = next.into_iter().flat_map(|state| &state.actions).filter(|action| !action.pays());
        ways.flat_map(Action::people).any(|role| role != CITIZEN)
    }

    /// What sets the action off here; nothing if nothing can.
    fn trigger(&mut self, state: &State, action: &Action, step: &Step) -> Option<Trigger> {
        let (id, called, name) = (&self.machine.id, state.called(), &action.name);
        if action.pays() && state.name.is_some() {
            if step.ways.iter().any(|way| way.trigger == Trigger::Paid) {
                let what = format!("`{name}` in `{called}` of `{id}` is a second way of paying; the first one counts");
                self.report.dropped("paying-twice", &action.place, what);
                return None;
            }
            for role in action.people().filter(|role| *role != CITIZEN) {
                let ours = role_of(role, self.process);
                self.process.collects.insert(ours);
            }
            return Some(Trigger::Paid);
        }
        if let Some(by) = self.people(state, action) {
            return Some(Trigger::By(by));
        }
        let waits = |trigger: &Trigger| step.ways.iter().all(|way| way.trigger != *trigger);
        let clock = self.escalated(state, action).or_else(|| {
            let timed = step.sla.is_some() && action.next != state.name;
            timed.then_some(Trigger::Overdue)
        });
        if let Some(clock) = clock.filter(waits) {
            return Some(clock);
        }
        let what = format!("`{name}` in `{called}` of `{id}` happens by itself, and nothing says when");
        self.report.dropped("clock-without-time", &action.place, what);
        None
    }

    /// The people who take an action, as roles of ours.
    fn people(&mut self, state: &State, action: &Action) -> Option<Vec<String>> {
        let begins = self.begin.is(state);
        let decides =
            ["SKIP_PAYMENT", "ADHOC"].contains(&action.name.as_str()) && action.people().any(|role| role != CITIZEN);
        let mut by: Vec<String> = Vec::new();
        for role in action.people() {
            let stands_in = begins && self.begin.roles.contains(role);
            if role == CITIZEN && decides {
                continue;
            }
            let ours = if role == CITIZEN || stands_in { APPLICANT.to_owned() } else { role_of(role, self.process) };
            if role != CITIZEN && stands_in {
                let clerk = role_of(role, self.process);
                self.process.assisted_by.insert(clerk);
            }
            if !by.contains(&ours) {
                by.push(ours);
            }
        }
        if begins && !action.is_for(CITIZEN) && !by.is_empty() {
            let what = format!(
                "`{}` of `{}` is for the office alone; here applicants may take it too",
                action.name, self.machine.id
            );
            self.report.changed("begun-by-the-office", &action.place, what);
        }
        // Whoever applies is named first, as people read it.
        by.sort_by_key(|role| role != APPLICANT);
        (!by.is_empty()).then_some(by)
    }
}

/// The role of ours for a code; remembered among those of the process.
fn role_of(code: &str, process: &mut Process) -> String {
    if let Some((ours, _)) = process.roles.iter().find(|(_, theirs)| *theirs == code) {
        return ours.clone();
    }
    let mut taken: BTreeSet<String> = process.roles.keys().cloned().collect();
    // Names that the engine uses itself.
    taken.extend([APPLICANT.to_owned(), "system".to_owned(), "assignee".to_owned()]);
    let plain = if code == "*" { "EMPLOYEE" } else { code };
    let ours = names::unused(names::snake(plain, "role"), '_', &mut taken);
    process.roles.insert(ours.clone(), code.to_owned());
    ours
}

/// Milliseconds as a length of time that people write; nothing where it says nothing.
pub(super) fn span(ms: i64) -> Option<String> {
    if ms < HOUR_MS {
        return None;
    }
    let (count, unit) = if ms % DAY_MS == 0 { (ms / DAY_MS, "day") } else { ((ms + HOUR_MS - 1) / HOUR_MS, "hour") };
    Some(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
}
