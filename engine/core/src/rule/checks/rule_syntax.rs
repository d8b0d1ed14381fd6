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
        other => place(&at, words(&other.to_string())).maybe_help(meant(error, text)),
    }
}

/// What was probably meant by the word at which reading stops.
fn meant(error: &ParseError, text: &RuleText) -> Option<String> {
    let rest = &text.text[text.offset(error.position())?..];
    let word = rest.split(|c: char| c.is_whitespace() || c == '(').next()?;
    let meant = match word {
        "=" => "to compare, write `==`",
        "and" | "AND" => "write `&&`",
        "or" | "OR" => "write `||`",
        "not" | "NOT" => "write `!` before what is not to hold",
        "then" => "put what follows between braces: `if a { b } else { c }`",
        _ => return None,
    };
    Some(meant.to_owned())
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
