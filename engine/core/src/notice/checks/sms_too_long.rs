//! # sms-too-long
//!
//! A short message does not fit. In GSM's own alphabet (Latin letters, digits and common signs) a
//! segment holds 160 characters and a message may have one segment; in every other script, and
//! with a single `₹` or `’`, a segment holds 70, and a message may have two, which hold 67 each.
//!
//! Counted is the longest the message can become: each variable fills its room (a number 24, a
//! link 48, a name 30, an amount 12, a day 10, an answer 30, a comment 40 …), and of the two
//! halves of a condition the longer counts. Longer values are cut when the message is made, so
//! the count is a promise.
//!
//! **Why it matters.** Every segment is paid for, and long messages arrive in pieces.
//!
//! **Remedy.** Say it shorter and leave the rest to the page behind `{{link}}`. In English write
//! `Rs` instead of `₹` and straight quotes.

use crate::notice::sms::Size;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("sms-too-long", "sms_too_long.rs");

/// The message at `at` may become as long as `size`.
pub(crate) fn diagnostic(at: &Where, size: Size) -> Diagnostic {
    let (title, fits) = if size.gsm {
        ("this short message may need more than one segment", 160)
    } else {
        ("this short message may need more than two segments", 134)
    };
    let label = format!("it may become {} characters long; {fits} fit", size.characters);
    Diagnostic::error(MANUAL, at, title, label).help("say it shorter, and leave the rest to the page behind `{{link}}`")
}
