//! # grant-key-idle
//!
//! A grant has a key that does nothing in its `mode`: a number for a record that has one, a group of
//! `parts` where nothing is split, answers to `set` where a record is only suspended.
//!
//! **Why it matters.** Somebody wrote it and believes that it is heeded.
//!
//! **Remedy.** Remove the key, or correct `mode`. Number and validity of a record stay when it is
//! amended, transferred or merged.

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("grant-key-idle", "grant_key_idle.rs");

/// The grant called `name` has a key that its mode does not read.
pub fn diagnostic(name: &str, at: &Where, key: &str, mode: &str) -> Diagnostic {
    let title = format!("grant `{name}` has `{key}`, which `mode: {mode}` does not read");
    Diagnostic::error(MANUAL, at, title, "nothing would come of it").help(format!("remove `{key}`, or correct `mode`"))
}
