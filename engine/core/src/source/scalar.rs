//! Scalars: one kind of value each, read from its own text and never through another kind.

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::at::At;
use super::checks::{ambiguous_scalar, wrong_name, wrong_shape};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Node, NodeKind};
use super::shape::{Definitions, Shape};
use super::suggest;
use crate::base::date::parse_day;
use crate::base::money::parse_decimal;
use crate::base::{Day, Money, Name, Span};

/// A kind of scalar.
pub trait Scalar: Sized {
    /// With its article, for diagnostics: "a whole number".
    const WHAT: &'static str;
    /// One that would be accepted.
    const EXAMPLE: &'static str;
    /// Reads it; `quoted` if it stood in quotes.
    fn parse(text: &str, quoted: bool) -> Option<Self>;
    /// Its JSON Schema.
    fn schema() -> Json;
    /// What to say when it cannot be read.
    fn refuse(node: &Node) -> Diagnostic {
        wrong_shape::diagnostic(node, Self::WHAT, Self::EXAMPLE)
    }
}

impl<T: Scalar> Shape for At<T> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let NodeKind::Scalar { text, quoted } = &node.kind else {
            out.push(T::refuse(node));
            return None;
        };
        if let Some(value) = T::parse(text, *quoted) {
            return Some(Self::new(value, node.at.clone()));
        }
        // Without its quotes it would do: then these are what is wrong.
        if *quoted && T::parse(text, false).is_some() {
            let title = format!("\"{text}\" stands in quotes, and so is a text");
            out.push(wrong_shape::at_place(&node.at, title, T::WHAT, text));
            return None;
        }
        out.push(T::refuse(node));
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        T::schema()
    }
}

/// What other readers of YAML could take an unquoted text for.
pub fn other_reading(text: &str) -> Option<&'static str> {
    let number = |text: &str| {
        let body = text.trim_start_matches(['-', '+']);
        body.starts_with(|c: char| c.is_ascii_digit())
            && body.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | ':'))
            || body.starts_with("0x")
            || body.starts_with("0o")
            || (body.starts_with(|c: char| c.is_ascii_digit() || c == '.') && body.parse::<f64>().is_ok())
    };
    match text.to_ascii_lowercase().as_str() {
        "" | "~" | "null" => Some("nothing"),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" => Some("a truth value"),
        ".nan" | ".inf" | "-.inf" | "+.inf" => Some("a number"),
        _ if parse_day(text).is_some() => Some("a date"),
        _ if number(text) => Some("a number"),
        _ => None,
    }
}

/// Words: anything that no reader could take for something else, or anything in quotes.
impl Shape for At<String> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let NodeKind::Scalar { text, quoted } = &node.kind else {
            out.push(wrong_shape::diagnostic(node, "a text", "\"words\""));
            return None;
        };
        // The parser reads a value that is not there as `~`.
        let nothing = text.is_empty() || node.at.start == node.at.end;
        if !quoted && let Some(reading) = other_reading(text) {
            out.push(if nothing {
                wrong_shape::at_place(&node.head, "there is no value here", "a text", "\"words\"")
            } else {
                ambiguous_scalar::diagnostic(text, reading, &node.at)
            });
            return None;
        }
        Some(Self::new(text.trim_end().to_owned(), node.at.clone()))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl Shape for At<Name> {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let Some(text) = node.scalar() else {
            out.push(wrong_shape::diagnostic(node, "a name", "some_name"));
            return None;
        };
        if !Name::is_valid(text) {
            out.push(wrong_name::diagnostic(text, &node.at));
            return None;
        }
        Some(Self::new(Name::new(text), node.at.clone()))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$" })
    }
}

impl Scalar for bool {
    const WHAT: &'static str = "`true` or `false`";
    const EXAMPLE: &'static str = "true";
    fn parse(text: &str, quoted: bool) -> Option<Self> {
        match text {
            "true" if !quoted => Some(true),
            "false" if !quoted => Some(false),
            _ => None,
        }
    }
    fn schema() -> Json {
        json!({ "type": "boolean" })
    }
    fn refuse(node: &Node) -> Diagnostic {
        let example = node.scalar().and_then(suggest::truth).unwrap_or(Self::EXAMPLE);
        wrong_shape::diagnostic(node, Self::WHAT, example)
    }
}

