//! Functions on arrays. None takes a function, so each takes time in proportion to its items.

use std::collections::BTreeSet;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map, NativeCallContext};
use rust_decimal::Decimal;

use super::{checked, number, numbers, what};
use crate::base::limits::RULE_ITEMS;
use crate::rule::run::{Fallible, fail};

pub(super) fn register(engine: &mut Engine) {
    engine.register_iterator::<Array>();
    engine.register_iterator::<std::ops::Range<i64>>();
    engine.register_iterator::<std::ops::RangeInclusive<i64>>();
    engine.register_fn("sum", |numbers: Dynamic| sum(&items(&numbers)?));
    engine.register_fn("average", |numbers: Dynamic| average(&items(&numbers)?));
    engine.register_fn("max", |numbers: Dynamic| most(&items(&numbers)?, Decimal::max));
    engine.register_fn("min", |numbers: Dynamic| most(&items(&numbers)?, Decimal::min));
    engine.register_fn("count", |array: Dynamic| items(&array).map(|items| length(items.len())));
    engine.register_fn("len", |of: Dynamic| size(&of));
    engine.register_fn("is_empty", |of: Dynamic| if of.is_unit() { Ok(true) } else { size(&of).map(|size| size == 0) });
    engine.register_fn("pluck", |array: Dynamic, name: ImmutableString| pluck(&items(&array)?, &name));
    engine.register_fn("or_else", |array: Dynamic, other: Dynamic| or_else(&items(&array)?, &other));
    engine.register_fn("gather", |of: Dynamic, name: ImmutableString| gather(of, &name));
    engine.register_fn("push", push);
    engine.register_fn("contains", |array: &mut Array, item: Dynamic| array.iter().any(|one| same(one, &item)));
    engine.register_fn("contains", |map: &mut Map, key: ImmutableString| map.contains_key(key.as_str()));
    engine.register_fn("contains", |(): (), _: Dynamic| false);
    engine.register_fn("same", |x: Dynamic, y: Dynamic| alike(&x, &y));
    engine.register_fn("covers", |all: Dynamic, some: Dynamic, names: Dynamic| covers(all, some, &items(&names)?));
}

/// The items of an array.
fn items(value: &Dynamic) -> Fallible<impl std::ops::Deref<Target = Array> + '_> {
    match value.read_lock::<Array>() {
        Some(items) => Ok(items),
        None => fail(format!("a list is needed, not {}", what(value))),
    }
}

