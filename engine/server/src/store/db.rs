//! Values, rows and statements, the same over both databases.
//!
//! Every statement has the tenant as `$1`; a caller's own values begin at `$2`.

use std::borrow::Cow;
use std::sync::Arc;

use engine::base::{Day, Name};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, TypeInfo as _, ValueRef as _};

use super::error::{Error, Result};

/// A value on its way into a statement: text or a whole number, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Val<'a> {
    /// `text`.
    Text(Option<Cow<'a, str>>),
    /// `text` that many rows have, and is there once.
    Shared(Arc<str>),
    /// `bigint`.
    Int(Option<i64>),
}

impl Val<'_> {
    /// Its text, for digests; the same as [`Row::cell`] reads back.
    pub(super) fn cell(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => text.as_deref().map(Cow::Borrowed),
            Self::Shared(text) => Some(Cow::Borrowed(text)),
            Self::Int(number) => number.map(|number| Cow::Owned(number.to_string())),
        }
    }
}

macro_rules! into_val {
    ($($from:ty: $value:ident => $val:expr;)+) => {
        $(impl<'a> From<$from> for Val<'a> {
            fn from($value: $from) -> Self {
                $val
            }
        })+
    };
}

into_val! {
    &'a str: text => Self::Text(Some(Cow::Borrowed(text)));
    &'a String: text => Self::Text(Some(Cow::Borrowed(text)));
    &'a Name: name => Self::Text(Some(Cow::Borrowed(name.as_str())));
    String: text => Self::Text(Some(Cow::Owned(text)));
    Arc<str>: text => Self::Shared(text);
    Option<&'a str>: text => Self::Text(text.map(Cow::Borrowed));
    &'a Option<String>: text => Self::Text(text.as_deref().map(Cow::Borrowed));
    Option<String>: text => Self::Text(text.map(Cow::Owned));
    Day: day => Self::Text(Some(Cow::Owned(day.to_string())));
    Option<Day>: day => Self::Text(day.map(|day| Cow::Owned(day.to_string())));
    i64: number => Self::Int(Some(number));
    u32: number => Self::Int(Some(i64::from(number)));
    Option<i64>: number => Self::Int(number);
}

/// The values of a statement, from `$2` on.
macro_rules! vals {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::db::Val::from($value)),*] };
}
pub(super) use vals;

/// A row that came back.
pub(super) struct Row {
    raw: Raw,
    /// What sealed documents say, by column.
    opened: Vec<(usize, String)>,
}

enum Raw {
    Lite(SqliteRow),
    Pg(PgRow),
}

macro_rules! get {
    ($row:expr, $at:expr, $kind:ty) => {
        match &$row.raw {
            Raw::Lite(row) => row.try_get::<$kind, _>($at),
            Raw::Pg(row) => row.try_get::<$kind, _>($at),
        }
    };
}

impl Row {
    /// A row of SQLite.
    pub(super) fn lite(row: SqliteRow) -> Self {
        Self { raw: Raw::Lite(row), opened: Vec::new() }
    }

    /// A row of PostgreSQL.
    pub(super) fn pg(row: PgRow) -> Self {
        Self { raw: Raw::Pg(row), opened: Vec::new() }
    }

    /// From now on `text` is read in column `at`. [`Row::cell`] still gives what is stored.
    pub(super) fn show(&mut self, at: usize, text: String) {
        self.opened.push((at, text));
    }

    fn shown(&self, at: usize) -> Option<String> {
        self.opened.iter().find(|(place, _)| *place == at).map(|(_, text)| text.clone())
    }

    /// The text in column `at`.
    pub(super) fn text(&self, at: usize) -> Result<String> {
        match self.shown(at) {
            Some(text) => Ok(text),
            None => Ok(get!(self, at, String)?),
        }
    }

    /// The text in column `at`, if there is any.
    pub(super) fn maybe_text(&self, at: usize) -> Result<Option<String>> {
        match self.shown(at) {
            Some(text) => Ok(Some(text)),
            None => Ok(get!(self, at, Option<String>)?),
        }
    }

    /// The number in column `at`.
    pub(super) fn int(&self, at: usize) -> Result<i64> {
        Ok(get!(self, at, i64)?)
    }

