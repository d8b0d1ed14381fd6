//! Boundaries as places: what lies below the town, each level below the one above.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::lists::cell;
use super::source::Found;
use super::words::{Words, key};
use crate::names;
use crate::report::{Place, Report};

/// The places of a town.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The levels, from the whole to the part.
    pub(super) levels: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    code: String,
    parent: String,
    level: String,
    label: String,
    others: BTreeMap<String, String>,
}

impl Places {
    /// As CSV.
    pub(super) fn csv(&self, words: &Words) -> String {
        let languages = words.others();
        let mut text = String::from("code,parent,level,label");
        for language in &languages {
            let _ = write!(text, ",{language}");
        }
        text.push('\n');
        for row in &self.rows {
            let _ = write!(text, "{},{},{},{}", row.code, row.parent, row.level, cell(&row.label));
            for language in &languages {
                let _ = write!(text, ",{}", cell(row.others.get(language).map_or("", String::as_str)));
            }
            text.push('\n');
        }
        text
    }

    /// One place on each level, where a town has none of its own.
    pub(super) fn one_of_each(levels: &[String], town: &str) -> Self {
        let mut places = Self { levels: levels.to_vec(), rows: Vec::new() };
        let mut parent = String::new();
        for (at, level) in levels.iter().enumerate() {
            let code = format!("P{}", at + 1);
            let label = town.to_owned();
            places.rows.push(Row { code: code.clone(), parent, level: level.clone(), label, others: BTreeMap::new() });
            parent = code;
        }
        places
    }
}

/// The places of every tenant that has some, by its code.
pub(super) fn places(found: &Found, words: &mut Words, report: &mut Report) -> BTreeMap<String, Places> {
    let mut all: BTreeMap<String, Places> = BTreeMap::new();
    for master in found.masters("TenantBoundary") {
        for (place, row) in &master.rows {
            let hierarchy =
                row["hierarchyType"]["code"].as_str().or_else(|| row["hierarchyType"].as_str()).unwrap_or_default();
            if all.contains_key(&master.tenant) {
                let what =
                    format!("the hierarchy `{hierarchy}` of {}: a town is divided in one way here", master.tenant);
                report.dropped("second-hierarchy", place, what);
                continue;
            }
            let mut reader = Reader {
                tenant: &master.tenant,
                hierarchy,
                places: Places::default(),
                seen: BTreeMap::new(),
                words,
                report,
            };
            // The town itself is no place inside of it.
            reader.below(&row["boundary"]["children"], "", 0, &place.at("boundary").at("children"));
            let places = reader.places;
            all.insert(master.tenant.clone(), places);
        }
    }
    all
}

struct Reader<'a> {
    tenant: &'a str,
    hierarchy: &'a str,
    places: Places,
    /// Codes, with what they are called.
    seen: BTreeMap<String, String>,
    words: &'a mut Words,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn below(&mut self, children: &Json, parent: &str, depth: usize, place: &Place) {
        if depth > crate::limits::NESTING {
            return;
        }
        for (at, child) in children.as_array().into_iter().flatten().enumerate() {
            let place = place.at(at);
            let theirs = child["code"].as_str().unwrap_or_default().trim();
            let name = child["name"].as_str().unwrap_or(theirs).trim();
            let level =
                child["label"].as_str().map_or_else(|| format!("level_{depth}"), |label| names::snake(label, "level"));
            if !self.fits(&level, depth, theirs, &place) || !self.is_new(theirs, name, &place) {
                continue;
            }
            let codes = [key(&[self.tenant, self.hierarchy, theirs])];
            let said = self.words.say(&codes, if name.is_empty() { theirs } else { name });
            let code = names::code(theirs);
            let (parent, label) = (parent.to_owned(), said.written);
            self.places.rows.push(Row { code: code.clone(), parent, level, label, others: said.others });
            self.below(&child["children"], &code, depth + 1, &place.at("children"));
        }
    }

    /// Whether the level is the one that places of this depth have.
    fn fits(&mut self, level: &str, depth: usize, code: &str, place: &Place) -> bool {
        if self.places.levels.len() == depth {
            self.places.levels.push(level.to_owned());
        }
        let fits = self.places.levels.get(depth).is_some_and(|known| known == level);
        if !fits {
            let what = format!("`{code}` of {} is a `{level}` and lies where others are not", self.tenant);
            self.report.defect("place-at-wrong-level", place, what);
        }
        fits
    }

    fn is_new(&mut self, code: &str, name: &str, place: &Place) -> bool {
        if code.is_empty() {
            self.report.defect("place-without-code", place, format!("a place of {} has no code", self.tenant));
            return false;
        }
        match self.seen.insert(names::code(code), name.to_owned()) {
            None => true,
            Some(first) => {
                let other =
                    if first == name { String::new() } else { format!(", once as `{first}` and once as `{name}`") };
                let what = format!("the place `{code}` of {} stands twice{other}", self.tenant);
                self.report.defect("duplicate-place", place, what);
                false
            }
        }
    }
}
