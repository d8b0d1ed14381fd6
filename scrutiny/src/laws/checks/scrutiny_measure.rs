//! # scrutiny-measure
//!
//! A measure has a key that its kind does not know, or lacks one that it needs; or its layer is no name.
//!
//! **Why it matters.** A key that nobody reads is a measure that is not taken as it was meant.
//!
//! **Remedy.** Write the keys of the kind: `layer` for what is drawn, `from` and `to` for distances, `value` for
//! what is computed. In a layer, `{block}` stands for a number.

use engine::source::{Diagnostic, Manual, Where};

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-measure", source: include_str!("scrutiny_measure.rs") };

/// `key` is missing where it is expected, or there where it is not.
pub fn key(at: &Where, is: &str, key: &str, expected: bool) -> Diagnostic {
    let title = if expected {
        format!("a measure that `is: {is}` needs `{key}`")
    } else {
        format!("a measure that `is: {is}` has no `{key}`")
    };
    Diagnostic::error(MANUAL, at, title, if expected { "what is measured is not said" } else { "nobody would read it" })
        .help(if expected { format!("add `{key}:`") } else { format!("remove `{key}:`") })
}

/// `text` cannot be the name of layers.
pub fn layer(at: &Where, text: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{text}` names no layers"), "no drawing can have such a layer")
        .help("for example `BLOCK_{block}_FLOOR_{floor}`: each word in braces once, with letters between two of them")
}

/// The layers of a measure of each member of a group do not say of which.
pub fn not_of_group(at: &Where, name: &str, layer: &str) -> Diagnostic {
    let title = format!("`{name}` is not measured on the layers of its group");
    Diagnostic::error(MANUAL, at, title, "it cannot be told which member this is of").help(format!(
        "the group has `{layer}`: use the same words in braces; of closed lines, distances are not measured"
    ))
}

/// A measure is called like an answer.
pub fn like_an_answer(at: &Where, name: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{name}` is an answer as well"), "rules could not tell the two apart")
        .help("give one of them another name")
}
