//! # unposted-head
//!
//! A head of `billing.yaml` has no account in `postings.yaml`, or `postings.yaml` names a head
//! that no bill has.
//!
//! **Why it matters.** The first charges people money that never reaches the books; the second
//! is mostly a misspelling of it.
//!
//! **Remedy.** Give every head an account: `heads: { license_fee: 1401102 }`.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("unposted-head", "unposted_head.rs");

/// The head at `at` has no account.
pub fn missing<'a>(head: &str, at: &Where, posted: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let near =
        crate::source::suggest(head, posted).map(|word| format!("postings.yaml has `{word}`: is it the same head?"));
    Diagnostic::error(
        MANUAL,
        at,
        format!("postings.yaml names no account for `{head}`"),
        "this money would never reach the books",
    )
    .help(format!("add `{head}:` with its account under `heads` of postings.yaml"))
    .maybe_help(near)
}

/// The account is for a head that does not exist.
pub fn needless<'a>(head: &str, at: &Where, heads: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("billing.yaml has no head `{head}`"), "nothing would ever be posted here")
        .maybe_help(help(head, heads))
}
