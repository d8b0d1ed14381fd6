//! # scrutiny-expression
//!
//! What a rule compares cannot be read, or compares what cannot be compared.
//!
//! **Why it matters.** Nothing is guessed: a rule that cannot be computed would leave every drawing unclear.
//!
//! **Remedy.** Write numbers, names, `+ - * /`, comparisons, `&&`, `||`, `!`, `in ["A", "B"]`, `figure(name)`,
//! `table(name).column`, `min`, `max`, `round`, `round_up` and `round_down`. What is measured of each member of a
//! group stands in rules of `each` of that group, or is first made one value by `is: total`.

use engine::source::{Diagnostic, Manual, Where};

use crate::expression::Slip;

/// The check's code and manual.
pub const MANUAL: Manual = Manual { code: "scrutiny-expression", source: include_str!("scrutiny_expression.rs") };

/// `text` cannot be read.
pub fn slip(at: &Where, text: &str, slip: &Slip) -> Diagnostic {
    let rest: String = text.get(slip.at..).unwrap_or_default().chars().take(24).collect();
    let place = if rest.is_empty() { "at its end".to_owned() } else { format!("at `{rest}`") };
    Diagnostic::error(MANUAL, at, "this expression cannot be read", format!("{place}: {}", slip.what))
}

/// It gives what does not fit.
pub fn kind(at: &Where, what: String) -> Diagnostic {
    Diagnostic::error(MANUAL, at, what, "these do not fit each other")
}

/// `name` is measured of each member of `group`, and this is not about one of them.
pub fn of_each(at: &Where, name: &str, group: &str) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{name}` has a value for each `{group}`, and this is about none of them"),
        "which of the values is meant is not said",
    )
    .help(format!("say `each: {group}` in the rule (`per: {group}` in a measure), or make one value with `is: total`"))
}

/// `by` stands where it means nothing, or not where it is needed.
pub fn by(at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        "`by` belongs to `is: within`, and to nothing else",
        "how far it may differ is not clear",
    )
    .help("for example `is: within` with `by: 2`")
}
