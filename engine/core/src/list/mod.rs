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
    elsewhere: Arc<Wider>,
}

/// What wider lists say, in the place of which a list stands: a town's trades among those of its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wider {
    /// Their codes.
    pub codes: BTreeSet<String>,
    /// The words in their further columns: column and word.
    pub words: BTreeSet<(String, String)>,
}

impl Wider {
    /// Adds what `list` says.
    pub fn add(&mut self, list: &List) {
        for entry in &list.entries {
            self.codes.insert(entry.code.clone());
            for (column, words) in entry.attributes.iter() {
                self.words.extend(words.iter().map(|word| (column.clone(), word.clone())));
            }
        }
    }
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

/// The codes of a list after which a column of another list is called.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The name of the list.
    pub list: String,
    /// Its codes, those of the wider lists included that it stands in the place of.
    pub codes: BTreeSet<String>,
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

    /// The same list, which stands in the place of wider ones.
    #[must_use]
    pub fn narrowing(mut self, wider: impl Into<Arc<Wider>>) -> Self {
        self.elsewhere = wider.into();
        self
    }

    /// Whether `code` is not in this list but in a wider one that it stands in the place of:
    /// rates of the state may speak of it, and nobody here will ask for it.
    pub fn is_elsewhere(&self, code: &str) -> bool {
        self.elsewhere.codes.contains(code) && self.get(code).is_none()
    }

    /// The words in a further column, row by row.
    pub fn words_of<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a str> {
        self.entries.iter().filter_map(move |entry| entry.attributes.get(column)).flatten().map(String::as_str)
    }

    /// Whether a row has `word` in a further column, here or in a wider list.
    pub fn says(&self, column: &str, word: &str) -> bool {
        let pair = (column.to_owned(), word.to_owned());
        self.words_of(column).any(|known| known == word) || self.elsewhere.words.contains(&pair)
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

    /// The first word under `column` in the row of `code`, or in the nearest row above that has one.
    pub fn inherited<'a>(&'a self, code: &str, column: &str) -> Option<&'a str> {
        let cell = |entry: &'a Entry| entry.attributes.get(column)?.first();
        self.ancestry(code).find_map(cell).map(String::as_str)
    }

    /// The rows that can be chosen.
    pub fn choices(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.has_children)
    }
}
