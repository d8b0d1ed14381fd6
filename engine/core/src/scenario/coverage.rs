//! What scenarios try, and what they leave untried.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Outcome;
use crate::fees::RateValue;
use crate::service::Service;

/// Names, and whether a scenario met them.
#[derive(Clone, Debug, Default)]
pub struct Tried(BTreeMap<String, bool>);

impl Tried {
    fn of(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| (name, false)).collect())
    }

    fn met(&mut self, name: &str) {
        if let Some(tried) = self.0.get_mut(name) {
            *tried = true;
        }
    }

    /// How many were tried, and how many were not.
    pub fn counts(&self) -> (usize, usize) {
        let tried = self.0.values().filter(|tried| **tried).count();
        (tried, self.0.len() - tried)
    }

    /// What was not tried.
    pub fn untried(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, tried)| !**tried).map(|(name, _)| name.as_str())
    }
}

/// What the scenarios of a service try.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// States in which a case stood.
    pub states: Tried,
    /// Actions that were taken: `state.action`.
    pub actions: Tried,
    /// Rates that were used, and rows of tables.
    pub rates: Tried,
}

impl Coverage {
    /// Everything there is to try in a service.
    pub fn of(service: &Service) -> Self {
        let states = &service.workflow.states;
        let actions = states
            .iter()
            .flat_map(|state| state.actions.iter().map(move |action| format!("{}.{}", state.name, action.name)));
        let schedule = service.fees.iter().filter_map(|fees| fees.schedules.first());
        let rates: BTreeSet<String> =
            schedule.flat_map(|schedule| schedule.values.iter()).flat_map(|(name, value)| names(name, value)).collect();
        Self {
            states: Tried::of(states.iter().map(|state| state.name.to_string())),
            actions: Tried::of(actions),
            rates: Tried::of(rates),
        }
    }

    /// Notes what an outcome met.
    pub fn note(&mut self, outcome: &Outcome) {
        self.states.met(&outcome.event.from);
        self.states.met(&outcome.event.to);
        if let Some(action) = &outcome.event.action {
            self.actions.met(&format!("{}.{action}", outcome.event.from));
        }
        for rate in outcome.event.demands.iter().flat_map(|demand| &demand.steps).flat_map(|step| &step.rates) {
            self.rates.met(&rate.name);
            let whole = rate.name.split(['[', '(']).next().unwrap_or("").trim();
            self.rates.met(whole);
        }
    }
}

/// A rate by its name; rates by code and rows of tables one by one, as the steps of a demand name them.
fn names(name: &str, value: &RateValue) -> Vec<String> {
    match value {
        RateValue::Map(by_code) => by_code.keys().map(|code| format!("{name}[{code}]")).collect(),
        RateValue::Table(table) => {
            (0..table.rows.len()).map(|row| format!("{name}[{}]", table.row_words(row))).collect()
        }
        _ => vec![name.to_owned()],
    }
}
