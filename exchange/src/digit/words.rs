//! Words of the source, by the codes under which its pages look them up; and which languages are complete.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::source::Message;

/// The language that definitions are written in.
pub(super) const WRITTEN: &str = "en";

/// Words by language and code.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    by_language: BTreeMap<String, BTreeMap<String, String>>,
    /// How many words each language lacks of those that were asked for.
    lacking: BTreeMap<String, usize>,
}

/// Words in the language that definitions are written in, and in others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) written: String,
    pub(super) others: BTreeMap<String, String>,
}

impl Words {
    pub(super) fn of(messages: &[Message]) -> Self {
        let mut words = Self::default();
        for message in messages.iter().filter(|message| !message.text.is_empty() && message.text != message.code) {
            let language = words.by_language.entry(message.locale.clone()).or_default();
            language.entry(message.code.clone()).or_insert_with(|| message.text.clone());
        }
        words
    }

    /// The languages besides the one that definitions are written in.
    pub(super) fn others(&self) -> BTreeSet<String> {
        self.by_language.keys().filter(|language| *language != WRITTEN && language.len() == 2).cloned().collect()
    }

    /// The words under the first of `codes` that has some; `fallback` where the source has none in the
    /// language that definitions are written in.
    pub(super) fn say(&mut self, codes: &[String], fallback: &str) -> Said {
        let find = |language: &str| {
            let words = self.by_language.get(language)?;
            codes.iter().find_map(|code| words.get(code)).cloned()
        };
        let written = find(WRITTEN).unwrap_or_else(|| fallback.to_owned());
        let others: BTreeMap<String, String> =
            self.others().into_iter().filter_map(|language| Some((language.clone(), find(&language)?))).collect();
        for language in self.others() {
            if !others.contains_key(&language) {
                *self.lacking.entry(language).or_default() += 1;
            }
        }
        Said { written, others }
    }

    /// Words of our own that the source cannot have: every other language lacks them.
    pub(super) fn ours(&mut self, words: &str) -> Said {
        self.say(&[], words)
    }

    /// How many words each further language lacks.
    pub(super) fn lacking(&self) -> Vec<(String, usize)> {
        self.others()
            .into_iter()
            .map(|language| (language.clone(), self.lacking.get(&language).copied().unwrap_or(0)))
            .collect()
    }
}

impl Said {
    /// As `tenant.yaml` writes it: `{ en: …, hi: … }`.
    pub(super) fn by_language(&self) -> Json {
        let mut map = Map::new();
        map.insert(WRITTEN.to_owned(), self.written.clone().into());
        map.extend(self.others.iter().map(|(language, words)| (language.clone(), words.clone().into())));
        Json::Object(map)
    }
}

/// What the source calls a state, an action, a role: its codes are made of names in capitals.
pub(super) fn key(parts: &[&str]) -> String {
    let plain = |part: &&str| {
        part.to_uppercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>()
    };
    parts.iter().map(plain).collect::<Vec<_>>().join("_")
}
