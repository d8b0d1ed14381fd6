//! `telescopic(table, x)` over values of a lowered rule.

use rust_decimal::Decimal;

use super::bound::{Place, Rows};
use super::frame::Frame;
use super::program::Constant;
use super::statement::key_value;
use super::value::Value;
use crate::fees::table::{ColumnKind, Match};

/// The sum over all stretches up to `x` of the part of `x` in the stretch times its rate.
pub(super) fn telescopic(
    frame: &Frame<'_>,
    place: usize,
    given: &[(u32, Value)],
    x: Decimal,
    steps: bool,
) -> Option<Decimal> {
    if x.is_sign_negative() && !x.is_zero() {
        return None;
    }
    let rows = &frame.bound.tables[place];
    let is_line = |key: &super::bound::Key| key.takes_numbers() && !given.iter().any(|(name, _)| *name == key.name);
    let line = rows.keys.iter().position(is_line)?;
    let Place::Number(ends) = &rows.keys[line].kind else { return None };
    let column = rows.table.columns.iter().position(|column| !matches!(column.kind, ColumnKind::Words(_)))?;
    let mut inputs = Vec::with_capacity(rows.keys.len());
    for (at, key) in rows.keys.iter().enumerate() {
        // A second key with intervals that is not given has the same number.
        let stands = at == line || is_line(key);
        let value = if stands { Some(Value::Nothing) } else { key_value(frame, given, key.name, key.takes_numbers()) };
        inputs.push((value?, stands));
    }
    let mut total = Decimal::ZERO;
    let mut at = Decimal::ZERO;
    while at < x {
        let probe = ends.just_inside(at, x);
        let values: Vec<Value> =
            inputs.iter().map(|(value, stands)| if *stands { Value::Number(probe) } else { value.clone() }).collect();
        let row = rows.find(&frame.bound.words, &values)?;
        let end = match &rows.table.rows[row].matches[line] {
            Some(Match::In(interval)) => interval.to.map_or(x, |to| to.min(x)),
            _ => x,
        };
        if end <= at {
            return None;
        }
        let rate = rate(rows, row, column)?;
        if steps {
            used(frame, rows, row, column);
        }
        total = total.checked_add(rate.checked_mul(end - at)?)?;
        at = end;
    }
    Some(total)
}

fn rate(rows: &Rows, row: usize, column: usize) -> Option<Decimal> {
    let Constant::Number(rate) = rows.cell(row, column) else { return None };
    if rows.table.columns[column].kind == ColumnKind::Percent {
        rate.checked_div(Decimal::ONE_HUNDRED)
    } else {
        Some(rate)
    }
}

fn used(frame: &Frame<'_>, rows: &Rows, row: usize, column: usize) {
    if let Some(run) = frame.run {
        run.used_rate(rows.shown(row).0.clone(), rows.table.rows[row].gives[column].written());
    }
}
