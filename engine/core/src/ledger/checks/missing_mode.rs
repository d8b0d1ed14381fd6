//! # missing-mode
//!
//! A service charges, and `accounts.yaml` names no account for the mode `online` under `collection`.
//!
//! **Why it matters.** Money that comes through the gateway is never refused, so it needs an account
//! to arrive in. Without one it would be at the gateway and not in the books.
//!
//! **Remedy.** Add the mode to the chart of accounts:
//!
//! ```yaml
//! collection:
//!   cash: "4501001"
//!   online: "4502101"
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("missing-mode", "missing_mode.rs");

/// The chart behind the posting at `at` has no account for money of this mode.
pub fn diagnostic(mode: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("accounts.yaml names no account for the mode `{mode}`"),
        "money from the gateway would have nowhere to arrive",
    )
    .help(format!("add `{mode}:` with its account under `collection` of accounts.yaml"))
}
