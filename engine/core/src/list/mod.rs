//! Code lists and places: what may be chosen, in a tree, with words in every language.

pub mod checks;
pub mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Few, Text};

/// The attribute of a place that names its level.
pub const LEVEL: &str = "level";

/// A code list, or the places of a town: rows in the author's order, parents before children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its name: the file's name without `.csv`.
    pub name: String,
    /// The rows.
    pub entries: Vec<Entry>,
    by_code: BTreeMap<String, usize>,
    elsewhere: Arc<BTreeSet<String>>,
}

/// One row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The code that is stored and sent.
    pub code: String,
    /// The row above, by index; `None` at the top.
    pub parent: Option<usize>,
    /// Levels above.
    pub depth: usize,
    /// Whether rows hang below: such a row groups, and cannot be chosen itself.
    pub has_children: bool,
    /// What people see.
    pub label: Text,
    /// Further columns: the words of the cell, split at `;`.
    pub attributes: Few<Vec<String>>,
}

impl Entry {
    /// The level of a place.
    pub fn level(&self) -> Option<&str> {
        self.attributes.get(LEVEL)?.first().map(String::as_str)
    }
}

impl List {
    /// A list of `entries`, whose parents stand before their children and whose codes are unique.
    pub fn new(name: &str, entries: Vec<Entry>) -> Self {
        let by_code = entries.iter().enumerate().map(|(index, entry)| (entry.code.clone(), index)).collect();
        Self { name: name.to_owned(), entries, by_code, elsewhere: Arc::default() }
    }

    /// The same list, which stands in the place of wider ones that have these codes: a town's
    /// trades among those of its state.
    #[must_use]
    pub fn narrowing(mut self, wider: BTreeSet<String>) -> Self {
        self.elsewhere = Arc::new(wider);
        self
    }

    /// Whether `code` is not in this list but in a wider one that it stands in the place of:
    /// rates of the state may speak of it, and nobody here will ask for it.
    pub fn is_elsewhere(&self, code: &str) -> bool {
        self.elsewhere.contains(code) && self.get(code).is_none()
    }

    /// The row of `code`.
    pub fn get(&self, code: &str) -> Option<&Entry> {
        self.by_code.get(code).map(|index| &self.entries[*index])
    }

    /// The place of `code` among the entries.
    pub fn index(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// Whether `code` may be chosen: it is there and nothing hangs below it.
    pub fn is_choice(&self, code: &str) -> bool {
        self.get(code).is_some_and(|entry| !entry.has_children)
    }

    /// `code` and every code above it, nearest first.
    pub fn ancestry<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a Entry> {
        let mut next = self.by_code.get(code).copied();
        std::iter::from_fn(move || {
            let entry = &self.entries[next?];
            next = entry.parent;
            Some(entry)
        })
    }

    /// The rows that can be chosen.
    pub fn choices(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.has_children)
    }
}
