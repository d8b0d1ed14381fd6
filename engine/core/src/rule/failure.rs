//! From the interpreter's errors to plain words.

use rhai::{EvalAltResult, Position};

use super::{RuleFailed, standard};
use crate::base::limits::{RULE_CALLS, RULE_MILLIS, RULE_OPERATIONS};

/// What went wrong, and where in the text that was run.
pub(crate) fn plain(error: &EvalAltResult) -> (String, Position) {
    let (reason, inner) = innermost(error);
    (reason, inner)
}

/// The failure without its place moved; for rules that run as they were written.
pub(crate) fn failed(error: &EvalAltResult) -> RuleFailed {
    let (reason, position) = plain(error);
    RuleFailed { reason, line: position.line().unwrap_or(0), column: position.position().unwrap_or(0) }
}

fn innermost(error: &EvalAltResult) -> (String, Position) {
    if let EvalAltResult::ErrorInFunctionCall(_, _, inner, position) = error {
        let (reason, found) = innermost(inner);
        return (reason, if found.is_none() { *position } else { found });
    }
    (reason(error), error.position())
}

fn reason(error: &EvalAltResult) -> String {
    use EvalAltResult as E;
    match error {
        E::ErrorRuntime(reason, _) => reason.to_string(),
        E::ErrorArithmetic(what, _) if what.to_lowercase().contains("zero") => {
            "something is divided by zero".to_owned()
        }
        E::ErrorArithmetic(..) => "a number becomes too large to be computed exactly".to_owned(),
        E::ErrorTooManyOperations(_) => format!("the rule takes more than {RULE_OPERATIONS} operations"),
        E::ErrorTerminated(..) => format!("the rule takes longer than {RULE_MILLIS} ms"),
        E::ErrorStackOverflow(_) => format!("functions call each other more than {RULE_CALLS} deep"),
        E::ErrorDataTooLarge(..) => "a text, list or map becomes too large".to_owned(),
        E::ErrorTooManyVariables(_) => "the rule has too many variables".to_owned(),
        E::ErrorPropertyNotFound(name, _) => format!("`{name}` is not there"),
        E::ErrorIndexNotFound(name, _) => format!("`{name}` is not there"),
        E::ErrorDotExpr(what, _) | E::ErrorIndexingType(what, _) => format!("{} has no such part", kind_of(what)),
        E::ErrorVariableNotFound(name, _) => format!("nothing is called `{name}`"),
        E::ErrorArrayBounds(size, index, _) => format!("there is no item {index} among {size}"),
        E::ErrorFor(_) => "`for` needs a list".to_owned(),
        E::ErrorFunctionNotFound(signature, _) => not_found(signature),
        E::ErrorMismatchDataType(wanted, found, _) | E::ErrorMismatchOutputType(wanted, found, _) => {
            format!("{} is needed here, not {}", standard::type_word(wanted), standard::type_word(found))
        }
        other => other.to_string().to_lowercase(),
    }
}

/// The interpreter says that a type cannot be looked into in several ways; the type is in each.
fn kind_of(what: &str) -> &'static str {
    let word = what.split(['\'', ' ', '[']).find(|word| standard::type_word(word) != "something else");
    word.map_or("this", standard::type_word)
}

/// `* (i64, ())` becomes "`*` cannot be used with a number and nothing".
fn not_found(signature: &str) -> String {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let types = types.strip_suffix(')').unwrap_or(types);
    let words: Vec<&str> = types.split(", ").filter(|word| !word.is_empty()).map(standard::type_word).collect();
    match words.as_slice() {
        [] => format!("there is no function `{name}`"),
        words => format!("`{name}` cannot be used with {}", words.join(" and ")),
    }
}
