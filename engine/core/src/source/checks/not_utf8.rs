//! # not-utf8
//!
//! The file holds bytes that are not UTF-8.
//!
//! **Why it matters.** Hindi and every other script would be guessed at.
//!
//! **Remedy.** Save the file as UTF-8 without a byte-order mark.

use std::sync::Arc;

use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("not-utf8", "not_utf8.rs");

/// The bytes of `file` are UTF-8 only up to `valid`.
pub fn diagnostic(file: &Arc<str>, bytes: &[u8], valid: usize) -> Diagnostic {
    let line = bytes[..valid].split(|byte| *byte == b'\n').count();
    let at = Where { file: Arc::clone(file), start: valid, end: valid + 1 };
    Diagnostic::error(MANUAL, &at, format!("line {line} is not UTF-8"), "this byte begins no character")
        .help("save the file as UTF-8")
}
