//! Writes of many records that are sent together: rows of one table in one statement.
//!
//! A transaction that takes over or bills a whole register holds its writes back and sends them when it
//! commits. What is held is not seen by what the transaction reads meanwhile, so that whoever holds
//! writes reads nothing of the records written.

use std::borrow::Cow;

use super::db::{Statement, Val};

/// The most statements that are sent together. Everything is sent in parts of a power of two, so that there are few
/// texts and the database keeps each of them prepared: a text of its own for every batch would be read, planned and
/// kept for nothing.
const TOGETHER: usize = 128;
/// The most rows of one statement. SQLite has nothing to do from when it has answered until the next is there, and the
/// rows of a batch of records are tens of thousands.
const ROWS: usize = 512;

/// Statements that are sent in one call.
#[derive(Debug)]
pub struct Sent {
    /// The statements, each with its values.
    pub statements: Vec<Statement<'static>>,
    /// How many rows they must change in all, if that is certain.
    pub rows: Option<u64>,
}

/// A statement whose values are its own.
pub(super) fn owned((sql, values): Statement<'_>) -> Statement<'static> {
    let own = |value: Val<'_>| match value {
        Val::Text(text) => Val::Text(text.map(|text| Cow::Owned(text.into_owned()))),
        Val::Shared(text) => Val::Shared(text),
        Val::Int(number) => Val::Int(number),
    };
    (sql, values.into_iter().map(own).collect())
}

/// The rows of one statement, each with its values.
type Rows = Vec<Vec<Val<'static>>>;

/// How values are written in a statement of many rows.
#[derive(Clone, Copy, Debug)]
pub enum Holes {
    /// `$7`, with the tenant as `$1` in every row.
    Numbered,
    /// `?`, one after the other: SQLite looks up values that have a name by going through all names, and with a
    /// thousand values that is most of the time. What is the same in every row, as the tenant is, has a name
    /// from the second row on, and goes once: it would be copied for every row otherwise, and most of a row is such.
    InOrder,
}

