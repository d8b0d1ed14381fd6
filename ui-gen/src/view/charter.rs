//! The citizens' charter: what the town promises of each service.

use serde::Serialize;

use super::common::Row;
use super::home::FeeExample;

/// `/{tenant}/charter`: every service in a few lines, as it hangs at the office.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Charter {
    /// The town, as its sentences name it.
    pub town: String,
    /// The services, by subject.
    pub groups: Vec<CharterGroup>,
    /// How the office can be reached.
    pub office: Vec<Row>,
    /// The day on which all this holds.
    pub day: String,
}

/// The services of one subject.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CharterGroup {
    /// The subject.
    pub title: String,
    /// Its services.
    pub lines: Vec<CharterLine>,
}

/// A service in a few lines.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CharterLine {
    /// All that is promised of it.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Time, fee, officer, appeal.
    pub rows: Vec<Row>,
}

/// `/{tenant}/charter/{service}`: all that is promised of one service, readable without the others.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CharterRow {
    /// The service.
    pub title: String,
    /// What it is, a paragraph each.
    pub about: Vec<String>,
    /// Who can ask, documents, time, what one gets, officers, law, how to apply.
    pub rows: Vec<Row>,
    /// Kinds for which it is promised sooner, each with its time.
    pub sooner: Vec<Row>,
    /// Whether it costs anything.
    pub charged: bool,
    /// What it costs in an example; none where none can be reckoned.
    pub fee: Option<FeeExample>,
    /// What a bill is made of, and by whose rates.
    pub costs: Vec<Row>,
    /// Whether the rates are a model that the town has yet to replace.
    pub model: bool,
    /// The service's start page.
    pub start: String,
    /// The day on which all this holds.
    pub day: String,
    /// The definition that it was read from, by the beginning of its digest.
    pub definition: String,
}
