//! # rule-forbidden
//!
//! A rule uses a part of the language that rules do without: `while` and `loop`, `try` and
//! `throw`, functions without a name or that call
//! themselves, text with `${…}` inside, signs that work on bits, names
//! that begin with two underscores, and statements outside of functions.
//!
//! **Why it matters.** A rule must end, must give the same result every time, and must be read
//! by people who do not program. What is left is enough: `let`, `if`, `switch`, `for … in`,
//! functions, and the standard functions of the manual.
//!
//! **Remedy.** Loops run over something: `for unit in answers.units { … }`. To stop without an
//! amount, call `refuse("why")`.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("rule-forbidden", "rule_forbidden.rs");

/// `what` is not a part of the rules' language.
pub fn diagnostic(what: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("{what} cannot be used in a rule"), "rules do without this")
        .maybe_help(remedy(what))
}

/// A function calls itself, directly or through others.
pub fn recursion(signature: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{signature}` calls itself"), "rules do without this")
        .help("loop over something: `for unit in answers.units { … }`")
}

fn remedy(what: &str) -> Option<String> {
    Some(match what.trim_matches('`') {
        "while" | "loop" | "do" | "until" => "loop over something: `for unit in answers.units { … }`".to_owned(),
        "throw" | "try" | "catch" | "exit" => "`refuse(\"why\")` stops the rule and shows the reason".to_owned(),
        "&" => "write `&&` for *and*".to_owned(),
        "^" | "**" => "write the product: `x * x`".to_owned(),
        "?." | "?[" => "write `??` for what holds without an answer: `answers.rebate ?? 0`".to_owned(),
        "a text with `${…}`" => "join texts with `+`: `\"from \" + text(x)`".to_owned(),
        _ => return None,
    })
}
