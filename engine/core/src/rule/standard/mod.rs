//! The standard functions: everything that a rule may call. Each is exact, and each either gives
//! a result or fails with a reason; none looks at anything but its arguments and what the
//! evaluation was told.

mod compare;
mod days;
mod items;
mod lists;
mod numbers;

use rhai::{Dynamic, Engine};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::run::{Fallible, fail};
use crate::base::Day;

/// A function that rules may call.
#[derive(Clone, Copy, Debug)]
pub struct Standard {
    /// Its name.
    pub name: &'static str,
    /// Its arguments: word and kind.
    pub takes: &'static [(&'static str, Takes)],
    /// What it gives.
    pub gives: Gives,
    /// What it does, in a sentence.
    pub sentence: &'static str,
}

/// Kinds of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A number.
    Number,
    /// A day.
    Day,
    /// A text or code.
    Text,
    /// An array of numbers.
    Numbers,
    /// An array.
    Array,
    /// What has items or characters: an array, a group, a text, a file.
    Countable,
    /// A map of the keys of a table.
    Keys,
    /// A table of rates.
    Table,
    /// Anything.
    Any,
}

/// Kinds of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A number.
    Number,
    /// A day.
    Day,
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// An array of texts.
    Texts,
    /// An array of what each item holds under the name.
    Plucked,
    /// A row of the table: a map of its columns.
    Row,
    /// An array of which nothing more is known.
    Items,
    /// Nothing.
    Nothing,
    /// It never gives anything.
    Never,
}

impl Standard {
    /// As authors call it: `percent(amount, rate)`.
    pub fn signature(&self) -> String {
        let takes: Vec<&str> = self.takes.iter().map(|(word, _)| *word).collect();
        format!("{}({})", self.name, takes.join(", "))
    }
}

const fn function(
    name: &'static str,
    takes: &'static [(&'static str, Takes)],
    gives: Gives,
    sentence: &'static str,
) -> Standard {
    Standard { name, takes, gives, sentence }
}

