//! # unused-function
//!
//! `fees.rhai` has a function that is never called.
//!
//! **Why it matters.** What it says never happens: whoever wrote `on_paymant` finds no late fee on any
//! bill. Names in it are not looked at either. It is a warning: it may be kept for what comes.
//!
//! **Remedy.** Call it, correct its name, or take it out. The engine itself calls `fees`, `on_payment`,
//! `amend` and `on_dishonour`.

use crate::source::manual::manual;
use crate::source::suggest::suggest;
use crate::source::{Diagnostic, Where};

manual!("unused-function", "unused_function.rs");

/// What the engine calls by itself.
const ENTRIES: [&str; 4] = ["fees", "on_payment", "amend", "on_dishonour"];

/// Nothing calls the function `name`.
pub fn diagnostic(name: &str, signature: &str, at: &Where) -> Diagnostic {
    let help = match suggest(name, ENTRIES) {
        Some(near) if near != name => format!("did you mean `{near}`?"),
        _ => "call it from `fees`, or take it out".to_owned(),
    };
    Diagnostic::warning(MANUAL, at, format!("nothing calls `{signature}`"), "what it says never happens").help(help)
}
