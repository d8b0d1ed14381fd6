//! Which elements a workflow becomes, before anything is written or drawn.

use engine::service::Service;
use engine::workflow::{Action, Once, State, Trigger};

use crate::words::{iso, when};

/// All elements of a process.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) nodes: Vec<Node>,
    pub(super) flows: Vec<Flow>,
    /// What is waited for: the messages of the document.
    pub(super) messages: Vec<Message>,
}

/// An element that flows lead to or from.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) documentation: String,
    /// The state it belongs to, by its place in the workflow; the start event belongs to the first.
    pub(super) state: usize,
}

/// What kind of element.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    UserTask,
    ReceiveTask {
        message: Option<usize>,
    },
    Gateway,
    /// A timer at the edge of a task: ISO 8601, and whether the task is left.
    Timer {
        at: String,
        after: String,
        leaves: bool,
    },
    /// A message at the edge of a task.
    Signal {
        at: String,
        message: usize,
        leaves: bool,
    },
    End,
}

/// A way between two elements.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) name: String,
    /// A condition on answers, as it is written.
    pub(super) condition: Option<String>,
}

/// Something that is waited for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) name: String,
}

pub(super) fn plan(service: &Service, language: &str) -> Plan {
    let mut planner = Planner { plan: Plan::default(), service, language };
    let states = &service.workflow.states;
    let start = states.iter().position(|state| state.name == service.workflow.start.value).unwrap_or(0);
    planner.node("start".to_owned(), Kind::Start, String::new(), String::new(), start);
    planner.flow("start", &entry(&service.workflow.start.value), String::new(), None);
    for (at, state) in states.iter().enumerate() {
        planner.state(at, state);
    }
    planner.plan
}

/// The element by which a state is entered.
fn entry(state: &str) -> String {
    format!("state_{state}")
}

struct Planner<'a> {
    plan: Plan,
    service: &'a Service,
    language: &'a str,
}

impl Planner<'_> {
    fn node(&mut self, id: String, kind: Kind, name: String, documentation: String, state: usize) {
        self.plan.nodes.push(Node { id, kind, name, documentation, state });
    }

    fn flow(&mut self, from: &str, to: &str, name: String, condition: Option<String>) {
        let id = format!("flow_{}", self.plan.flows.len() + 1);
        self.plan.flows.push(Flow { id, from: from.to_owned(), to: to.to_owned(), name, condition });
    }

    fn message(&mut self, name: String) -> usize {
        if let Some(known) = self.plan.messages.iter().position(|message| message.name == name) {
            return known;
        }
        let id = format!("message_{}", self.plan.messages.len() + 1);
        self.plan.messages.push(Message { id, name });
        self.plan.messages.len() - 1
    }

    fn state(&mut self, at: usize, state: &State) {
        let (id, name) = (entry(&state.name), state.label.in_language(self.language).to_owned());
        if state.actions.is_empty() {
            self.node(id, Kind::End, name, about(state), at);
            return;
        }
        let by_people: Vec<&Action> = state.actions.iter().filter(|action| !action.roles().is_empty()).collect();
        let others: Vec<&Action> = state.actions.iter().filter(|action| action.roles().is_empty()).collect();
        if by_people.is_empty() {
            self.waits(at, state, (&id, name), &others);
            return;
        }
        self.node(id.clone(), Kind::UserTask, name.clone(), about(state), at);
        self.edges(at, &id, &others);
        let ends = state.end.is_some();
        if by_people.len() == 1 && !ends {
            self.way(&id, by_people[0]);
            return;
        }
        let gateway = format!("choice_{}", state.name);
        self.node(gateway.clone(), Kind::Gateway, String::new(), String::new(), at);
        self.flow(&id, &gateway, String::new(), None);
        for action in by_people {
            self.way(&gateway, action);
        }
        if ends {
            self.ends(at, state, &gateway, name);
        }
    }

    /// A state in which nobody acts: the first thing that is waited for completes it, unless it is an end.
    fn waits(&mut self, at: usize, state: &State, (id, name): (&str, String), others: &[&Action]) {
        let first = others.iter().copied().find(|action| match &action.trigger {
            Trigger::Once(once, _) => state.end.is_none() && timer(*once, state).is_none(),
            _ => false,
        });
        let message = first.map(|action| self.message(action.set_off_by()));
        self.node(id.to_owned(), Kind::ReceiveTask { message }, name.clone(), about(state), at);
        if let Some(action) = first {
            self.way(id, action);
        }
        let rest: Vec<&Action> =
            others.iter().copied().filter(|action| first.is_none_or(|first| first.name != action.name)).collect();
        self.edges(at, id, &rest);
        if state.end.is_some() {
            self.ends(at, state, id, name);
        }
    }

    /// The end event behind a state in which a case has ended and may still go on.
    fn ends(&mut self, at: usize, state: &State, from: &str, name: String) {
        let id = format!("end_{}", state.name);
        self.node(id.clone(), Kind::End, name, String::new(), at);
        self.flow(from, &id, String::new(), None);
    }

    /// What the clock, money and records set off, at the edge of a task.
    fn edges(&mut self, at: usize, task: &str, actions: &[&Action]) {
        for action in actions {
            // A point, which no name has: a state `a_b` and its action `c` are not a state `a` and its action `b_c`.
            let id = format!("{}.{}", task.replacen("state_", "on_", 1), action.name);
            let leaves = entry(&action.to.value) != task;
            let state = &self.service.workflow.states[at];
            let kind = match &action.trigger {
                Trigger::After(span, _) => Kind::Timer { at: task.to_owned(), after: iso(*span), leaves },
                Trigger::Once(once, _) => {
                    if let Some(after) = timer(*once, state) {
                        Kind::Timer { at: task.to_owned(), after, leaves }
                    } else {
                        let message = self.message(action.set_off_by());
                        Kind::Signal { at: task.to_owned(), message, leaves }
                    }
                }
                Trigger::By(_) => continue,
            };
            let label = action.label.in_language(self.language).to_owned();
            self.node(id.clone(), kind, label, effects(action).join("\n"), at);
            self.way(&id, action);
        }
    }

    fn way(&mut self, from: &str, action: &Action) {
        let label = action.label.in_language(self.language).to_owned();
        self.flow(from, &entry(&action.to.value), label, when(action));
    }
}

