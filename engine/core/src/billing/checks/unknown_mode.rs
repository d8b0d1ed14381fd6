//! # unknown-mode
//!
//! `modes` of billing.yaml names a mode of payment in which no money comes over a counter.
//!
//! **Why it matters.** Nobody could ever choose it, and what was meant would be refused.
//!
//! **Remedy.** Write `cash`, `cheque`, `dd`, `card` or `upi`. Money from the gateway is never refused and is
//! not named here.

use crate::base::Name;
use crate::billing::COUNTER;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-mode", "unknown_mode.rs");

/// In this mode no money comes over a counter.
pub fn diagnostic(mode: &At<Name>) -> Diagnostic {
    let title = format!("no money comes over a counter by `{}`", mode.value);
    Diagnostic::error(MANUAL, &mode.at, title, "nobody could ever choose it").maybe_help(help(&mode.value, COUNTER))
}
