//! Words for people, in the language they were written in and in others.

use std::collections::BTreeMap;

/// One wording: as written in place, and its translations by language code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// As the author wrote it.
    pub written: String,
    /// By language code (`hi`), from `locales/` or from a map written in place.
    pub translations: BTreeMap<String, String>,
}

impl Text {
    /// A wording without translations.
    pub fn new(written: impl Into<String>) -> Self {
        Self { written: written.into(), translations: BTreeMap::new() }
    }

    /// The wording in `language`, or as it was written.
    pub fn in_language(&self, language: &str) -> &str {
        self.translations.get(language).unwrap_or(&self.written)
    }
}
