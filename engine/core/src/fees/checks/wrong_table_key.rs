//! # wrong-table-key
//!
//! A table is looked up by keys that it does not have, without keys that it has, or by values of
//! another kind.
//!
//! **Why it matters.** No row would be found, and the rule would fail.
//!
//! **Remedy.** Give exactly the keys of the table: `lookup(rates.trade_fee, #{ trade: unit.trade,
//! workers: answers.employees })`.

use crate::base::Name;
use crate::fees::table::Table;
use crate::rule::inspect::Kind;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Where};

manual!("wrong-table-key", "wrong_table_key.rs");

fn keys(table: &Table) -> Vec<&str> {
    table.keys.iter().map(|key| key.name.as_str()).collect()
}

/// The table has no key `name`.
pub(crate) fn unknown(name: &str, table: &Table, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{}` has no key `{name}`", table.name), "no row would be found")
        .maybe_help(help(name, keys(table)))
        .other(&table.at, "the table")
}

/// The key `name` is not given.
pub(crate) fn missing(function: &str, name: &Name, table: &Table, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("`{function}` needs the key `{name}` of `{}`", table.name),
        "no row would be found",
    )
    .help(format!("add `{name}: …` to the keys"))
    .other(&table.at, "the table")
}

/// The key is given something of another kind.
pub(crate) fn kind(name: &Name, table: &Table, found: &Kind, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("the key `{name}` of `{}` cannot be {}", table.name, found.word()),
        "no row would be found",
    )
    .other(&table.at, "the table")
}

/// The key is given a choice whose options are not those of the table.
pub(crate) fn other_codes(name: &Name, table: &Table, code: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("the key `{name}` of `{}` does not know the option `{code}`", table.name),
        "no row would be found",
    )
    .other(&table.at, "the table")
}

/// The key takes whole numbers, and the answer may have decimals.
pub(crate) fn fractions(name: &Name, table: &Table, answer: &str, at: &Where) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        at,
        format!("the key `{name}` of `{}` takes whole numbers, and `{answer}` may have decimals", table.name),
        "between two intervals no row would be found",
    )
    .help("write the intervals as `from <= x < to` or `from < x <= to`, or ask for a `number`")
    .other(&table.at, "the table")
}

/// What is looked up is no table.
pub(crate) fn not_a_table(function: &str, _: &Kind, at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{function}` needs a table of rates"), "the rule would fail here")
}
