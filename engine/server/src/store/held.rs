//! Writes of many records that are sent together: rows of one table in one statement.
//!
//! A transaction that takes over or bills a whole register holds its writes back and sends them when it
//! commits. What is held is not seen by what the transaction reads meanwhile, so that whoever holds
//! writes reads nothing of the records written.

use std::borrow::Cow;

use super::db::{Statement, Val};

/// The most rows, or statements, that are sent together. Everything is sent in parts of a power of two, so
/// that there are few texts and the database keeps each of them prepared: a text of its own for every batch
/// would be read, planned and kept for nothing.
const TOGETHER: usize = 128;

/// Statements that are sent in one call.
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
        Val::Int(number) => Val::Int(number),
    };
    (sql, values.into_iter().map(own).collect())
}

/// The rows of one statement, each with its values.
type Rows = Vec<Vec<Val<'static>>>;

/// How values are written in a statement of many rows.
#[derive(Clone, Copy)]
pub enum Holes<'a> {
    /// `$7`, with the tenant as `$1` in every row.
    Numbered,
    /// `?`, one after the other, with this tenant in every row: SQLite looks up values that have a name by
    /// going through all names, and with a thousand values that is most of the time.
    InOrder(&'a str),
}

/// What was held, put together: statements of one text next to each other. What makes room for rows comes
/// first, then the cases that are new, to which rows of other tables belong, then the rest in the order in
/// which each text came first: every record is written in the same order.
pub fn gathered(held: Vec<Statement<'static>>, holes: Holes<'_>) -> Vec<Sent> {
    let mut kinds: Vec<(Cow<'static, str>, Rows)> = Vec::new();
    for (sql, values) in held {
        match kinds.iter_mut().find(|(known, _)| *known == sql) {
            Some((_, rows)) => rows.push(values),
            None => kinds.push((sql, vec![values])),
        }
    }
    kinds.sort_by_key(|(sql, _)| turn(sql));
    kinds.into_iter().flat_map(|(sql, rows)| sent(&sql, rows, holes)).collect()
}

fn turn(sql: &str) -> u8 {
    match sql {
        _ if sql.starts_with("delete ") => 0,
        _ if sql.starts_with("insert into cases ") => 1,
        _ => 2,
    }
}

fn sent(sql: &str, mut rows: Rows, holes: Holes<'_>) -> Vec<Sent> {
    if let Some(insert) = inserted(sql) {
        if is_of_terms(sql) {
            rows.sort_by(|one, other| last(one).cmp(last(other)));
        }
        let certain = !insert.2.contains("do nothing");
        return parts(rows, |rows| {
            let count = rows.len() as u64;
            Sent { statements: vec![inserts(insert, rows, holes)], rows: certain.then_some(count) }
        });
    }
    // Of what moves on with every record only the last matters.
    if moves_on(sql) {
        last_of_each(&mut rows);
    }
    parts(rows, |rows| {
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
        _ => "",
    }
}

/// `rows` in parts of a power of two.
fn parts(mut rows: Rows, mut part: impl FnMut(Rows) -> Sent) -> Vec<Sent> {
    let mut parts = Vec::new();
    let mut size = TOGETHER;
    while !rows.is_empty() {
        while size > rows.len() {
            size /= 2;
        }
        let rest = rows.split_off(size);
        parts.push(part(std::mem::replace(&mut rows, rest)));
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

/// One insert of many rows.
fn inserts((start, tuple, end): (&str, &str, &str), rows: Rows, holes: Holes<'_>) -> Statement<'static> {
    let width = rows[0].len();
    let mut text = String::with_capacity(start.len() + end.len() + (tuple.len() + 2 * width + 2) * rows.len());
    let in_order = matches!(holes, Holes::InOrder(_)).then(|| without_numbers(tuple));
    match &in_order {
        // SQLite keeps a copy of every page that a statement of many rows touches, to undo the statement
        // alone if a row fails; here the whole transaction is undone then.
        Some(_) => text.push_str(&start.replacen("insert into", "insert or fail into", 1)),
        None => text.push_str(start),
    }
    for row in 0..rows.len() {
        text.push_str(if row > 0 { ", " } else { "" });
        match &in_order {
            Some(tuple) => text.push_str(tuple),
            None => super::db::renumber(tuple, row * width, &mut text),
        }
    }
    text.push_str(end);
    let mut values = Vec::with_capacity((width + 1) * rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        // The first value is the tenant of the transaction, which is there already.
        if let (Holes::InOrder(tenant), 1..) = (holes, at) {
            values.push(Val::from(tenant.to_owned()));
        }
        values.extend(row);
    }
    (Cow::Owned(text), values)
}

/// `($1, $2, 0)` as `(?, ?, 0)`.
fn without_numbers(tuple: &str) -> String {
    let mut parts = tuple.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('?');
        text.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
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
