//! # round-off-head
//!
//! The total of a bill is rounded, and no head takes the difference; or a head is named for it
//! and `round` is not said, so that every head is rounded by itself; or the head is not one of `heads`.
//!
//! **Why it matters.** The heads would no longer add up to the bill, and the voucher could not
//! balance. Where the rules round, a rebate that goes would leave behind what rounded the sum with it.
//!
//! **Remedy.** With `round: total` name a head, `round_off: round_off`, list it under `heads`
//! and give it an account in `postings.yaml`. With `round: each_head` name it if the rules themselves
//! round the bill and give the difference to it; otherwise leave `round_off` out.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("round-off-head", "round_off_head.rs");

/// The total is rounded and the difference has no head.
pub fn missing(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        "the total is rounded, and no head takes the difference",
        "the heads would not add up to the bill",
    )
    .help("add `round_off: round_off`, and `round_off` to `heads`")
}

/// A head is named for a difference, and nothing says who finds it.
pub fn needless(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "each head is rounded, so there is no difference", "this head would always be empty")
        .help("write `round: total`, or `round: each_head` if the rules round and give it the difference")
}

/// The head named is none of the heads.
pub fn unknown(at: &Where, name: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{name}` is none of the heads"), "the difference would be printed nowhere")
        .help(format!("add `{name}: Rounding off` to `heads`"))
}