    /// The number in column `at`, if there is one.
    pub(super) fn maybe_int(&self, at: usize) -> Result<Option<i64>> {
        Ok(get!(self, at, Option<i64>)?)
    }

    /// The day in column `at`.
    pub(super) fn day(&self, at: usize) -> Result<Day> {
        read_day(&self.text(at)?)
    }

    /// The day in column `at`, if there is one.
    pub(super) fn maybe_day(&self, at: usize) -> Result<Option<Day>> {
        self.maybe_text(at)?.as_deref().map(read_day).transpose()
    }

    /// Whatever is stored in column `at`, as text.
    pub(super) fn cell(&self, at: usize) -> Result<Option<String>> {
        let number = match &self.raw {
            Raw::Lite(row) => matches!(row.try_get_raw(at)?.type_info().name(), "INTEGER" | "BIGINT"),
            Raw::Pg(row) => row.try_get_raw(at)?.type_info().name() == "INT8",
        };
        if number {
            Ok(self.maybe_int(at)?.map(|number| number.to_string()))
        } else {
            Ok(get!(self, at, Option<String>)?)
        }
    }

    /// Everything in it, as text.
    pub(super) fn cells(&self) -> Result<Vec<Option<String>>> {
        (0..self.width()).map(|at| self.cell(at)).collect()
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        match &self.raw {
            Raw::Lite(row) => row.len(),
            Raw::Pg(row) => row.len(),
        }
    }
}

fn read_day(text: &str) -> Result<Day> {
    engine::base::date::parse_day(text).ok_or_else(|| Error::Corrupt(format!("`{text}` is no day")))
}

/// A statement and its values.
pub(super) type Statement<'a> = (Cow<'static, str>, Vec<Val<'a>>);

/// The values of statements, one after the other.
pub(super) fn values(statements: Vec<Statement<'_>>) -> impl Iterator<Item = Val<'_>> {
    statements.into_iter().flat_map(|(_, values)| values)
}

/// Statements that write and are sent together: one round trip, whichever the database.
///
/// None of them may depend on seeing what another of them wrote, and no row may be written twice:
/// PostgreSQL runs them side by side.
#[derive(Default)]
pub struct Writes<'a> {
    /// Each with its values.
    pub statements: Vec<Statement<'a>>,
}

impl<'a> Writes<'a> {
    /// Adds a statement; its place is where [`super::Tx::write`] tells how many rows it changed.
    pub fn add(&mut self, sql: &'static str, values: Vec<Val<'a>>) -> usize {
        self.statements.push((Cow::Borrowed(sql), values));
        self.statements.len() - 1
    }
}

/// One text of many statements for SQLite, which runs them one after the other, after `begin`.
pub fn joined(begin: &str, statements: &[Statement<'_>]) -> String {
    let mut text = String::with_capacity(begin.len() + statements.iter().map(|(sql, _)| sql.len() + 16).sum::<usize>());
    text.push_str(begin);
    let mut before = 0;
    for (sql, values) in statements {
        renumber(sql, before, &mut text);
        text.push_str(";\n");
        before += values.len();
    }
    text
}

/// One statement of many writes for PostgreSQL, which answers with the number of rows of each.
pub fn nested(statements: &[Statement<'_>]) -> String {
    use std::fmt::Write as _;
    let (mut text, mut counts) = (String::from("with "), String::from(" select "));
    let mut before = 0;
    for (at, (sql, values)) in statements.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}w{at} as (");
        renumber(sql, before, &mut text);
        text.push_str(" returning 1)");
        let _ = write!(counts, "{comma}(select count(*) from w{at})");
        before += values.len();
    }
    text.push_str(&counts);
    text
}

/// Appends `sql` with every placeholder but the tenant's moved up by `by`.
pub(super) fn renumber(sql: &str, by: usize, out: &mut String) {
    use std::fmt::Write as _;
    if by == 0 {
        out.push_str(sql);
        return;
    }
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = rest[at + 1..=at + digits].parse().unwrap_or(1);
        let number = if number == 1 { 1 } else { number + by };
        let _ = write!(out, "{}${number}", &rest[..at]);
        rest = &rest[at + 1 + digits..];
    }
    out.push_str(rest);
}
