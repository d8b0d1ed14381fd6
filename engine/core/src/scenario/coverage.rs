//! What scenarios try, and what they leave untried.

use std::collections::BTreeSet;

use super::world::Done;
use crate::base::{Day, Name};
use crate::case::Refusal;
use crate::fees::{Fees, RateValue, Schedule};
use crate::service::Service;
use crate::source::{At, Where};

/// Something that scenarios can try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub at: Where,
    /// Whether a scenario met it.
    pub tried: bool,
}

/// Things of one kind, and whether a scenario met them.
#[derive(Clone, Debug, Default)]
pub struct Tried(Vec<Trial>);

impl Tried {
    /// Each name once, in the order in which they are written.
    fn of(names: impl IntoIterator<Item = (String, Where)>) -> Self {
        let mut known = BTreeSet::new();
        let new = names.into_iter().filter(|(name, _)| known.insert(name.clone()));
        Self(new.map(|(name, at)| Trial { name, at, tried: false }).collect())
    }

    fn met(&mut self, name: &str) {
        if let Some(trial) = self.0.iter_mut().find(|trial| trial.name == name) {
            trial.tried = true;
        }
    }

    /// How many were tried, and how many were not.
    pub fn counts(&self) -> (usize, usize) {
        let tried = self.0.iter().filter(|trial| trial.tried).count();
        (tried, self.0.len() - tried)
    }

    /// What was not tried.
    pub fn untried(&self) -> impl Iterator<Item = &Trial> {
        self.0.iter().filter(|trial| !trial.tried)
    }
}

/// What the scenarios of a service try.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// States in which a case stood.
    pub states: Tried,
    /// Actions that were taken: `state.action`.
    pub actions: Tried,
    /// Conditions that refused an action which has several: `state.action.condition`.
    pub conditions: Tried,
    /// Branches of the rules of fees.
    pub branches: Tried,
    /// Rates that were looked up, and rows of tables, in every schedule.
    pub rates: Tried,
}

impl Coverage {
    /// Everything there is to try in a service, whose rules [`followed`] has marked.
    pub(super) fn of(service: &Service) -> Self {
        let states = &service.workflow.states;
        let actions = states.iter().flat_map(|state| {
            state.actions.iter().map(move |action| (format!("{}.{}", state.name, action.name), action.at.clone()))
        });
        let offered = states.iter().flat_map(|state| state.actions.iter().map(move |action| (state, action)));
        let conditions = offered.flat_map(|(state, action)| {
            let names = action.when.iter().filter_map(|requirement| requirement.name.as_ref());
            names.map(move |name| (format!("{}.{}.{}", state.name, action.name, name.value), name.at.clone()))
        });
        let schedules = service.fees.iter().flat_map(|fees| &fees.schedules);
        let branches = service.fees.iter().filter_map(|fees| fees.script.followed.as_ref());
        let branches = branches.flat_map(|followed| &followed.branches);
        Self {
            states: Tried::of(states.iter().map(|state| (state.name.to_string(), state.at.clone()))),
            actions: Tried::of(actions),
            conditions: Tried::of(conditions),
            // The same words may lead to several branches: all are kept apart by their place.
            branches: Tried(
                branches
                    .map(|branch| Trial { name: branch.words.clone(), at: branch.at.clone(), tried: false })
                    .collect(),
            ),
            rates: Tried::of(schedules.flat_map(|schedule| rates(schedule))),
        }
    }

    /// Leaves out what is not written below `folder`: what a state or a town takes from others, their scenarios try.
    pub(super) fn keep_below(&mut self, folder: &str) {
        let below = |trial: &Trial| trial.at.file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let own = [&mut self.states, &mut self.actions, &mut self.conditions, &mut self.branches, &mut self.rates];
        for tried in own {
            tried.0.retain(below);
        }
    }

    /// Notes what was done.
    pub(super) fn note(&mut self, done: &Done) {
        self.states.met(&done.event.from);
        self.states.met(&done.event.to);
        if let Some(action) = &done.event.action {
            self.actions.met(&format!("{}.{action}", done.event.from));
        }
    }

    /// Notes that an action was refused in `state`.
    pub(super) fn note_refused(&mut self, state: &Name, action: Option<&At<Name>>, refusal: &Refusal) {
        let Some(action) = action else { return };
        for condition in refusal.conditions() {
            self.conditions.met(&format!("{state}.{}.{condition}", action.value));
        }
    }

    /// Notes what the rules of a service met while they were followed.
    pub(super) fn note_rules(&mut self, fees: &Fees) {
        let Some(followed) = &fees.script.followed else { return };
        let met = followed.met();
        for place in met.branches {
            if let Some(trial) = self.branches.0.get_mut(place) {
                trial.tried = true;
            }
        }
        for (from, name) in met.rates {
            self.rates.met(&dated(&name, from));
        }
    }
}

/// The service with rules that are followed.
pub(super) fn followed(service: &Service) -> Service {
    let heads: Vec<_> =
        service.billing.iter().flat_map(|billing| &billing.heads).map(|head| head.name.clone()).collect();
    Service { fees: service.fees.as_ref().map(|fees| fees.followed(&heads)), ..service.clone() }
}

fn dated(name: &str, from: Day) -> String {
    format!("{name}, from {from}")
}

/// The rates of a schedule; rates by code and rows of tables one by one, as rules look them up.
fn rates(schedule: &Schedule) -> Vec<(String, Where)> {
    let mut found = Vec::new();
    for (name, value) in &schedule.values {
        let at = schedule.places.get(name).unwrap_or(&schedule.at);
        match value {
            RateValue::Map(by_code) => {
                found.extend(by_code.keys().map(|code| (format!("{name}[{code}]"), at.clone())));
            }
            RateValue::Table(table) => {
                let rows = table.rows.iter().enumerate();
                found.extend(
                    rows.map(|(row, written)| (format!("{name}[{}]", table.row_words(row)), written.at.clone())),
                );
            }
            RateValue::Number(_) | RateValue::Word(_) => found.push((name.to_string(), at.clone())),
        }
    }
    found.into_iter().map(|(name, at)| (dated(&name, schedule.from), at)).collect()
}
