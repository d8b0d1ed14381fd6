//! Words for people, in the language they were written in and in others.

use litemap::LiteMap;

/// Something by name, where there are only a few: as large as what is in it. A town has thousands of
/// wordings, nearly all in two languages.
pub type Few<V> = LiteMap<String, V>;

/// One wording: as written in place, and its translations by language code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// As the author wrote it.
    pub written: String,
    /// By language code (`hi`), from `locales/` or from a map written in place.
    pub translations: Few<String>,
}

impl Text {
    /// A wording without translations.
    pub fn new(written: impl Into<String>) -> Self {
        Self { written: written.into(), translations: Few::new_vec() }
    }

    /// The wording in `language`, or as it was written.
    pub fn in_language(&self, language: &str) -> &str {
        self.translations.get(language).unwrap_or(&self.written)
    }
}
