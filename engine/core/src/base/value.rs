//! Answers as the engine keeps them.

use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::money::parse_decimal;

/// One answer. Dates, codes, decimals and amounts are their own text, so nothing is ever rounded
/// on the way to the store and back; the form's field says how to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, a code, an ISO date, a decimal or an amount in rupees.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Flag(bool),
    /// Several codes, or the items of a repeating group.
    List(Vec<Value>),
    /// A group of answers; also a file (`id`, `name`, `kind`, `size`, `sha256`) and a point.
    Map(Answers),
}

/// Answers by field name; the order is the alphabet's, so equal answers have equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(pub ByName);

/// Values by name. Copies are one and the same until one of them is changed: a case and its record are
/// copied with every command, and few commands change what was answered.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ByName(Arc<BTreeMap<String, Value>>);

impl Deref for ByName {
    type Target = BTreeMap<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for ByName {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl fmt::Debug for ByName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromIterator<(String, Value)> for ByName {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(values: I) -> Self {
        Self(Arc::new(values.into_iter().collect()))
    }
}

impl IntoIterator for ByName {
    type Item = (String, Value);
    type IntoIter = btree_map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<'a> IntoIterator for &'a ByName {
    type Item = (&'a String, &'a Value);
    type IntoIter = btree_map::Iter<'a, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Answers {
    /// The answer to `field`.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// The text of the answer to `field`.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The answer at a dotted path: `address.street`, `owners.0.name`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        let mut parts = path.split('.');
        let mut value = self.get(parts.next()?)?;
        for part in parts {
            value = match value {
                Value::Map(map) => map.get(part)?,
                Value::List(items) => items.get(part.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Puts an answer in place of an earlier one.
    pub fn set(&mut self, field: &str, value: Value) {
        self.0.insert(field.to_owned(), value);
    }

    /// As a JSON object.
    pub fn to_json(&self) -> Json {
        Json::Object(self.0.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
    }

    /// From a JSON object; anything but objects, lists, text, whole numbers and truth is dropped.
    pub fn from_json(json: &Json) -> Self {
        let Json::Object(map) = json else { return Self::default() };
        Self(map.iter().filter_map(|(name, json)| Some((name.clone(), Value::from_json(json)?))).collect())
    }
}

impl Value {
    /// As JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.clone()),
            Self::Int(number) => Json::from(*number),
            Self::Flag(flag) => Json::Bool(*flag),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Map(map) => map.to_json(),
        }
    }

    /// From JSON; `None` for null and for numbers that are not whole.
    pub fn from_json(json: &Json) -> Option<Self> {
        Some(match json {
            Json::Null => return None,
            Json::Bool(flag) => Self::Flag(*flag),
            Json::Number(number) => Self::Int(number.as_i64()?),
            Json::String(text) => Self::Text(text.clone()),
            Json::Array(items) => Self::List(items.iter().filter_map(Self::from_json).collect()),
            Json::Object(_) => Self::Map(Answers::from_json(json)),
        })
    }

    /// The number in this answer, exactly.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(number) => Some(Decimal::from(*number)),
            Self::Text(text) => parse_decimal(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_as_it_was_whatever_is_answered_anew() {
        let street = |name: &str| Answers([("street".to_owned(), Value::Text(name.to_owned()))].into_iter().collect());
        let mut first = Answers::default();
        first.set("address", Value::Map(street("Mall Road")));
        first.set("floors", Value::Int(2));
        let mut second = first.clone();
        assert_eq!(second, first);
        second.set("address", Value::Map(street("Rajpur Road")));
        second.0.remove("floors");
        assert_eq!(first.at("address.street"), Some(&Value::Text("Mall Road".to_owned())));
        assert_eq!(first.get("floors"), Some(&Value::Int(2)));
        let names: Vec<String> = second.clone().0.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["address"]);
        assert_eq!(second.at("address.street"), Some(&Value::Text("Rajpur Road".to_owned())));
    }
}