impl Scalar for i64 {
    const WHAT: &'static str = "a whole number";
    const EXAMPLE: &'static str = "12";
    fn parse(text: &str, quoted: bool) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits == "0" || !digits.starts_with('0');
        (!quoted && plain && digits.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
        text.parse().ok()
    }
    fn schema() -> Json {
        json!({ "type": "integer" })
    }
}

fn plain_decimal(text: &str, quoted: bool) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if quoted || leading_zero { None } else { parse_decimal(text) }
}

impl Scalar for Decimal {
    const WHAT: &'static str = "a number";
    const EXAMPLE: &'static str = "12.5";
    fn parse(text: &str, quoted: bool) -> Option<Self> {
        plain_decimal(text, quoted)
    }
    fn schema() -> Json {
        json!({ "type": "number" })
    }
}

impl Scalar for Money {
    const WHAT: &'static str = "an amount of money";
    const EXAMPLE: &'static str = "1200 or 1200.50";
    fn parse(text: &str, quoted: bool) -> Option<Self> {
        plain_decimal(text, quoted)?;
        Self::parse(text)
    }
    fn schema() -> Json {
        json!({ "type": "number", "multipleOf": 0.01 })
    }
}

impl Scalar for Day {
    const WHAT: &'static str = "a day of the calendar";
    const EXAMPLE: &'static str = "2027-03-31";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        parse_day(text)
    }
    fn schema() -> Json {
        json!({ "type": "string", "format": "date" })
    }
}

impl Scalar for Span {
    const WHAT: &'static str = "a length of time";
    const EXAMPLE: &'static str = "15 working days";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        Self::parse(text)
    }
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[1-9][0-9]* (minutes?|hours?|(working )?days?|months?|years?)$" })
    }
}

/// A code of an option, a list, an account: letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code(pub String);

impl Code {
    /// Whether `text` is letters, digits and underscores, at most 64 of them.
    pub fn is_valid(text: &str) -> bool {
        !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    }
}

impl Scalar for Code {
    const WHAT: &'static str = "a code";
    const EXAMPLE: &'static str = "SHOP_BAKERY";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        Self::is_valid(text).then(|| Self(text.to_owned()))
    }
    fn schema() -> Json {
        json!({ "type": ["string", "integer"], "pattern": "^[A-Za-z0-9_]{1,64}$" })
    }
}

/// Declares a closed set of words that authors may write, with what each means.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($(#[doc = $doc])+ $variant,)+ }

        impl $name {
            /// The word as authors write it.
            #[allow(dead_code, reason = "some sets of words are only read, never written")]
            $vis fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl $name {
            /// What `word` stands for.
            #[allow(dead_code, reason = "most sets of words are read by the reader of definitions alone")]
            $vis fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::source::scalar::Scalar for $name {
            const WHAT: &'static str = "one of a few words";
            const EXAMPLE: &'static str = concat!($($word, " ",)+);
            fn parse(text: &str, _quoted: bool) -> Option<Self> {
                Self::of_word(text)
            }
            fn schema() -> serde_json::Value {
                serde_json::json!({ "oneOf": [$({ "const": $word, "description": concat!($($doc),+).trim() },)+] })
            }
            fn refuse(node: &$crate::source::Node) -> $crate::source::Diagnostic {
                $crate::source::scalar::refuse_word(node, &[$($word),+])
            }
        }
    };
}
pub use words;

/// What to say when a word is none of `words`.
pub fn refuse_word(node: &Node, words: &[&str]) -> Diagnostic {
    let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let Some(text) = node.scalar() else {
        return wrong_shape::diagnostic(node, "one of a few words", words.first().copied().unwrap_or(""));
    };
    let near = super::suggest(text, words.iter().copied()).map(|word| format!("did you mean `{word}`?"));
    wrong_shape::at_place(&node.at, format!("`{text}` is none of {all}"), "one of these words", words[0])
        .maybe_help(near)
}