/// What was held, put together: statements of one text next to each other. What makes room for rows comes
/// first, then the cases that are new, to which rows of other tables belong, then the rest in the order in
/// which each text came first: every record is written in the same order.
pub fn gathered(held: Vec<Statement<'static>>, holes: Holes) -> Vec<Sent> {
    let mut kinds: Vec<(Cow<'static, str>, Rows)> = Vec::new();
    for (sql, values) in held {
        match kinds.iter_mut().find(|(known, _)| is_same(known, &sql)) {
            Some((_, rows)) => rows.push(values),
            None => kinds.push((sql, vec![values])),
        }
    }
    kinds.sort_by_key(|(sql, _)| turn(sql));
    kinds.into_iter().flat_map(|(sql, rows)| sent(&sql, rows, holes)).collect()
}

/// Whether two texts are the same, which most are that stand in the same place.
fn is_same(one: &str, other: &str) -> bool {
    std::ptr::eq(one, other) || one == other
}

fn turn(sql: &str) -> u8 {
    match sql {
        _ if sql.starts_with("delete ") => 0,
        _ if sql.starts_with("insert into cases ") => 1,
        _ => 2,
    }
}

fn sent(sql: &str, mut rows: Rows, holes: Holes) -> Vec<Sent> {
    if let Some(insert) = inserted(sql) {
        if is_of_terms(sql) {
            rows.sort_by(|one, other| last(one).cmp(last(other)));
        }
        let certain = !insert.2.contains("do nothing");
        let same = same_in_all(&rows);
        return parts(rows, ROWS, |rows| {
            let count = rows.len() as u64;
            let statement = match holes {
                Holes::Numbered => numbered(insert, rows),
                Holes::InOrder => in_order(insert, &same, rows),
            };
            Sent { statements: vec![statement], rows: certain.then_some(count) }
        });
    }
    // Of what moves on with every record only the last matters.
    if moves_on(sql) {
        last_of_each(&mut rows);
    }
    parts(rows, TOGETHER, |rows| {
        let certain = sql.starts_with("update ").then_some(rows.len() as u64);
        let statements = rows.into_iter().map(|values| (Cow::Owned(sql.to_owned()), values)).collect();
        Sent { statements, rows: certain }
    })
}

/// Whether the rows are terms that something is found by: each is the last value of its row. Written in their own
/// order, those of a whole batch come to each page of the index of terms once; record by record, every term would come
/// to another page, and a register has more of these pages than the database keeps at hand.
fn is_of_terms(sql: &str) -> bool {
    sql.starts_with("insert into record_terms ") || sql.starts_with("insert into index_terms ")
}

fn last<'a>(values: &'a [Val<'static>]) -> &'a str {
    match values.last() {
        Some(Val::Text(Some(text))) => text,
        Some(Val::Shared(text)) => text,
        _ => "",
    }
}

/// `rows` in parts of a power of two, of which `most` is one.
fn parts(rows: Rows, most: usize, mut part: impl FnMut(Rows) -> Sent) -> Vec<Sent> {
    let (mut parts, mut size, mut left) = (Vec::new(), most, rows.len());
    // What is left is not moved for every part: the terms of a batch are a hundred parts.
    let mut rows = rows.into_iter();
    while left > 0 {
        while size > left {
            size /= 2;
        }
        parts.push(part(rows.by_ref().take(size).collect()));
        left -= size;
    }
    parts
}

/// An insert in three: what stands before the values of its one row, the values, which are in their order,
/// and what stands behind.
fn inserted(sql: &str) -> Option<(&str, &str, &str)> {
    let at = sql.strip_prefix("insert into ").and_then(|_| sql.find(" values ("))? + " values ".len();
    let end = at + sql[at..].find(')')? + 1;
    Some((&sql[..at], &sql[at..end], &sql[end..]))
}

/// For each value of a row whether it is the same in all of them.
fn same_in_all(rows: &[Vec<Val<'static>>]) -> Vec<bool> {
    let Some((first, others)) = rows.split_first() else { return Vec::new() };
    first.iter().enumerate().map(|(at, value)| others.iter().all(|row| row[at] == *value)).collect()
}

/// One insert of many rows, for PostgreSQL.
fn numbered((start, tuple, end): (&str, &str, &str), rows: Rows) -> Statement<'static> {
    let width = rows[0].len();
    let mut text = String::with_capacity(start.len() + end.len() + (tuple.len() + 2 * width + 2) * rows.len());
    text.push_str(start);
    for row in 0..rows.len() {
        text.push_str(if row > 0 { ", " } else { "" });
        super::db::renumber(tuple, row * width, &mut text);
    }
    text.push_str(end);
    (Cow::Owned(text), rows.into_iter().flatten().collect())
}

/// One insert of many rows, for SQLite; `same` says which values are the same in all of them.
fn in_order((start, tuple, end): (&str, &str, &str), same: &[bool], rows: Rows) -> Statement<'static> {
    let (first, other) = (without_numbers(tuple, |_| false), without_numbers(tuple, |at| at == 0 || same[at - 1]));
    // SQLite keeps a copy of every page that a statement of many rows touches, to undo the statement
    // alone if a row fails; here the whole transaction is undone then.
    let mut text = start.replacen("insert into", "insert or fail into", 1);
    text.reserve(end.len() + (other.len() + 2) * rows.len() + first.len());
    text.push_str(&first);
    for _ in 1..rows.len() {
        text.push_str(", ");
        text.push_str(&other);
    }
    text.push_str(end);
    let mut values = Vec::with_capacity(same.len() * rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        values.extend(row.into_iter().zip(same).filter(|(_, same)| at == 0 || !**same).map(|(value, _)| value));
    }
    (Cow::Owned(text), values)
}

/// `($1, $2, 0)` as `(?, ?, 0)`, but for the values that are `named`, counted from the tenant on.
fn without_numbers(tuple: &str, named: impl Fn(usize) -> bool) -> String {
    let mut parts = tuple.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        if named(at) {
            text.push('$');
            text.push_str(&part[..part.len() - rest.len()]);
        } else {
            text.push('?');
        }
        text.push_str(rest);
    }
    text
}

/// Whether an update is of a counter that the next record moves on: the end of the chain, a series.
fn moves_on(sql: &str) -> bool {
    sql.starts_with("update chains ") || sql.starts_with("update serials ")
}

/// The last values of each counter; a series is named by the first of its values, the chain by nothing.
fn last_of_each(rows: &mut Vec<Vec<Val<'static>>>) {
    let name = |values: &[Val<'static>]| match &values[0] {
        Val::Text(text) => text.as_deref().map(str::to_owned),
        Val::Shared(text) => Some(text.to_string()),
        Val::Int(_) => None,
    };
    let mut last: Vec<Vec<Val<'static>>> = Vec::new();
    for values in std::mem::take(rows) {
        match last.iter_mut().find(|known| name(known) == name(&values)) {
            Some(known) => *known = values,
            None => last.push(values),
        }
    }
    *rows = last;
}
