//! # wrong-arity
//!
//! A function is called with more or fewer values than it takes.
//!
//! **Why it matters.** The rule fails when it comes there.
//!
//! **Remedy.** Call it as the help line shows.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("wrong-arity", "wrong_arity.rs");

/// `name` is called with `given` values; `signatures` show how it is called.
pub fn diagnostic(name: &str, given: usize, signatures: &[String], at: &Where) -> Diagnostic {
    let values = if given == 1 { "1 value".to_owned() } else { format!("{given} values") };
    let signatures: Vec<String> = signatures.iter().map(|signature| format!("`{signature}`")).collect();
    Diagnostic::error(MANUAL, at, format!("`{name}` is called with {values}"), "the rule would fail here")
        .help(format!("call {}", signatures.join(" or ")))
}
