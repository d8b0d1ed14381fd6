//! The address of a list is the view: filters, words looked for, order and page are all in it.

use std::collections::BTreeMap;

use ui_gen::from_engine::typed::Sent;

use super::scan::longest;
use crate::http::when;
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
pub struct Filters(BTreeMap<&'static str, Vec<String>>);

impl Filters {
    /// Reads a query. What no list knows is passed over; what is there twice where one is expected is refused.
    pub fn read(query: &Sent) -> Result<Self, Problem> {
        let mut filters = BTreeMap::new();
        for name in NAMES {
            let Some(values) = query.get(name) else { continue };
            let mut values: Vec<String> = values.iter().filter(|value| !value.trim().is_empty()).cloned().collect();
            if DAYS.contains(&name) {
                let day = |text: &String| when::typed_day(text).map_or_else(|| text.clone(), |day| day.to_string());
                values = values.iter().map(day).collect();
            }
            if values.len() > VALUES || values.iter().any(|value| value.chars().count() > longest(value)) {
                return Err(Problem::BadRequest("a filter that is too long"));
            }
            if values.len() > 1 && !SEVERAL.contains(&name) {
                return Err(Problem::BadRequest("a parameter is there twice"));
            }
            if !values.is_empty() {
                filters.insert(name, values);
            }
        }
        Ok(Self(filters))
    }

    /// The values of a parameter.
    pub fn many(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of a parameter; empty for none.
    pub fn one(&self, name: &str) -> &str {
        self.many(name).first().map_or("", String::as_str)
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
        changed.0.remove("page");
        changed.0.remove(name);
        if !value.is_empty() {
            changed.0.insert(name, vec![value.to_owned()]);
        }
        changed
    }

    /// The same with one value more.
    #[must_use]
    pub fn also(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.0.remove("page");
        changed.0.entry(name).or_default().push(value.to_owned());
        changed
    }

    /// The same without one value of a parameter.
    #[must_use]
    pub fn without(&self, name: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.0.remove("page");
        if let Some(values) = changed.0.get_mut(name) {
            values.retain(|chosen| chosen != value);
        }
        changed.0.retain(|_, values| !values.is_empty());
        changed
    }

    /// The same list, not narrowed.
    #[must_use]
    pub fn cleared(&self) -> Self {
        let mut changed = self.clone();
        changed.0.retain(|name, _| *name == "scope" || *name == "sort");
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
