//! # too-large
//!
//! A file is larger, longer or more deeply nested than any definition needs to be.
//!
//! **Why it matters.** Everything has a limit, so that a hostile or broken file costs no more
//! than a large honest one.
//!
//! **Remedy.** Split the file, or move long tables into a list. The limits: 1 MiB a file,
//! 50,000 values in a YAML file, 32 levels of nesting, 20,000 rows in a list.

use crate::base::limits;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("too-large", "too_large.rs");

/// The file has too many bytes.
pub fn file(at: &Where, bytes: usize) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("this file has {bytes} bytes"), "it was not read")
        .help(format!("a file may have {} bytes", limits::FILE_BYTES))
}

/// The file has too many values.
pub fn nodes(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("this file has more than {} values", limits::YAML_NODES),
        "reading stopped here",
    )
    .help("split the file, or move the table into a list")
}

/// The file is nested too deeply.
pub fn depth(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("this is nested more than {} levels deep", limits::YAML_DEPTH),
        "reading stopped here",
    )
    .help("no definition needs so many levels: look for brackets that were not closed")
}

/// Something else has too many of its kind.
pub fn count(at: &Where, what: &str, most: usize) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("more than {most} {what}"), "reading stopped here")
        .help(format!("at most {most} {what} are allowed"))
}
