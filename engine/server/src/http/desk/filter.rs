//! The address of a list is the view: filters, words looked for, order and page are all in it, the words sealed.

use std::collections::BTreeMap;

use ui_gen::from_engine::typed::Sent;

use super::scan::longest;
use crate::http::ask::Ask;
use crate::http::sought::{self, Sought};
use crate::http::{body, limits, when};
use crate::problem::Problem;

/// The parameters that may be there, in the order in which addresses are written.
const NAMES: [&str; 13] =
    ["scope", "q", "service", "state", "place", "with", "person", "due", "marked", "from", "until", "sort", "page"];
/// Those that narrow the list.
pub const NARROWING: [&str; 9] = ["service", "state", "place", "with", "person", "due", "marked", "from", "until"];
/// Those that may be there several times.
const SEVERAL: [&str; 7] = ["service", "state", "place", "with", "person", "due", "marked"];
/// Those that are days; what is none stays as it was typed.
const DAYS: [&str; 2] = ["from", "until"];
/// Values of one filter.
const VALUES: usize = 100;

/// What is asked of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// The parameters, as they stand in the address.
    values: BTreeMap<&'static str, Vec<String>>,
    /// The words looked for, as they were typed.
    words: String,
    /// Whether there were words that cannot be read any more; they are no parameter then.
    lost: bool,
}

impl Filters {
    /// What the address of the page asks.
    pub(crate) fn of(ask: &Ask) -> Result<Self, Problem> {
        Self::opened(ask, Self::read(&ask.query)?)
    }

    /// What the form beside the list asks that was sent.
    pub(crate) fn sent(ask: &Ask) -> Result<Self, Problem> {
        Self::opened(ask, Self::read(&ask.form().sent)?)
    }

    /// What a list asks whose query was kept.
    pub(crate) fn kept(ask: &Ask, query: &str) -> Result<Self, Problem> {
        Self::opened(ask, Self::read(&body::pairs(query.trim_start_matches('?').as_bytes())?)?)
    }

    /// The same with its words, sealed if they were not.
    fn opened(ask: &Ask, mut read: Self) -> Result<Self, Problem> {
        let sought = Sought::of(ask, "q", read.one("q"))?;
        if sought.words.chars().count() > longest(&sought.words) {
            return Err(Problem::BadRequest("a search that is too long"));
        }
        read.values.remove("q");
        if !sought.sealed.is_empty() {
            read.values.insert("q", vec![sought.sealed]);
        }
        Ok(Self { words: sought.words, lost: sought.lost, ..read })
    }

    /// Reads a query, and leaves its words as they stand there. What no list knows is passed over; what is there twice
    /// where one is expected is refused.
    pub fn read(query: &Sent) -> Result<Self, Problem> {
        let mut filters = BTreeMap::new();
        for name in NAMES {
            let Some(values) = query.get(name) else { continue };
            let mut values: Vec<String> = values.iter().filter(|value| !value.trim().is_empty()).cloned().collect();
            if DAYS.contains(&name) {
                let day = |text: &String| when::typed_day(text).map_or_else(|| text.clone(), |day| day.to_string());
                values = values.iter().map(day).collect();
            }
            if values.len() > VALUES || values.iter().any(|value| value.chars().count() > most(name, value)) {
                return Err(Problem::BadRequest("a filter that is too long"));
            }
            if values.len() > 1 && !SEVERAL.contains(&name) {
                return Err(Problem::BadRequest("a parameter is there twice"));
            }
            if !values.is_empty() {
                filters.insert(name, values);
            }
        }
        Ok(Self { values: filters, ..Self::default() })
    }

    /// The values of a parameter.
    pub fn many(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of a parameter; empty for none.
    pub fn one(&self, name: &str) -> &str {
        self.many(name).first().map_or("", String::as_str)
    }

    /// The words looked for, as they were typed; empty for none.
    pub fn words(&self) -> &str {
        if self.one("q").is_empty() { "" } else { &self.words }
    }

    /// Whether there were words that cannot be read any more.
    pub fn lost(&self) -> bool {
        self.lost
    }

    /// Whether both show the same list, however their words were sealed.
    pub fn says_as(&self, other: &Self) -> bool {
        let plain = |filters: &Self| (filters.with("q", "").values, filters.lost);
        plain(self) == plain(other) && self.words() == other.words()
    }

    /// Whether a value of a parameter is chosen.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.many(name).iter().any(|chosen| chosen == value)
    }

    /// The parameters that should be days and are none.
    pub fn no_days(&self) -> impl Iterator<Item = &'static str> {
        DAYS.into_iter().filter(|name| !self.one(name).is_empty() && when::typed_day(self.one(name)).is_none())
    }

    /// The same with one value of a parameter in place of all of it; empty for none. The list begins
    /// at its first page again.
    #[must_use]
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.values.remove("page");
        changed.values.remove(name);
        if !value.is_empty() {
            changed.values.insert(name, vec![value.to_owned()]);
        }
        changed
    }

    /// The same with one value more.
    #[must_use]
    pub fn also(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.values.remove("page");
        changed.values.entry(name).or_default().push(value.to_owned());
        changed
    }

    /// The same without one value of a parameter.
    #[must_use]
    pub fn without(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.values.remove("page");
        if let Some(values) = changed.values.get_mut(name) {
            values.retain(|chosen| chosen != value);
        }
        changed.values.retain(|_, values| !values.is_empty());
        changed
    }

    /// The same list, not narrowed.
    #[must_use]
    pub fn cleared(&self) -> Self {
        let mut changed = self.clone();
        changed.values.retain(|name, _| *name == "scope" || *name == "sort");
        changed
    }

    /// The page of the list, counted from 0.
    pub fn page(&self) -> i64 {
        self.one("page").parse::<i64>().map_or(0, |page| (page - 1).clamp(0, 100_000))
    }

    /// The same list at a page counted from 0.
    #[must_use]
    pub fn at_page(&self, page: i64) -> Self {
        if page <= 0 { self.with("page", "") } else { self.with("page", &(page + 1).to_string()) }
    }

    /// The query, ready for an address; with its `?`, or empty.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in NAMES {
            for value in self.many(name) {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// How long a value may be: only words that were sealed may be longer than what is typed or scanned.
fn most(name: &str, value: &str) -> usize {
    if name == "q" && sought::is_sealed(value) { limits::ADDRESS } else { longest(value) }
}
