//! # unknown-helper
//!
//! A template calls a helper or a block that does not exist, or a message uses one that only
//! papers have.
//!
//! **Why it matters.** Nothing would be printed.
//!
//! **Remedy.** Papers have `date`, `money`, `words`, `label`, `address`, `qr` and `t`, and the
//! blocks `if`, `unless` and `each`. Messages have the blocks `if` and `unless` only: there every
//! variable is words already.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};
use crate::template::check::HELPERS;

manual!("unknown-helper", "unknown_helper.rs");

/// No helper is called `name`, or messages have none.
pub fn diagnostic(at: &Where, name: &str, paper: bool) -> Diagnostic {
    let known = HELPERS.iter().any(|(helper, ..)| *helper == name);
    if !paper && known {
        return Diagnostic::error(
            MANUAL,
            at,
            format!("`{name}` is only for papers"),
            "in a message every variable is words already",
        )
        .help("leave the helper out");
    }
    Diagnostic::error(MANUAL, at, format!("no helper is called `{name}`"), "nothing would be printed").maybe_help(
        if paper {
            help(name, HELPERS.iter().map(|(helper, ..)| *helper))
        } else {
            Some("leave it out: messages have no helpers".to_owned())
        },
    )
}

/// No block is called `name`.
pub fn block(at: &Where, name: &str, paper: bool) -> Diagnostic {
    let known: &[&str] = if paper { &["if", "unless", "each"] } else { &["if", "unless"] };
    Diagnostic::error(MANUAL, at, format!("no block is called `{name}` here"), "what is inside would never be printed")
        .maybe_help(help(name, known.iter().copied()))
}
