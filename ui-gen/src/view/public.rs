//! Public lists of records: what anybody may read of a register.

use serde::Serialize;

use super::common::{Pager, Row};

/// `/{tenant}/registers/{registry}`
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicList {
    /// What the list is called.
    pub title: String,
    /// Where the search leads (POST, parameter `q`).
    pub action: String,
    /// What is searched for.
    pub query: String,
    /// The records.
    pub lines: Vec<PublicLine>,
    /// Where in the list we are.
    pub pager: Pager,
}

/// One record of the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicLine {
    /// Its page.
    pub href: String,
    /// What heads it.
    pub heading: String,
    /// Its number.
    pub number: String,
    /// Its last day; empty for none.
    pub until: String,
    /// What stands below; empty for nothing.
    pub text: String,
    /// What is shown of it.
    pub rows: Vec<Row>,
}

/// `/{tenant}/registers/{registry}/{record}`
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicRecord {
    /// The list that it stands in.
    pub list: String,
    /// What heads it.
    pub heading: String,
    /// Its number.
    pub number: String,
    /// Its first day.
    pub from: String,
    /// Its last day; empty for none.
    pub until: String,
    /// What stands below; empty for nothing.
    pub text: String,
    /// What is shown of it.
    pub rows: Vec<Row>,
}
