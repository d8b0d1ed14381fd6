//! # unknown-function
//!
//! A rule calls a function that is neither in its file nor among the standard functions.
//!
//! **Why it matters.** The rule fails when it comes there. Rules can call nothing but what the
//! manual lists, so that they cannot look at a clock, a file or chance.
//!
//! **Remedy.** Correct the name, or write the function.

use crate::source::manual::manual;
use crate::source::suggest::{all, suggest};
use crate::source::{Diagnostic, Where};

manual!("unknown-function", "unknown_function.rs");

/// No function is called `name`.
pub fn diagnostic<'a>(name: &str, at: &Where, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let near = suggest(name, known.clone()).map(|near| format!("did you mean `{near}`?"));
    let help = elsewhere(name).or(near).unwrap_or_else(|| format!("rules may call {}", all(known)));
    Diagnostic::error(MANUAL, at, format!("no function is called `{name}`"), "the rule would fail here").help(help)
}

/// What functions of spreadsheets and other languages are called here.
fn elsewhere(name: &str) -> Option<String> {
    let meant = match name.to_ascii_lowercase().as_str() {
        "ceil" | "ceiling" | "roundup" => "round_up(x, 0)",
        "floor" | "trunc" | "int" | "rounddown" => "round_down(x, 0)",
        "round" => "round_half_up(x, 0)",
        "avg" | "mean" => "average(numbers)",
        "length" | "size" => "len(of)",
        "vlookup" | "xlookup" => "lookup(table, #{ key: value })",
        "datedif" | "days" => "days_between(start, end)",
        "now" | "date" => return Some("`today` is the day; `day(\"2026-04-01\")` is another".to_owned()),
        "string" | "str" | "to_string" => "text(of)",
        _ => return None,
    };
    Some(format!("write `{meant}`"))
}