/// After how long something happens that is waited for, if that is a time.
fn timer(once: Once, state: &State) -> Option<String> {
    match once {
        Once::Overdue => match &state.sla {
            Some(engine::workflow::Sla::Span(span)) => Some(iso(*span)),
            _ => None,
        },
        _ => None,
    }
}

/// What a state says besides its actions.
fn about(state: &State) -> String {
    let mut lines = Vec::new();
    lines.extend(state.sla.as_ref().and_then(|sla| match sla {
        engine::workflow::Sla::Span(span) => Some(format!("sla: {}", span.written())),
        engine::workflow::Sla::Listed(_) => None,
    }));
    lines.extend(state.end.map(|end| format!("end: {}", end.word())));
    lines.extend(state.actions.iter().map(|action| format!("{}: {}", action.name, effects(action).join(", "))));
    lines.join("\n")
}

/// What sets an action off, and what it does besides leading on.
fn effects(action: &Action) -> Vec<String> {
    let mut said = vec![action.set_off_by()];
    said.extend(action.within.map(|within| format!("within: {}", within.written())));
    said.extend(action.asks.as_ref().map(|page| format!("asks: {}", page.value)));
    said.extend(action.ask.as_ref().map(|page| format!("ask: {}", page.value)));
    said.extend(action.uses.iter().map(|uses| {
        let optional = if uses.optional { " (optional)" } else { "" };
        format!("uses: {} as {}{optional}", uses.stock.value, uses.question.value)
    }));
    said.extend(action.demand.map(|demand| format!("demand: {}", demand.word())));
    said.extend(action.excess.map(|excess| format!("excess: {}", excess.word())));
    said.extend(action.grant.as_ref().map(|grant| format!("grant: {}", grant.value)));
    said.extend(action.issue.iter().map(|paper| format!("issue: {}", paper.value)));
    said.extend(action.opens.iter().map(|child| format!("opens: {}", child.value)));
    said.extend(action.notify.iter().map(|notice| format!("notify: {}", notice.value)));
    said.extend(action.counts_on.then(|| "counts_on: true".to_owned()));
    said
}
