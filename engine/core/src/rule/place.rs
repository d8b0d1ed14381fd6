//! Where in a file a position of a rule is.

use std::sync::Arc;

use rhai::Position;

use crate::source::{At, Where};

/// The text of a rule, and where it stands in its file.
#[derive(Clone, Debug)]
pub(crate) struct RuleText {
    /// The rule.
    pub(crate) text: Arc<str>,
    whole: Where,
    /// The byte of the file at which the text begins; `None` if the file spells it differently.
    first: Option<usize>,
    lines: Vec<usize>,
}

impl RuleText {
    /// A file of rules.
    pub(crate) fn file(path: &Arc<str>, text: &str) -> Self {
        let whole = Where { file: Arc::clone(path), start: 0, end: text.len() };
        Self { text: Arc::from(text), whole, first: Some(0), lines: line_starts(text) }
    }

    /// A rule that is a value in a YAML file. A value with escapes or over several lines is
    /// pointed at as a whole.
    pub(crate) fn scalar(source: &At<String>) -> Self {
        let text = source.value.as_str();
        let first = match source.at.end.saturating_sub(source.at.start) {
            _ if text.contains('\n') => None,
            written if written == text.len() => Some(source.at.start),
            written if written == text.len() + 2 => Some(source.at.start + 1),
            _ => None,
        };
        Self { text: Arc::from(text), whole: source.at.clone(), first, lines: line_starts(text) }
    }

    /// All of it.
    pub(crate) fn whole(&self) -> &Where {
        &self.whole
    }

    /// The byte of the text at `position`.
    pub(crate) fn offset(&self, position: Position) -> Option<usize> {
        let start = *self.lines.get(position.line()?.checked_sub(1)?)?;
        let column = position.position().unwrap_or(1).saturating_sub(1);
        let line = &self.text[start..];
        Some(start + line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte))
    }

    /// The line and column, both from one, of a byte of the text.
    pub(crate) fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let before = self.text.get(self.lines[line - 1]..offset).unwrap_or("");
        (line, before.chars().count() + 1)
    }

    /// The word, literal or sign at `position`.
    pub(crate) fn word(&self, position: Position) -> Where {
        match self.offset(position) {
            Some(start) => self.bytes(start, start + word_length(&self.text[start..])),
            None => self.whole.clone(),
        }
    }

    /// The words joined by points that begin at `position`: `answers.home.street`.
    pub(crate) fn path(&self, position: Position) -> Where {
        let Some(start) = self.offset(position) else { return self.whole.clone() };
        let rest = &self.text[start..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        if end == 0 { self.word(position) } else { self.bytes(start, start + end) }
    }

    /// The bytes of the text from `start` to `end`.
    pub(crate) fn bytes(&self, start: usize, end: usize) -> Where {
        match self.first {
            Some(first) => Where { file: Arc::clone(&self.whole.file), start: first + start, end: first + end },
            None => self.whole.clone(),
        }
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(byte, _)| byte + 1)).collect()
}

/// Bytes of the word, number, quoted text or sign that `text` begins with; at least one character.
fn word_length(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    let run = |keep: fn(char) -> bool| text.find(|c| !keep(c)).unwrap_or(text.len());
    match first {
        '"' => text[1..].find(['"', '\n']).map_or(1, |end| end + 2),
        '0'..='9' => run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_'),
        c if c.is_alphanumeric() || c == '_' => run(|c| c.is_alphanumeric() || c == '_'),
        c if "+-*/%=<>!&|".contains(c) => run(|c| "+-*/%=<>!&|".contains(c)),
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bytes_of_the_file() {
        let file: Arc<str> = Arc::from("form.yaml");
        let plain = At::new("tenure == 1".to_owned(), Where { file: Arc::clone(&file), start: 40, end: 51 });
        assert_eq!(RuleText::scalar(&plain).word(Position::new(1, 8)), plain.at.part(7, 9));
        let quoted = At::new("tenure".to_owned(), Where { file: Arc::clone(&file), start: 40, end: 48 });
        assert_eq!(RuleText::scalar(&quoted).word(Position::new(1, 1)), quoted.at.part(1, 7));
        let escaped = At::new("a\tb".to_owned(), Where { file, start: 40, end: 46 });
        assert_eq!(RuleText::scalar(&escaped).word(Position::new(1, 3)), escaped.at);
    }

    #[test]
    fn columns_count_characters_and_bytes_follow() {
        let text = RuleText::file(&Arc::from("fees.rhai"), "// शुल्क\nlet é = fee;");
        assert_eq!(&text.text[text.offset(Position::new(2, 9)).unwrap()..], "fee;");
        assert_eq!(text.line_column(text.offset(Position::new(2, 9)).unwrap()), (2, 9));
    }
}
