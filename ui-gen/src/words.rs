//! The product's own wording: one flat map of keys to sentences for each language.

use std::collections::BTreeMap;

/// The product's words in one language, by flat dotted key, as in `check.change`.
///
/// A sentence may hold `{placeholders}`, filled when the sentence is asked for. One with a choice,
/// as in `{n} {n:day|days}`, gives the first word where `n` is 1, else the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    lang: String,
    map: BTreeMap<String, String>,
}

impl Words {
    /// The words of `lang` (a BCP 47 tag such as `hi`) from a flat map of dotted keys.
    pub fn new(lang: impl Into<String>, map: BTreeMap<String, String>) -> Self {
        Self { lang: lang.into(), map }
    }

    /// The same words, with those of `other` wherever this language has none.
    #[must_use]
    pub fn with_fallback(mut self, other: &Self) -> Self {
        for (key, sentence) in &other.map {
            self.map.entry(key.clone()).or_insert_with(|| sentence.clone());
        }
        self
    }

    /// The language these words are in.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    /// The sentence as written, placeholders and all, if there is one.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.map.get(key).map(String::as_str)
    }

    /// The sentence for `key`. A missing key is shown as `⟦key⟧`, which tests look for.
    pub fn get(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// The sentence for `key` with its placeholders filled from `values`.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(sentence) = self.find(key) else {
            return format!("⟦{key}⟧");
        };
        fill(sentence, values)
    }
}

/// Fills `{name}` from `values`; a placeholder without a value stays, so that it is noticed.
fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else {
            out.push_str(&rest[open..]);
            return out;
        };
        let (name, words) = match after[..close].split_once(':') {
            Some((name, words)) => (name, words.split_once('|')),
            None => (&after[..close], None),
        };
        match (values.iter().find(|(key, _)| *key == name), words) {
            (Some((_, value)), Some((one, many))) => out.push_str(if *value == "1" { one } else { many }),
            (Some((_, value)), None) => out.push_str(value),
            (None, _) => out.push_str(&rest[open..=open + 1 + close]),
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_04_placeholders_are_filled_once_and_in_place() {
        assert_eq!(fill("Step {n} of {m}", &[("n", "{m}"), ("m", "5")]), "Step {m} of 5");
        assert_eq!(fill("{a}{b", &[("a", "x")]), "x{b");
        assert_eq!(fill("no {such}", &[]), "no {such}");
        assert_eq!(fill("{n} {n:day|days}", &[("n", "1")]), "1 day");
        assert_eq!(fill("{n} {n:day|days}", &[("n", "12")]), "12 days");
    }

    #[test]
    fn a_missing_key_is_visible_and_a_fallback_fills_it() {
        let one = |lang: &str, key: &str| Words::new(lang, BTreeMap::from([(key.to_owned(), "word".to_owned())]));
        assert_eq!(one("hi", "a").get("b"), "⟦b⟧");
        assert_eq!(one("hi", "a").with_fallback(&one("en", "b")).get("b"), "word");
    }
}
