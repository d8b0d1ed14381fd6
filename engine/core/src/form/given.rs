//! What can be read as an answer: JSON from outside, or answers that were kept.
//!
//! Both are read by the same code without being copied into a common form first.

use serde_json::Value as Json;

use crate::base::{Answers, Value};

/// One answer as it was given.
pub(super) trait Given: Sized {
    /// Answers by name.
    type Map: GivenMap<Item = Self>;
    /// The text, if it is one.
    fn text(&self) -> Option<&str>;
    /// The whole number, if it is one. JSON makes no difference between `2` and `2.0`.
    fn whole(&self) -> Option<i64>;
    /// Yes or no, if it is that.
    fn flag(&self) -> Option<bool>;
    /// The items, if it is a list.
    fn items(&self) -> Option<&[Self]>;
    /// The answers inside, if it is a group.
    fn map(&self) -> Option<&Self::Map>;
}

/// Answers by name, as they were given.
pub(super) trait GivenMap {
    /// One of them.
    type Item;
    /// The answer called `name`.
    fn item(&self, name: &str) -> Option<&Self::Item>;
    /// All names.
    fn names(&self) -> impl Iterator<Item = &str>;
}

impl Given for Json {
    type Map = serde_json::Map<String, Self>;
    fn text(&self) -> Option<&str> {
        self.as_str()
    }
    fn whole(&self) -> Option<i64> {
        let Self::Number(number) = self else { return None };
        // `2.0` is printed by Rust as `2`; what has a fraction does not parse as a whole number.
        number.as_i64().or_else(|| number.as_f64()?.to_string().parse().ok())
    }
    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }
    fn items(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }
    fn map(&self) -> Option<&Self::Map> {
        self.as_object()
    }
}

impl GivenMap for serde_json::Map<String, Json> {
    type Item = Json;
    fn item(&self, name: &str) -> Option<&Json> {
        self.get(name)
    }
    fn names(&self) -> impl Iterator<Item = &str> {
        self.keys().map(String::as_str)
    }
}

impl Given for Value {
    type Map = Answers;
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
    fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
    fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
    fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }
    fn map(&self) -> Option<&Answers> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl GivenMap for Answers {
    type Item = Value;
    fn item(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
