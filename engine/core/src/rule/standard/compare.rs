//! Operators. Division of whole numbers is exact; an order exists only between like things.

use std::cmp::Ordering;

use rhai::{Dynamic, Engine, NativeCallContext};
use rust_decimal::Decimal;

use super::{number, what};
use crate::base::Day;
use crate::base::date::add_days;
use crate::rule::run::{Fallible, Run, fail};

/// Whether an operator holds of an order.
type Holds = fn(Ordering) -> bool;

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("/", divide);
    engine.register_fn("-", |x: Decimal| -x);
    engine.register_fn("-", |x: i64| {
        x.checked_neg().map_or_else(|| fail("a number becomes too large to be computed exactly"), Ok)
    });
    engine.register_fn("+", |x: i64| x);
    engine.register_fn("+", |x: Decimal| x);
    engine.register_fn("!", |x: bool| !x);
    engine.register_fn("==", |x: Day, y: Day| x == y);
    engine.register_fn("!=", |x: Day, y: Day| x != y);
    engine.register_fn("-", |x: Day, y: Day| (x - y).num_days());
    engine.register_fn("+", |day: Day, days: i64| add_days(day, days));
    engine.register_fn("-", |day: Day, days: i64| add_days(day, days.saturating_neg()));
    let orders: [(&str, Holds); 4] =
        [("<", Ordering::is_lt), ("<=", Ordering::is_le), (">", Ordering::is_gt), (">=", Ordering::is_ge)];
    for (sign, holds) in orders {
        engine.register_fn(sign, move |x: i64, y: i64| holds(x.cmp(&y)));
        engine.register_fn(sign, move |x: Decimal, y: Decimal| holds(x.cmp(&y)));
        engine.register_fn(sign, move |x: Day, y: Day| holds(x.cmp(&y)));
        engine.register_fn(sign, move |context: NativeCallContext, x: Dynamic, y: Dynamic| {
            order(&context, sign, &x, &y, holds)
        });
    }
}

fn divide(x: i64, y: i64) -> Fallible<Decimal> {
    match Decimal::from(x).checked_div(Decimal::from(y)) {
        Some(quotient) => Ok(quotient),
        None => fail("something is divided by zero"),
    }
}

/// An order between values of different types: numbers are compared as numbers, texts as texts.
/// A comparison with an answer that is not there is false where that is asked for, and fails elsewhere.
fn order(context: &NativeCallContext, sign: &str, x: &Dynamic, y: &Dynamic, holds: Holds) -> Fallible<bool> {
    if let (Ok(x), Ok(y)) = (x.as_immutable_string_ref(), y.as_immutable_string_ref()) {
        return Ok(holds(x.as_str().cmp(y.as_str())));
    }
    if let (Ok(x), Ok(y)) = (number(x), number(y)) {
        return Ok(holds(x.cmp(&y)));
    }
    if (x.is_unit() || y.is_unit()) && Run::of(context)?.lenient {
        return Ok(false);
    }
    fail(format!("`{sign}` cannot be used with {} and {}", what(x), what(y)))
}
