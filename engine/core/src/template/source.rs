//! A template and the text of the file it was read from, so that a mistake is shown where it stands.

use std::ops::Range;

use super::scan::{Broken, Tag, scan};
use crate::source::{At, Bundle, Where};

/// A template with its place.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    /// The template.
    pub(crate) text: &'a str,
    /// Where it stands.
    pub(crate) at: Where,
    /// The tags as they stand in the file, from the beginning of `at`. YAML may fold and unescape
    /// what is between them, but it neither makes nor removes a tag, so the third tag of the
    /// template is the third tag of the file.
    written: Vec<Range<usize>>,
    raw: &'a str,
}

impl<'a> Source<'a> {
    /// A template written as a value of a YAML file.
    pub(crate) fn value(bundle: &'a Bundle, template: &'a At<String>) -> Self {
        // Only the value is looked at: a file has hundreds of them.
        let raw = bundle.bytes(&template.at.file).and_then(|bytes| bytes.get(template.at.start..template.at.end));
        let raw = raw.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
        Self { text: &template.value, at: template.at.clone(), written: ranges(raw), raw }
    }

    /// A template that is a file of its own.
    pub(crate) fn file(text: &'a str, at: Where) -> Self {
        Self { text, at, written: ranges(text), raw: text }
    }

    /// Where the bytes `range` of the template, which lie in the tag number `index`, stand.
    pub(crate) fn place(&self, index: usize, tag: &Tag<'_>, range: &Range<usize>) -> Where {
        let Some(written) = self.written.get(index) else { return self.at.clone() };
        if self.raw.get(written.clone()) == self.text.get(tag.start..tag.end) {
            let shift = |byte: usize| byte - tag.start + written.start;
            return self.at.part(shift(range.start), shift(range.end));
        }
        self.at.part(written.start, written.end)
    }

    /// Where bytes of the template stand that are in no tag; exact only for a file of its own.
    pub(crate) fn outside(&self, range: &Range<usize>) -> Where {
        if std::ptr::eq(self.raw, self.text) { self.at.part(range.start, range.end) } else { self.at.clone() }
    }

    /// Where the tag stands that `broken` speaks of. A value is read once more as the file has it.
    pub(crate) fn broken(&self, broken: &Broken) -> Where {
        match scan(self.raw) {
            Err(written) => self.at.part(written.range.start, written.range.end),
            Ok(_) => self.outside(&broken.range),
        }
    }
}

fn ranges(raw: &str) -> Vec<Range<usize>> {
    scan(raw).map(|tags| tags.iter().map(|tag| tag.start..tag.end).collect()).unwrap_or_default()
}
