//! Operators, exactly as the interpreter has them. `None` wherever it would fail, and wherever
//! what it does is so rare that it may as well do it itself.

use std::cmp::Ordering;

use rhai::ImmutableString;
use rust_decimal::Decimal;

use super::bound::Words;
use super::program::Sign;
use super::value::Value;
use crate::base::date::add_days;
use crate::base::limits::RULE_TEXT;

/// `x + y` and its like.
#[inline]
pub(super) fn operate(sign: Sign, x: &Value, y: &Value, words: &Words) -> Option<Value> {
    match sign {
        Sign::Add | Sign::Subtract | Sign::Multiply | Sign::Divide | Sign::Remainder => compute(sign, x, y, words),
        Sign::Equal => equal(x, y, words).map(Value::Flag),
        Sign::Differ => equal(x, y, words).map(|equal| Value::Flag(!equal)),
        Sign::Less => order(x, y, words).map(|order| Value::Flag(order.is_lt())),
        Sign::AtMost => order(x, y, words).map(|order| Value::Flag(order.is_le())),
        Sign::More => order(x, y, words).map(|order| Value::Flag(order.is_gt())),
        Sign::AtLeast => order(x, y, words).map(|order| Value::Flag(order.is_ge())),
    }
}

fn compute(sign: Sign, x: &Value, y: &Value, words: &Words) -> Option<Value> {
    match (x, y) {
        (Value::Number(x), Value::Number(y)) => exact(sign, *x, *y),
        (Value::Whole(x), Value::Whole(y)) => whole(sign, *x, *y),
        (Value::Number(x), Value::Whole(y)) => exact(sign, *x, Decimal::from(*y)),
        (Value::Whole(x), Value::Number(y)) => exact(sign, Decimal::from(*x), *y),
        (Value::Day(day), Value::Whole(days)) if sign == Sign::Add => Some(Value::Day(add_days(*day, *days))),
        (Value::Day(day), Value::Whole(days)) if sign == Sign::Subtract => {
            Some(Value::Day(add_days(*day, days.saturating_neg())))
        }
        (Value::Day(x), Value::Day(y)) if sign == Sign::Subtract => Some(Value::Whole((*x - *y).num_days())),
        _ if sign == Sign::Add => {
            let (x, y) = (x.text(words)?, y.text(words)?);
            let joined = format!("{x}{y}");
            (joined.len() <= RULE_TEXT).then(|| text(joined, words))
        }
        _ => None,
    }
}

/// A text that was made.
pub(super) fn text(made: String, words: &Words) -> Value {
    words.find(&made).map_or_else(|| Value::Text(ImmutableString::from(made)), Value::Word)
}

#[inline]
fn exact(sign: Sign, x: Decimal, y: Decimal) -> Option<Value> {
    let result = match sign {
        Sign::Add => x.checked_add(y),
        Sign::Subtract => x.checked_sub(y),
        Sign::Multiply => x.checked_mul(y),
        Sign::Divide => x.checked_div(y),
        _ => x.checked_rem(y),
    };
    result.map(Value::Number)
}

#[inline]
fn whole(sign: Sign, x: i64, y: i64) -> Option<Value> {
    let result = match sign {
        Sign::Add => x.checked_add(y),
        Sign::Subtract => x.checked_sub(y),
        Sign::Multiply => x.checked_mul(y),
        // Whole numbers divide exactly.
        Sign::Divide => return Decimal::from(x).checked_div(Decimal::from(y)).map(Value::Number),
        _ => x.checked_rem(y),
    };
    result.map(Value::Whole)
}

/// `x += y`, which is `x = x + y` but that whole numbers divide to whole numbers.
pub(super) fn change(sign: Sign, x: &Value, y: &Value, words: &Words) -> Option<Value> {
    match (sign, x, y) {
        (Sign::Divide, Value::Whole(x), Value::Whole(y)) => x.checked_div(*y).map(Value::Whole),
        _ => operate(sign, x, y, words),
    }
}

#[inline]
fn equal(x: &Value, y: &Value, words: &Words) -> Option<bool> {
    Some(match (x, y) {
        (Value::Whole(x), Value::Whole(y)) => x == y,
        (Value::Word(x), Value::Word(y)) => x == y,
        (Value::Number(x), Value::Number(y)) => x == y,
        (Value::Whole(x), Value::Number(y)) | (Value::Number(y), Value::Whole(x)) => Decimal::from(*x) == *y,
        (Value::Flag(x), Value::Flag(y)) => x == y,
        (Value::Day(x), Value::Day(y)) => x == y,
        (Value::Nothing, Value::Nothing) => true,
        (Value::Word(_) | Value::Text(_), Value::Word(_) | Value::Text(_)) => x.text(words)? == y.text(words)?,
        // Lists, groups and rates are not compared.
        (Value::Items(_), Value::Items(_))
        | (Value::Group(_) | Value::Row(..), Value::Group(_) | Value::Row(..))
        | (Value::Rate(_), _)
        | (_, Value::Rate(_)) => return None,
        _ => false,
    })
}

#[inline]
fn order(x: &Value, y: &Value, words: &Words) -> Option<Ordering> {
    Some(match (x, y) {
        (Value::Whole(x), Value::Whole(y)) => x.cmp(y),
        (Value::Day(x), Value::Day(y)) => x.cmp(y),
        _ => match (x.number(), y.number()) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => x.text(words)?.cmp(y.text(words)?),
        },
    })
}

/// Whether two plain values are the same; `2` and `2.0` are.
pub(super) fn same(x: &Value, y: &Value, words: &Words) -> bool {
    match (x, y) {
        (Value::Flag(x), Value::Flag(y)) => x == y,
        (Value::Day(x), Value::Day(y)) => x == y,
        _ => match (x.text(words), y.text(words)) {
            (Some(x), Some(y)) => x == y,
            _ => matches!((x.number(), y.number()), (Some(x), Some(y)) if x == y),
        },
    }
}

/// Whether two answers are the same, part by part. `None` if some part is not known.
pub(super) fn alike(x: &Value, y: &Value, words: &Words) -> Option<bool> {
    match (x, y) {
        (Value::Row(..), _) | (_, Value::Row(..)) => None,
        (Value::Items(x), Value::Items(y)) => {
            if x.len() != y.len() {
                return Some(false);
            }
            let mut all = true;
            for (x, y) in x.iter().zip(y.iter()) {
                all &= alike(x, y, words)?;
            }
            Some(all)
        }
        (Value::Group(x), Value::Group(y)) => {
            if !x.whole || !y.whole {
                return None;
            }
            let mut all = true;
            for (one, other) in [(x, y), (y, x)] {
                for (name, value) in &one.parts {
                    all &= alike(value, other.part(*name).unwrap_or(&Value::Nothing), words)?;
                }
            }
            Some(all)
        }
        _ => Some(is_nothing(x) && is_nothing(y) || same(x, y, words)),
    }
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Nothing) || value.items().is_some_and(|items| items.is_empty())
}