fn length(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

fn size(of: &Dynamic) -> Fallible<i64> {
    if let Ok(text) = of.as_immutable_string_ref() {
        return Ok(length(text.chars().count()));
    }
    if let Some(map) = of.read_lock::<Map>() {
        return Ok(length(map.len()));
    }
    items(of).map(|items| length(items.len()))
}

fn sum(numbers: &[Dynamic]) -> Fallible<Decimal> {
    numbers.iter().try_fold(Decimal::ZERO, |sum, one| checked(sum.checked_add(number(one)?)))
}

fn average(numbers: &[Dynamic]) -> Fallible<Decimal> {
    match sum(numbers)?.checked_div(Decimal::from(numbers.len())) {
        Some(average) => Ok(average),
        None => fail("nothing has no average"),
    }
}

fn most(numbers: &[Dynamic], better: fn(Decimal, Decimal) -> Decimal) -> Fallible<Decimal> {
    let mut best = None;
    for one in numbers {
        let one = number(one)?;
        best = Some(best.map_or(one, |best| better(best, one)));
    }
    best.map_or_else(|| fail("nothing has no largest and no smallest"), Ok)
}

fn pluck(items: &[Dynamic], name: &str) -> Fallible<Array> {
    let held = |item: &Dynamic| match item.read_lock::<Map>().map(|map| map.get(name).cloned()) {
        Some(Some(value)) => Ok(value),
        Some(None) => fail(format!("`{name}` is not there")),
        None => fail(format!("a list of groups is needed, not of {}", what(item))),
    };
    items.iter().map(held).collect()
}

fn or_else(items: &[Dynamic], other: &Dynamic) -> Fallible<Array> {
    let others = other.read_lock::<Array>();
    if others.as_ref().is_some_and(|others| others.len() != items.len()) {
        return fail("the two lists have not as many items");
    }
    let instead = |at: usize| match &others {
        Some(others) => others.get(at).cloned().unwrap_or_default(),
        None => other.clone(),
    };
    let there = |(at, item): (usize, &Dynamic)| if item.is_unit() { instead(at) } else { item.clone() };
    Ok(items.iter().enumerate().map(there).collect())
}

/// Everything that stands under a name, however deep; a stack of what is still to be looked at takes the place
/// of recursion, since rules can nest lists as deep as they like.
fn gather(of: Dynamic, name: &str) -> Array {
    let mut found = Array::new();
    let mut waiting = vec![of];
    while let Some(one) = waiting.pop() {
        if let Some(items) = one.read_lock::<Array>() {
            waiting.extend(items.iter().rev().cloned());
        } else if let Some(group) = one.read_lock::<Map>() {
            found.extend(group.get(name).filter(|value| !value.is_unit()).cloned());
            let others = group.iter().rev().filter(|(key, _)| key.as_str() != name);
            waiting.extend(others.map(|(_, value)| value.clone()));
        }
    }
    found
}

/// Whether each group of `some` has its like in `all`, by what both say under `names`.
fn covers(all: Dynamic, some: Dynamic, names: &[Dynamic]) -> Fallible<bool> {
    let names: Vec<String> = names.iter().map(numbers::text).collect::<Fallible<_>>()?;
    if names.is_empty() {
        // Nothing would tell one from another, and everybody would be found.
        return fail("a name is needed by which groups are told apart");
    }
    // What is known of one is looked up, so that twice as many take twice as long.
    let known: BTreeSet<Vec<String>> = groups(all, &names)?.into_iter().collect();
    Ok(groups(some, &names)?.iter().all(|one| known.contains(one)))
}

/// What each group says under these names; lists in lists are looked into, as by [`gather`].
fn groups(of: Dynamic, names: &[String]) -> Fallible<Vec<Vec<String>>> {
    let mut found = Vec::new();
    let mut waiting = vec![of];
    while let Some(one) = waiting.pop() {
        if let Some(items) = one.read_lock::<Array>() {
            waiting.extend(items.iter().cloned());
        } else if let Some(group) = one.read_lock::<Map>() {
            let said = names.iter().map(|name| group.get(name.as_str()).map_or(Ok(String::new()), in_words));
            found.push(said.collect::<Fallible<Vec<String>>>()?);
        } else if !one.is_unit() {
            return fail(format!("a list of groups is needed, not of {}", what(&one)));
        }
    }
    Ok(found)
}

/// A plain value as words that are the same whatever their case and the spaces between them; none where
/// nothing was answered.
fn in_words(value: &Dynamic) -> Fallible<String> {
    if value.is_unit() {
        return Ok(String::new());
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(flag.to_string());
    }
    if value.is_array() || value.is_map() {
        return fail(format!("groups are told apart by plain answers, not by {}", what(value)));
    }
    let text = numbers::text(value)?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
}

#[expect(clippy::needless_pass_by_value, reason = "the interpreter hands the context over by value")]
fn push(context: NativeCallContext, array: &mut Array, item: Dynamic) -> Fallible<()> {
    if array.len() >= RULE_ITEMS {
        return fail("a text, list or map becomes too large");
    }
    let large = item.is_string() || item.is_array() || item.is_map();
    array.push(item);
    if large {
        let whole = Dynamic::from_array(std::mem::take(array));
        context.engine().ensure_data_size_within_limits(&whole)?;
        *array = whole.cast();
    }
    Ok(())
}

/// Whether two plain values are the same; `2` and `2.0` are.
pub(super) fn same(x: &Dynamic, y: &Dynamic) -> bool {
    if let (Ok(x), Ok(y)) = (x.as_immutable_string_ref(), y.as_immutable_string_ref()) {
        return *x == *y;
    }
    if let (Ok(x), Ok(y)) = (x.as_bool(), y.as_bool()) {
        return x == y;
    }
    if let (Some(x), Some(y)) = (x.read_lock::<crate::base::Day>(), y.read_lock::<crate::base::Day>()) {
        return *x == *y;
    }
    matches!((number(x), number(y)), (Ok(x), Ok(y)) if x == y)
}

/// Whether two answers are the same, groups and lists part by part. No items are no answer.
fn alike(x: &Dynamic, y: &Dynamic) -> bool {
    if let (Some(x), Some(y)) = (x.read_lock::<Array>(), y.read_lock::<Array>()) {
        return x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| alike(x, y));
    }
    if let (Some(x), Some(y)) = (x.read_lock::<Map>(), y.read_lock::<Map>()) {
        let within = |one: &Map, other: &Map| {
            one.iter().all(|(name, value)| alike(value, other.get(name).unwrap_or(&Dynamic::UNIT)))
        };
        return within(&x, &y) && within(&y, &x);
    }
    is_nothing(x) && is_nothing(y) || same(x, y)
}

fn is_nothing(value: &Dynamic) -> bool {
    value.is_unit() || value.read_lock::<Array>().is_some_and(|items| items.is_empty())
}
