//! # unknown-account
//!
//! A posting names an account, a fund or a mode of payment that `accounts.yaml` does not have.
//!
//! **Why it matters.** The voucher would move money to where no report looks.
//!
//! **Remedy.** Correct the code, or add the account to the chart of accounts.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unknown-account", "unknown_account.rs");

/// No `what` is called `name`.
pub fn diagnostic<'a>(
    what: &str,
    name: &str,
    at: &Where,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let near = crate::source::suggest(name, known.clone());
    let remedy = near
        .map(|word| format!("did you mean `{word}`?"))
        .or_else(|| if known.clone().into_iter().count() > 12 { None } else { help(name, known) });
    Diagnostic::error(MANUAL, at, format!("accounts.yaml has no {what} `{name}`"), "money would be posted to nowhere")
        .maybe_help(remedy)
}
