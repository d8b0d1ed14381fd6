//! One's own work, and the office's.

use serde::Serialize;

use super::common::NavLink;

/// `/{tenant}/desk/my-work`: how I and my office are doing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MyWork {
    /// The span of time, formatted.
    pub period: String,
    /// Other spans.
    pub periods: Vec<NavLink>,
    /// Done in time, median age…
    pub measures: Vec<Measure>,
    /// By step of each service.
    pub steps: Vec<WorkStep>,
    /// By colleague; empty where the reader may not see it.
    pub team: Vec<WorkLoad>,
}

/// A figure with its name.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Measure {
    /// What it is.
    pub label: String,
    /// The figure, formatted with its unit.
    pub value: String,
    /// A few words more; empty for none.
    pub note: String,
}

/// Work at one step.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WorkStep {
    /// The service.
    pub service: String,
    /// The step.
    pub step: String,
    /// How many were done.
    pub done: String,
    /// Share done in time.
    pub in_time: String,
    /// Median time taken.
    pub median: String,
    /// How many wait.
    pub open: String,
}

/// What one colleague has.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WorkLoad {
    /// The colleague.
    pub name: String,
    /// How many wait.
    pub open: String,
    /// How many of them are overdue.
    pub overdue: String,
    /// How many were done.
    pub done: String,
}

/// `/{tenant}/desk/events`: the chain of the town.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Events {
    /// The events, the latest first.
    pub rows: Vec<EventLine>,
    /// Where those before them are.
    pub older: Option<String>,
    /// Where the latest are, if these are not.
    pub newest: Option<String>,
}

/// One event of the chain.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EventLine {
    /// Its number within the town.
    pub seq: String,
    /// The first digits of its hash.
    pub hash: String,
    /// When, with seconds.
    pub when: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// Whom it concerns, from where, why; empty for nothing.
    pub about: String,
    /// The page of the case; empty for none.
    pub href: String,
    /// The number of the case; empty for none.
    pub number: String,
}

/// `/{tenant}/desk/feedback`: how people found the pages and services.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HeardFeedback {
    /// How many gave stars.
    pub total: String,
    /// How many gave how many, five first.
    pub stars: Vec<Measure>,
    /// What was said in words, the latest first.
    pub said: Vec<SaidFeedback>,
}

/// What one person said.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SaidFeedback {
    /// When, formatted.
    pub when: String,
    /// How many stars, with their word.
    pub stars: String,
    /// The service; empty for the pages as such.
    pub service: String,
    /// The words.
    pub words: String,
}
