//! Functions on numbers.

use rhai::{Dynamic, Engine, NativeCallContext};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{checked, number, whole};
use crate::base::Day;
use crate::rule::run::{Fallible, Run, fail};

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("percent", |amount: Dynamic, rate: Dynamic| {
        checked(
            number(&amount)?.checked_mul(number(&rate)?).and_then(|product| product.checked_div(Decimal::ONE_HUNDRED)),
        )
    });
    engine.register_fn("at_least", |x: Dynamic, least: Dynamic| larger(&x, &least));
    engine.register_fn("at_most", |x: Dynamic, most: Dynamic| smaller(&x, &most));
    engine.register_fn("max", |x: Dynamic, y: Dynamic| larger(&x, &y));
    engine.register_fn("min", |x: Dynamic, y: Dynamic| smaller(&x, &y));
    engine.register_fn("abs", |x: Dynamic| number(&x).map(|x| x.abs()));
    engine.register_fn("text", |of: Dynamic| text(&of));
    engine.register_fn("refuse", |reason: Dynamic| fail::<()>(reason.to_string()));
    let roundings = [
        ("round_half_up", RoundingStrategy::MidpointAwayFromZero),
        ("round_up", RoundingStrategy::ToPositiveInfinity),
        ("round_down", RoundingStrategy::ToNegativeInfinity),
    ];
    for (name, strategy) in roundings {
        engine.register_fn(name, move |context: NativeCallContext, x: Dynamic, places: Dynamic| {
            round(&context, &x, &places, strategy)
        });
    }
}

fn larger(x: &Dynamic, y: &Dynamic) -> Fallible<Decimal> {
    Ok(number(x)?.max(number(y)?))
}

fn smaller(x: &Dynamic, y: &Dynamic) -> Fallible<Decimal> {
    Ok(number(x)?.min(number(y)?))
}

fn round(context: &NativeCallContext, x: &Dynamic, places: &Dynamic, strategy: RoundingStrategy) -> Fallible<Decimal> {
    let before = number(x)?;
    let places = match u32::try_from(whole(places)?) {
        Ok(places) if places <= 9 => places,
        _ => return fail("a number is rounded to 0 to 9 places"),
    };
    let after = before.round_dp_with_strategy(places, strategy);
    if after != before {
        Run::of(context)?.rounded(before, after);
    }
    Ok(after)
}

/// A number, day or text as text.
pub(super) fn text(of: &Dynamic) -> Fallible<String> {
    if let Some(day) = of.read_lock::<Day>() {
        return Ok(day.to_string());
    }
    if let Ok(text) = of.as_immutable_string_ref() {
        return Ok(text.to_string());
    }
    number(of).map(|number| number.normalize().to_string())
}
