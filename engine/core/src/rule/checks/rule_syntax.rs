//! # rule-syntax
//!
//! A rule cannot be read: a bracket that is not closed, a missing `;`, a word where an operator
//! should be, a text in single quotes.
//!
//! **Why it matters.** Nothing of the file can be checked or run.
//!
//! **Remedy.** Mend what stands at the place, or just before it. Texts stand in double quotes;
//! statements end with `;`; a map is written `#{ name: value }`.

use rhai::{ParseError, ParseErrorType};

use super::rule_forbidden;
use crate::rule::place::RuleText;
use crate::rule::sandbox;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rule-syntax", "rule_syntax.rs");

/// What the reader of rules says.
pub(crate) fn diagnostic(error: &ParseError, text: &RuleText) -> Diagnostic {
    let at = text.word(error.position());
    match error.err_type() {
        ParseErrorType::Reserved(word) => rule_forbidden::diagnostic(&format!("`{word}`"), &at),
        ParseErrorType::UnknownOperator(word) | ParseErrorType::BadInput(rhai::LexError::ImproperSymbol(word, _))
            if sandbox::FORBIDDEN.contains(&word.as_str()) =>
        {
            rule_forbidden::diagnostic(&format!("`{word}`"), &at)
        }
        ParseErrorType::BadInput(rhai::LexError::MalformedChar(_)) => {
            place(&at, "a text stands in single quotes").help("write it in double quotes: \"shop\"")
        }
        ParseErrorType::UnexpectedEOF => {
            let end = text.text.trim_end().len();
            let last = text.text[..end].chars().next_back().map_or(0, char::len_utf8);
            place(&text.bytes(end - last, end), "the rule ends before it is complete")
                .help("close every bracket and brace")
        }
        ParseErrorType::ExprTooDeep => too_deep(&at),
        ParseErrorType::MissingToken(token, _) if matches!(token.as_str(), ")" | "]" | "}") => {
            place(&at, format!("a `{token}` is missing")).help("close every bracket and brace")
        }
        other => match (meant(error, text), other) {
            (Some((word, help)), ParseErrorType::MissingToken(..)) => {
                place(&at, format!("unexpected `{word}`")).help(help)
            }
            (None, ParseErrorType::MissingToken(token, _)) if token == ";" => not_ended(error, text),
            (meant, _) => place(&at, words(&other.to_string())).maybe_help(meant.map(|(_, help)| help.to_owned())),
        },
    }
}

/// The last sign of a rule before the byte `end`, remarks and blanks left out.
fn last_before(rule: &str, end: usize) -> Option<(usize, usize)> {
    let mut head = rule.get(..end)?.trim_end();
    loop {
        let line = head.rfind('\n').map_or(0, |end| end + 1);
        let remark = head[line..].match_indices("//").map(|(at, _)| line + at);
        // Within a text, after an odd number of quotes, it is no remark.
        let mut remark = remark.filter(|at| head[line..*at].matches('"').count().is_multiple_of(2));
        match remark.next() {
            Some(at) => head = head[..at].trim_end(),
            None => break,
        }
    }
    head.char_indices().next_back().map(|(start, sign)| (start, start + sign.len_utf8()))
}

/// A statement goes on in the next one: the place is after it, not there.
fn not_ended(error: &ParseError, text: &RuleText) -> Diagnostic {
    let at = text.offset(error.position()).and_then(|offset| last_before(&text.text, offset));
    let at = at.map_or_else(|| text.word(error.position()), |(start, end)| text.bytes(start, end));
    Diagnostic::error(MANUAL, &at, "a `;` is missing", "the statement ends here").help("write `;` after it")
}

/// The word at which reading stops, and what was probably meant by it.
fn meant(error: &ParseError, text: &RuleText) -> Option<(&'static str, &'static str)> {
    const MEANT: [(&str, &str); 9] = [
        ("=>", "to ask whether it is as much or more, write `>=`"),
        ("=<", "to ask whether it is as much or less, write `<=`"),
        ("and", "write `&&`"),
        ("AND", "write `&&`"),
        ("or", "write `||`"),
        ("OR", "write `||`"),
        ("not", "write `!` before what is not to hold"),
        ("NOT", "write `!` before what is not to hold"),
        ("then", "put what follows between braces: `if a { b } else { c }`"),
    ];
    let rest = &text.text[text.offset(error.position())?..];
    let word = rest.split(|c: char| c.is_whitespace() || c == '(').next()?;
    let known =
        |(sign, _): &&(&'static str, &'static str)| word == *sign || (sign.starts_with('=') && word.starts_with(sign));
    let found = MEANT.iter().find(known).copied();
    found.or_else(|| (word == "=").then_some(("=", "to compare, write `==`")))
}

/// Something is nested too deeply to be run on the stack that a request has.
pub(crate) fn too_deep(at: &Where) -> Diagnostic {
    place(at, "this is nested too deeply").help("give its parts names with `let`")
}

fn place(at: &Where, title: impl Into<String>) -> Diagnostic {
    Diagnostic::error(MANUAL, at, title, "reading stops here")
}

fn words(text: &str) -> String {
    let text = text.replace('\'', "`").replace("Expecting", "expecting");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sign_before_a_place_is_none_of_a_remark() {
        let sign = |rule: &str| last_before(rule, rule.len()).map(|(start, end)| rule[start..end].to_owned());
        assert_eq!(sign("let a = f(1)  // of (b)\n\n    // c\n  "), Some(")".to_owned()));
        assert_eq!(sign("let a = \"x//y\" "), Some("\"".to_owned()));
        assert_eq!(sign("let a = क  "), Some("क".to_owned()));
        assert_eq!(sign("  // a"), None);
    }
}
