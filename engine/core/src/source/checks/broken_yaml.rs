//! # broken-yaml
//!
//! The file is not YAML: a bracket is open, a quote is missing, a text with a colon stands without
//! quotes, lines are indented unevenly or with tabs, or the file holds nothing at all.
//!
//! **Why it matters.** Nothing in the file can be read.
//!
//! **Remedy.** Mend the place that is pointed at; the mistake is there or just before it. Indent
//! with spaces, two for each level. A text needs quotes if there is a colon and a space in it, or if
//! it begins with a sign that means something to YAML:
//!
//! ```yaml
//! hint: "Note: only for shops"
//! sms: "{{number}} is with us"
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("broken-yaml", "broken_yaml.rs");

/// The parser gave up at `at`, a place in `text`.
pub fn diagnostic(at: &Where, message: &str, text: &str) -> Diagnostic {
    let error =
        |at: &Where, label: &str| Diagnostic::error(MANUAL, at, "this file is not valid YAML", label.to_owned());
    if let Some((start, sign)) = unseen_near(text, at.start) {
        let place = Where { start, end: start + sign.len_utf8(), ..at.clone() };
        return error(&place, "to YAML this is no space").help(instead(sign));
    }
    if let Some(needs) = Unquoted::before(text, at.start) {
        let value = Where { start: needs.start, end: needs.end, ..at.clone() };
        return error(&value, needs.why).help(format!("write it in quotes: {}", quoted(&text[needs.start..needs.end])));
    }
    if let Some((opener, sign)) = opener(text, at.start) {
        let open = Where { start: opener, end: opener + 1, ..at.clone() };
        let label = format!("this `{sign}` is not closed, or something inside is not separated by a comma");
        return error(&open, &label).other(at, "here nothing of the kind can follow").help(closing(sign));
    }
    if message.contains("mapping values are not allowed") {
        return error(at, "there can be no key here: the line before it has its value, or is indented otherwise")
            .help("keys of one map begin in the same column; of an item of a list, below the first key after `- `");
    }
    let message =
        [" at byte", " at line", " at char"].iter().fold(message, |text, cut| text.split(cut).next().unwrap_or(text));
    error(at, &message.trim().to_lowercase())
        .help("the mistake is here or just before: look for an open bracket or quote, or an uneven indent")
}

/// A sign that looks like a space, or like nothing, directly after a colon: YAML reads no key there.
pub(super) fn unseen(text: &str) -> Option<(usize, char)> {
    let looks_empty =
        |sign: char| sign.is_whitespace() || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let after = |(colon, _): (usize, &str)| Some((colon + 1, text[colon + 1..].chars().next()?));
    text.match_indices(':').filter_map(after).find(|(_, sign)| !sign.is_ascii() && looks_empty(*sign))
}

/// The same on the line of the byte `at`, or on the line before.
fn unseen_near(text: &str, at: usize) -> Option<(usize, char)> {
    let before = text.get(..at)?;
    let this = before.rfind('\n').map_or(0, |end| end + 1);
    let last = before[..this.saturating_sub(1)].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    unseen(&text[last..end]).map(|(start, sign)| (last + start, sign))
}

/// What to write for such a sign.
pub(super) fn instead(sign: char) -> String {
    format!(
        "the sign after the colon is not a space, though it looks like one (U+{:04X}): type a space",
        u32::from(sign)
    )
}

/// A text begins with `{{` and has no quotes.
pub fn braces(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "this file is not valid YAML", "a text that begins with a brace needs quotes")
        .help("write it in quotes: `\"{{number}} is with us\"`")
}

/// A line is indented with a tab.
pub fn tab(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "a line is indented with a tab", "YAML allows only spaces here")
        .help("indent with two spaces for each level")
}

/// There is nothing in the file.
pub fn empty(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "this file is empty", "there is nothing to read")
        .help("write its content, or remove the file if the service does not need it")
}

/// A text that cannot stand without quotes.
struct Unquoted {
    start: usize,
    end: usize,
    why: &'static str,
}

