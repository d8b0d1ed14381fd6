//! # unknown-key
//!
//! A key that means nothing here: mostly a slip of the pen, or a key at the wrong level.
//!
//! **Why it matters.** A key that nobody reads is a rule that nobody follows.
//!
//! **Remedy.** Correct the spelling, move it to where it belongs, or remove it.

use super::broken_yaml;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-key", "unknown_key.rs");

/// `key` is none of `known`.
pub fn diagnostic(key: &At<String>, known: &[&str]) -> Diagnostic {
    Diagnostic::error(MANUAL, &key.at, format!("`{}` means nothing here", key.value), "nobody would read this")
        .maybe_help(slip(key, known).map(str::to_owned).or(help(&key.value, known.iter().copied())))
        .maybe_help(broken_yaml::unseen(&key.value).map(|(_, sign)| broken_yaml::instead(sign)))
}

/// `key` stands among the entries of `inside`, and belongs beside it.
pub fn too_far_in(key: &At<String>, inside: &str) -> Diagnostic {
    let title = format!("`{}` is indented too far", key.value);
    Diagnostic::error(MANUAL, &key.at, title, format!("here it would be one of the `{inside}`"))
        .help(format!("`{}` belongs beside `{inside}`: begin it in the same column", key.value))
}

/// What was probably meant, where that is no other key.
fn slip(key: &str, known: &[&str]) -> Option<&'static str> {
    match key {
        "required" if known.contains(&"optional") => {
            Some("every question must be answered unless it says `optional: true`: leave this out")
        }
        _ if key.len() == 3 && key.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some("a comma begins another key: write numbers without commas between their digits, `1000`")
        }
        _ => None,
    }
}