/// Every function that a rule may call, in the order of the manual. Functions on tables of rates
/// are in `fees::TABLE_FUNCTIONS`.
pub const STANDARD: &[Standard] = &[
    function(
        "percent",
        &[("amount", Takes::Number), ("rate", Takes::Number)],
        Gives::Number,
        "`rate` per cent of `amount`, exactly.",
    ),
    function(
        "at_least",
        &[("x", Takes::Number), ("least", Takes::Number)],
        Gives::Number,
        "`x`, or `least` if that is more.",
    ),
    function(
        "at_most",
        &[("x", Takes::Number), ("most", Takes::Number)],
        Gives::Number,
        "`x`, or `most` if that is less.",
    ),
    function("abs", &[("x", Takes::Number)], Gives::Number, "`x` without its sign."),
    function(
        "round_half_up",
        &[("x", Takes::Number), ("places", Takes::Number)],
        Gives::Number,
        "`x` with `places` decimals, the nearest; a half goes away from zero.",
    ),
    function(
        "round_up",
        &[("x", Takes::Number), ("places", Takes::Number)],
        Gives::Number,
        "`x` with `places` decimals, towards plus infinity.",
    ),
    function(
        "round_down",
        &[("x", Takes::Number), ("places", Takes::Number)],
        Gives::Number,
        "`x` with `places` decimals, towards minus infinity.",
    ),
    function("sum", &[("numbers", Takes::Numbers)], Gives::Number, "All the numbers together; 0 if there are none."),
    function(
        "average",
        &[("numbers", Takes::Numbers)],
        Gives::Number,
        "The sum divided by the count; fails if there are none.",
    ),
    function("max", &[("numbers", Takes::Numbers)], Gives::Number, "The largest; fails if there are none."),
    function("max", &[("x", Takes::Number), ("y", Takes::Number)], Gives::Number, "The larger."),
    function("min", &[("numbers", Takes::Numbers)], Gives::Number, "The smallest; fails if there are none."),
    function("min", &[("x", Takes::Number), ("y", Takes::Number)], Gives::Number, "The smaller."),
    function("count", &[("array", Takes::Array)], Gives::Number, "How many items."),
    function("len", &[("of", Takes::Countable)], Gives::Number, "How many items, or how many characters of a text."),
    function(
        "is_empty",
        &[("of", Takes::Countable)],
        Gives::Flag,
        "Whether there are no items or characters, or no answer; of numbers and days ask `x == ()`.",
    ),
    function(
        "contains",
        &[("array", Takes::Any), ("item", Takes::Any)],
        Gives::Flag,
        "Whether the item is in the array; also written `item in array`.",
    ),
    function(
        "pluck",
        &[("array", Takes::Array), ("name", Takes::Text)],
        Gives::Plucked,
        "What each item holds under `name`.",
    ),
    function(
        "or_else",
        &[("array", Takes::Array), ("other", Takes::Any)],
        Gives::Items,
        "The items, `other` in the place of those that are not there; of an array of as many items, the one at the same place.",
    ),
    function(
        "gather",
        &[("of", Takes::Any), ("name", Takes::Text)],
        Gives::Items,
        "Everything that stands under `name` in groups and lists, however deep; what is not there is left out.",
    ),
    function(
        "push",
        &[("array", Takes::Array), ("item", Takes::Any)],
        Gives::Nothing,
        "Adds an item at the end; also written `array.push(item)`.",
    ),
    function("day", &[("text", Takes::Text)], Gives::Day, "The day written `2026-04-01`."),
    function(
        "day",
        &[("year", Takes::Number), ("month", Takes::Number), ("day", Takes::Number)],
        Gives::Day,
        "The day of this date; fails if no calendar has it.",
    ),
    function("year", &[("day", Takes::Day)], Gives::Number, "The year of a day."),
    function("month", &[("day", Takes::Day)], Gives::Number, "The month of a day, from 1."),
    function("day_of_month", &[("day", Takes::Day)], Gives::Number, "The day of the month, from 1."),
    function(
        "add_days",
        &[("day", Takes::Day), ("days", Takes::Number)],
        Gives::Day,
        "The day that many days later; earlier if negative.",
    ),
    function(
        "days_between",
        &[("start", Takes::Day), ("end", Takes::Day)],
        Gives::Number,
        "Whole days from start to end, never below zero.",
    ),
    function(
        "years_between",
        &[("start", Takes::Day), ("end", Takes::Day)],
        Gives::Number,
        "Whole years from start to end, never below zero.",
    ),
    function("financial_year", &[("day", Takes::Day)], Gives::Text, "The financial year of a day: `2026-27`."),
    function(
        "financial_year_start",
        &[("day", Takes::Day)],
        Gives::Day,
        "The first day of the financial year of a day.",
    ),
    function("financial_year_end", &[("day", Takes::Day)], Gives::Day, "The last day of the financial year of a day."),
    function(
        "listed",
        &[("list", Takes::Text), ("code", Takes::Any), ("column", Takes::Text)],
        Gives::Texts,
        "The words that the list has in this column for a code, or for any of several codes; each once.",
    ),
    function(
        "same",
        &[("x", Takes::Any), ("y", Takes::Any)],
        Gives::Flag,
        "Whether two answers are the same, groups and lists part by part: `same(units, record.answers.units)`.",
    ),
    function(
        "covers",
        &[("all", Takes::Any), ("some", Takes::Any), ("names", Takes::Array)],
        Gives::Flag,
        "Whether each group in `some` is also in `all`: one that says the same under each of `names`, whatever the case of words and the spaces between them. Lists in lists are looked into. `names` has one at least.",
    ),
    function("text", &[("of", Takes::Any)], Gives::Text, "A number, day or code as text."),
    function(
        "refuse",
        &[("reason", Takes::Text)],
        Gives::Never,
        "Stops: there is no amount. For a code, `refuse(\"too_long\")`, people read its words in `refusals` of `billing.yaml`; a sentence is shown to officers alone.",
    ),
];

/// Registers all of them, and the operators.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Day>("day");
    compare::register(engine);
    numbers::register(engine);
    items::register(engine);
    days::register(engine);
    lists::register(engine);
}

/// What an author calls the interpreter's type.
pub(crate) fn type_word(name: &str) -> &'static str {
    match name.trim() {
        "i64" | "decimal" | "INT" => "a number",
        "&str | ImmutableString | String" | "string" | "ImmutableString" | "&str" | "String" => "a text",
        "()" => "nothing",
        "bool" => "a yes or no",
        "array" => "a list",
        "map" => "a group",
        "day" => "a day",
        "rates" => "the rates",
        "map of rates" => "a map of rates",
        "table" => "a table",
        _ => "something else",
    }
}

/// What a value is, with its article.
pub(crate) fn what(value: &Dynamic) -> &'static str {
    type_word(if value.is::<Day>() { "day" } else { value.type_name() })
}

/// The number in a value.
pub(crate) fn number(value: &Dynamic) -> Fallible<Decimal> {
    if let Ok(whole) = value.as_int() {
        return Ok(Decimal::from(whole));
    }
    match value.as_decimal() {
        Ok(number) => Ok(number),
        Err(_) => fail(format!("a number is needed, not {}", what(value))),
    }
}

/// The whole number in a value.
pub(crate) fn whole(value: &Dynamic) -> Fallible<i64> {
    let exact = number(value)?;
    match exact.to_i64().filter(|_| exact.fract().is_zero()) {
        Some(whole) => Ok(whole),
        None => fail(format!("a whole number is needed, not {}", exact.normalize())),
    }
}

/// What to say when a sum or product leaves the exact numbers.
pub(crate) fn checked(result: Option<Decimal>) -> Fallible<Decimal> {
    match result {
        Some(number) => Ok(number),
        None => fail("a number becomes too large to be computed exactly"),
    }
}
