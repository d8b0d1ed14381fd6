//! # import-wrong
//!
//! A description of a table, `imports/NAME.yaml`, does not fit the service: it names a grant, a state, a
//! question or a head that is not there, a grant that makes no new records, a day that is none, two days of
//! one period that is billed once, or it says of an answer both where it stands and what it always is.
//!
//! **Why it matters.** The register of a town is taken over once, with what thousands of people owe. What
//! is misspelt here would be missing from every record.
//!
//! **Remedy.** Name what the definition has. Questions inside of groups are written with dots, without the
//! numbers of items: `units.part.usage`. Of a period of `opens:` write what is owed once. What is owed
//! from periods that are over needs `opening: { debit: …, credit: … }` in postings.yaml: the account of
//! what people owe, and that of balances brought forward.

use crate::base::Day;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Where, suggest};

manual!("import-wrong", "import_wrong.rs");

/// A name that the service does not have; `known` are those it has.
pub(crate) fn unknown<'a>(what: &str, name: &str, at: &Where, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let near = suggest(name, known).map(|word| format!("did you mean `{word}`?"));
    let title = format!("there is no {what} `{name}` in this service");
    Diagnostic::error(MANUAL, at, title, "nothing could be taken over by this").maybe_help(near)
}

/// The grant changes records instead of making them.
pub(crate) fn makes_none(grant: &str, at: &Where) -> Diagnostic {
    let title = format!("`{grant}` makes no new records");
    Diagnostic::error(MANUAL, at, title, "a table brings records that are not there yet")
        .help("name a grant with `mode: create`")
}

/// A question that a table cannot answer in one cell.
pub(crate) fn not_one_cell(path: &str, at: &Where, why: &str) -> Diagnostic {
    Diagnostic::error(MANUAL, at, format!("`{path}` cannot be answered by a cell"), why.to_owned())
}

/// Both a column and an answer of its own, or neither.
pub(crate) fn two_sources(path: &str, at: &Where) -> Diagnostic {
    let title = format!("it is not clear where the answer to `{path}` comes from");
    Diagnostic::error(MANUAL, at, title, "exactly one of `column` and `always` is needed")
        .help("write `column: Heading`, or `always: answer`")
}

/// No day.
pub(crate) fn no_day(written: &At<String>) -> Diagnostic {
    let title = format!("`{}` is no day", written.value);
    Diagnostic::error(MANUAL, &written.at, title, "the period could not be told").help("write it as `2024-04-01`")
}

/// Two days of one period.
pub(crate) fn period_twice(day: Day, other: Day, at: &Where) -> Diagnostic {
    let title = format!("`{day}` is of the same period as `{other}`");
    Diagnostic::error(MANUAL, at, title, "a period is billed once, so every row that owes both would be refused")
        .help("write what is owed of a period once, with all its heads")
}

/// Something is owed, and there is nowhere to book it.
pub(crate) fn nowhere_to_book(at: &Where) -> Diagnostic {
    Diagnostic::error(MANUAL, at, "what is owed could not be booked", "postings.yaml has no `opening`")
        .help("add `opening: { debit: …, credit: … }` to postings.yaml: what people owe, and balances brought forward")
}