impl Unquoted {
    /// The text on the line of the byte `at` that should be quoted, or on the line before if nothing
    /// but blanks stand before `at`.
    fn before(text: &str, at: usize) -> Option<Self> {
        let line_start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let line_end = text[line_start..].find('\n').map_or(text.len(), |end| line_start + end);
        let here = Self::on_line(text, line_start, line_end);
        here.or_else(|| {
            let before = text.get(..line_start.checked_sub(1)?)?;
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            Self::on_line(text, start, line_start - 1)
        })
    }

    /// The value of `key: value` that needs quotes. In a flow map each pair is looked at.
    fn on_line(text: &str, start: usize, end: usize) -> Option<Self> {
        let line = text.get(start..end)?;
        let code = line.find(" #").map_or(line, |remark| &line[..remark]);
        let body = code.trim_start().trim_start_matches("- ");
        let first = start + (code.len() - body.len());
        if body.starts_with('#') {
            return None;
        }
        if let Some(flow) = body.find('{').filter(|brace| !body[*brace..].starts_with("{{")) {
            return pairs(&body[flow..])
                .find_map(|(from, to)| Self::value(text, first + flow + from, first + flow + to));
        }
        Self::value(text, first, first + body.len())
    }

    /// The value of the pair `text[start..end]`, if it needs quotes and has none.
    fn value(text: &str, start: usize, end: usize) -> Option<Self> {
        let pair = text.get(start..end)?;
        let value = pair.find(": ").map(|colon| colon + 2)?;
        let trimmed = pair[value..].trim();
        let from = start + value + (pair[value..].len() - pair[value..].trim_start().len());
        let found = |why| Some(Self { start: from, end: from + trimmed.len(), why });
        match trimmed.chars().next()? {
            '{' if trimmed.starts_with("{{") => found("a text that begins with a brace needs quotes"),
            '"' | '\'' | '[' | '{' | '|' | '>' => None,
            '@' | '`' | '%' => found("a text that begins with this sign needs quotes"),
            _ if trimmed.contains(": ") || trimmed.ends_with(':') => found("a text with a colon in it needs quotes"),
            _ => None,
        }
    }
}

/// The parts of a flow map between its braces and commas, as bytes.
fn pairs(flow: &str) -> impl Iterator<Item = (usize, usize)> {
    let (mut quote, mut depth, mut from, mut found) = (None, 0_usize, 0, Vec::new());
    for (byte, letter) in flow.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"') => quote = Some(letter),
            (None, '{' | '[') => {
                depth += 1;
                from = byte + 1;
            }
            (None, ',' | '}' | ']') => {
                found.push((from, byte));
                from = byte + 1;
                depth = depth.saturating_sub(usize::from(letter != ','));
            }
            _ => {}
        }
    }
    if depth > 0 {
        found.push((from, flow.len()));
    }
    found.into_iter()
}

/// The last bracket or quote before the byte `at` that is still open there.
fn opener(text: &str, at: usize) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<(usize, char)> = None;
    let mut previous = '\n';
    let mut remark = false;
    for (byte, letter) in text.get(..at)?.char_indices() {
        match (quote, letter) {
            _ if remark => remark = letter != '\n',
            (Some((_, sign)), _) if sign == letter && previous != '\\' => quote = None,
            (None, '#') if previous.is_whitespace() => remark = true,
            (None, '"' | '\'') if previous.is_whitespace() || "{[,".contains(previous) => quote = Some((byte, letter)),
            (None, '{' | '[') => open.push((byte, letter)),
            (None, '}' | ']') => drop(open.pop()),
            _ => {}
        }
        previous = letter;
    }
    quote.or(open.pop())
}

fn closing(sign: char) -> String {
    match sign {
        '{' => "close it with `}`, and put a comma between its keys: `{ label: Name, type: text }`".to_owned(),
        '[' => "close it with `]`, and put a comma between its items: `[one, two]`".to_owned(),
        _ => format!("close it with `{sign}` on the same line"),
    }
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_look_like_spaces_are_found_after_colons() {
        assert_eq!(unseen("hint:\u{a0}At most"), Some((5, '\u{a0}')));
        assert_eq!(unseen_near("a: 1\nhint:\u{200b}At\ntype: text\n", 14), Some((10, '\u{200b}')));
        for plain in ["hint: At most", "hint:", "a: b\u{a0}c", "कारण: क"] {
            assert_eq!(unseen(plain), None, "{plain}");
        }
    }
}
