//! Writes of many records that are sent together: rows of one table in one statement.
//!
//! A transaction that takes over or bills a whole register holds its writes back and sends them when it
//! commits. What is held is not seen by what the transaction reads meanwhile, so that whoever holds
//! writes reads nothing of the records written.

use std::borrow::Cow;

use super::db::{Statement, Val};

/// The most values that one statement carries; SQLite takes 32,766.
const VALUES: usize = 20_000;
/// The most statements of one kind that are sent in one text.
const STATEMENTS: usize = 100;

/// Statements that are sent in one call.
pub(super) struct Sent {
    pub(super) statements: Vec<Statement<'static>>,
    /// How many rows they must change in all, if that is certain.
    pub(super) rows: Option<u64>,
}

/// A statement whose values are its own.
pub(super) fn owned((sql, values): Statement<'_>) -> Statement<'static> {
    let own = |value: Val<'_>| match value {
        Val::Text(text) => Val::Text(text.map(|text| Cow::Owned(text.into_owned()))),
        Val::Int(number) => Val::Int(number),
    };
    (sql, values.into_iter().map(own).collect())
}

/// What was held, put together: statements of one text next to each other, in the order in which each text
/// came first. All records are written alike, so that what must be there before is there before.
///
/// SQLite looks a value that is called `$7` up by its name, one after the other, and one called `?7` by its
/// number: with thousands of values that is most of the time.
pub(super) fn gathered(held: Vec<Statement<'static>>, numbered: bool) -> Vec<Sent> {
    let mut kinds: Vec<(Cow<'static, str>, Vec<Vec<Val<'static>>>)> = Vec::new();
    for (sql, values) in held {
        match kinds.iter_mut().find(|(known, _)| *known == sql) {
            Some((_, rows)) => rows.push(values),
            None => kinds.push((sql, vec![values])),
        }
    }
    kinds.into_iter().flat_map(|(sql, rows)| sent(&sql, rows, numbered)).collect()
}

fn sent(sql: &str, mut rows: Vec<Vec<Val<'static>>>, numbered: bool) -> Vec<Sent> {
    let Some((start, tuple, end)) = inserted(sql) else {
        // Of what moves on with every record only the last matters.
        if moves_on(sql) {
            last_of_each(&mut rows);
        }
        let statement = |values: Vec<Val<'static>>| (Cow::Owned(sql.to_owned()), values);
        let mut all = rows.into_iter().map(statement).collect::<Vec<_>>();
        let mut parts = Vec::new();
        while !all.is_empty() {
            let rest = all.split_off(all.len().min(STATEMENTS));
            let statements = std::mem::replace(&mut all, rest);
            let certain = sql.starts_with("update ");
            parts.push(Sent { rows: certain.then_some(statements.len() as u64), statements });
        }
        return parts;
    };
    let together = (VALUES / rows[0].len().max(1)).max(1);
    let certain = !end.contains("do nothing");
    let mut parts = Vec::new();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(together));
        let part = std::mem::replace(&mut rows, rest);
        let count = part.len();
        let text = format!("{start}{}{end}", tuples(tuple, count, part[0].len()));
        let text = if numbered { text.replace('$', "?") } else { text };
        let values = part.into_iter().flatten().collect();
        parts.push(Sent { statements: vec![(Cow::Owned(text), values)], rows: certain.then_some(count as u64) });
    }
    parts
}

/// An insert in three: what stands before the values of its one row, the values, and what stands behind.
fn inserted(sql: &str) -> Option<(&str, &str, &str)> {
    let at = sql.strip_prefix("insert into ").and_then(|_| sql.find(" values ("))? + " values ".len();
    let end = at + sql[at..].find(')')? + 1;
    Some((&sql[..at], &sql[at..end], &sql[end..]))
}

/// The values of `count` rows: `($1, $2, $3), ($1, $4, $5)`; the tenant is the same in all.
fn tuples(tuple: &str, count: usize, width: usize) -> String {
    let mut text = String::with_capacity((tuple.len() + 2 * width + 2) * count);
    for row in 0..count {
        if row > 0 {
            text.push_str(", ");
        }
        super::db::renumber(tuple, row * width, &mut text);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::db::vals;

    fn texts(held: Vec<Statement<'static>>) -> Vec<(String, usize, Option<u64>)> {
        let told = |sent: Sent| (sent.statements[0].0.to_string(), sent.statements.len(), sent.rows);
        gathered(held, false).into_iter().map(told).collect()
    }

    #[test]
    fn rows_of_a_table_go_together_and_counters_go_once() {
        let insert =
            "insert into d (tenant, a, b) values ($1, $2, $3) on conflict (tenant, a) do update set b = excluded.b";
        let chain = "update chains set seq = $2 where tenant = $1";
        let series = "update serials set last = $3 where tenant = $1 and series = $2";
        let update = "update c set b = $3 where tenant = $1 and a = $2";
        let mut held: Vec<Statement<'static>> = Vec::new();
        for (at, name) in [(1_i64, "x"), (2, "y")] {
            held.push((insert.into(), vals![at, name]));
            held.push((chain.into(), vals![at]));
            held.push((series.into(), vals!["r", at]));
            held.push((update.into(), vals![at, name]));
        }
        let many = "insert into d (tenant, a, b) values ($1, $2, $3), ($1, $4, $5) on conflict (tenant, a) do update set b = excluded.b";
        assert_eq!(
            texts(held),
            [
                (many.to_owned(), 1, Some(2)),
                (chain.to_owned(), 1, Some(1)),
                (series.to_owned(), 1, Some(1)),
                (update.to_owned(), 2, Some(2)),
            ]
        );
    }

    #[test]
    fn no_statement_carries_more_values_than_a_database_takes() {
        let insert = "insert into j (tenant, a, b) values ($1, $2, $3) on conflict do nothing";
        let held = (0..25_000_i64).map(|at| (insert.into(), vals![at, at])).collect();
        let parts = gathered(held, true);
        assert!(parts[0].statements[0].0.starts_with("insert into j (tenant, a, b) values (?1, ?2, ?3), (?1, ?4, ?5)"));
        assert!(parts.iter().all(|part| part.statements[0].1.len() <= VALUES && part.rows.is_none()));
        assert_eq!(parts.iter().map(|part| part.statements[0].1.len()).sum::<usize>(), 50_000);
    }
}
