//! # table-gap
//!
//! No row of a table fits some input that can occur. The smallest such input is shown.
//!
//! **Why it matters.** For that input there would be no rate, and the rule would fail.
//!
//! **Remedy.** Add a row, or widen one. A key that a row leaves out matches any value. If numbers
//! beyond some limit cannot occur, give the question a `min` and a `max`: a table that is looked up
//! by an answer has to cover what the form accepts, and no more. For a number that the rule computes,
//! say what occurs with `over`:
//!
//! ```yaml
//! trade_fee:
//!   keys: { workers: from <= x < to }
//!   over: { workers: 0 to 500 }
//! ```

use crate::fees::runtime::input_words;
use crate::fees::table::{Input, Table};
use crate::rule::domain::Range;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Where};

manual!("table-gap", "table_gap.rs");

/// No row of `table` fits `input`.
pub(crate) fn diagnostic(table: &Table, input: &[Input]) -> Diagnostic {
    let words = input_words(table, input);
    let numbers = input.iter().any(|value| matches!(value, Input::Number(_)));
    Diagnostic::error(
        MANUAL,
        &table.at,
        format!("`{}` has no row for {words}", table.name),
        "for this there would be no rate",
    )
    .help(if numbers { "add a row for it, or say with `over` which numbers occur" } else { "add a row for it" })
}

/// The same, of a table that is looked up by an answer for which the form accepts `range`.
pub(crate) fn looked_up(gap: Diagnostic, answer: &str, range: &Range, at: &Where) -> Diagnostic {
    gap.other(at, format!("looked up by `{answer}`, for which the form accepts {}", range.words()))
        .help(format!("add a row for it, or limit `{answer}` in form.yaml with `min` and `max`"))
}
