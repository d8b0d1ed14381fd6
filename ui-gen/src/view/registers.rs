//! Registers: the records that approvals leave behind.

use serde::Serialize;

use super::common::{ActionLink, Link, NavLink, Pager, Paper, Row, Tag};

/// `/{tenant}/desk/registers/{registry}`
#[derive(Debug, Clone, Default, Serialize)]
pub struct Register {
    /// The register's name.
    pub title: String,
    /// Other registers.
    pub others: Vec<NavLink>,
    /// Where the search leads (POST, parameter `q`).
    pub action: String,
    /// What is searched for.
    pub query: String,
    /// In force, expired…: with counts.
    pub filters: Vec<NavLink>,
    /// The records.
    pub rows: Vec<RegisterRow>,
    /// Where in the list we are.
    pub pager: Pager,
    /// The same list as a file; none where it may not be taken.
    pub csv: Option<String>,
}

/// One record of the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RegisterRow {
    /// Its page.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Who holds it.
    pub holder: String,
    /// What it is about: a trade's name, a property's address.
    pub about: String,
    /// Ward or locality.
    pub place: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Whether it is in force.
    pub state: Tag,
}

/// One record with its history.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RegisterRecord {
    /// The register's name.
    pub register: String,
    /// Its number.
    pub number: String,
    /// Whether it is in force.
    pub state: Tag,
    /// What it says now, or on the day that is asked for.
    pub rows: Vec<Row>,
    /// Where the day leads (GET, parameter `on`).
    pub action: String,
    /// The day that is asked for, `2027-03-31`; empty for now.
    pub on: String,
    /// What is wrong with that day; empty for nothing.
    pub error: String,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// Every version, the latest first.
    pub versions: Vec<Version>,
    /// What can be done with it.
    pub actions: Vec<ActionLink>,
}

/// One version of a record.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Version {
    /// From when it holds.
    pub from: String,
    /// Until when the record is valid by it; empty for open.
    pub until: String,
    /// What made it: created, renewed, transferred, revoked.
    pub what: String,
    /// Who decided that, and in which role; empty where it is not known.
    pub who: String,
    /// What was changed, a line each.
    pub changed: Vec<String>,
    /// The case that made it.
    pub case: Link,
}
