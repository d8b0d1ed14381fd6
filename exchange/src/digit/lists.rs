//! Code lists: masters whose rows have a code and words. Codes with dots are a tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::source::{Found, Master};
use super::words::{Said, Words, key};
use crate::names;
use crate::report::Report;

/// Masters that are no lists: what they say becomes something else, or is about the platform.
const OTHERWISE: [&str; 16] = [
    "tenants",
    "citymodule",
    "citywiseconfig",
    "BusinessService",
    "TaxHeadMaster",
    "TaxPeriod",
    "roles",
    "roleactions",
    "actions-test",
    "IdFormat",
    "TenantBoundary",
    "Rebate",
    "Penalty",
    "Interest",
    "uiCommonPay",
    "StateInfo",
];

/// A code list.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    rows: Vec<Row>,
    languages: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Row {
    code: String,
    parent: String,
    said: Said,
}

impl List {
    /// A code that can be chosen: the first one with nothing below it.
    pub(super) fn leaf(&self) -> Option<String> {
        let leaf = |row: &&Row| self.rows.iter().all(|other| other.parent != row.code);
        self.rows.iter().find(leaf).map(|row| row.code.clone())
    }

    /// As CSV.
    pub(super) fn csv(&self) -> String {
        let mut text = String::from("code,parent,label");
        for language in &self.languages {
            let _ = write!(text, ",{language}");
        }
        text.push('\n');
        for row in &self.rows {
            let _ = write!(text, "{},{},{}", row.code, row.parent, cell(&row.said.written));
            for language in &self.languages {
                let _ = write!(text, ",{}", cell(row.said.others.get(language).map_or("", String::as_str)));
            }
            text.push('\n');
        }
        text
    }

    fn add(&mut self, code: &str, parent: &str, said: Said) {
        self.rows.push(Row { code: code.to_owned(), parent: parent.to_owned(), said });
    }

    fn has(&self, code: &str) -> bool {
        self.rows.iter().any(|row| row.code == code)
    }
}

/// A cell, quoted where its text has a sign that ends one.
pub(super) fn cell(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// The lists of the state. Lists of towns are counted, and left to the towns.
pub(super) fn of_state(found: &Found, words: &mut Words, report: &mut Report) -> BTreeMap<String, List> {
    let mut lists = BTreeMap::new();
    let mut of_towns: BTreeMap<&str, usize> = BTreeMap::new();
    for master in found.masters.iter().filter(|master| is_list(master)) {
        if master.tenant.contains('.') {
            *of_towns.entry(&master.name).or_default() += 1;
            continue;
        }
        let name = name_of(&master.name);
        lists.entry(name).or_insert_with(|| list(master, words));
    }
    for (name, count) in of_towns {
        let place = crate::report::Place::file(name);
        report.dropped("list-of-a-town", &place, format!("`{name}` of {count} towns: each takes that of the state"));
    }
    lists
}

pub(super) fn is_list(master: &Master) -> bool {
    let code = |row: &Json| row["code"].as_str().is_some_and(|code| !code.trim().is_empty());
    !OTHERWISE.contains(&master.name.as_str()) && master.rows.len() > 1 && master.rows.iter().all(|(_, row)| code(row))
}

/// What the list of a master is called.
pub(super) fn name_of(master: &str) -> String {
    names::snake(&plural(master), "list")
}

fn plural(name: &str) -> String {
    match name.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if name.ends_with('s') => name.to_owned(),
        None => format!("{name}s"),
    }
}

pub(super) fn list(master: &Master, words: &mut Words) -> List {
    let mut list = List { languages: words.others(), ..List::default() };
    for (_, row) in &master.rows {
        if row["active"].as_bool() == Some(false) {
            continue;
        }
        let theirs = row["code"].as_str().unwrap_or_default().trim();
        let parts: Vec<&str> = theirs.split('.').filter(|part| !part.is_empty()).collect();
        for length in 1..=parts.len() {
            let (above, full) = (parts[..length - 1].join("."), parts[..length].join("."));
            let (parent, code) = (names::code(&above), names::code(&full));
            let parent = if above.is_empty() { String::new() } else { parent };
            if list.has(&code) {
                continue;
            }
            let named = ["name", "label"].iter().find_map(|key| row[*key].as_str()).map(str::trim);
            let named = named.filter(|name| length == parts.len() && !name.is_empty() && *name != theirs);
            let fallback = named.map_or_else(|| names::readable(parts[length - 1]), str::to_owned);
            let codes =
                [key(&[&master.module, &master.name, &full]), key(&["COMMON", &master.name, &full]), key(&[&full])];
            list.add(&code, &parent, words.say(&codes, &fallback));
        }
    }
    list
}
