//! Rates as a rule meets them: values that remember that they were looked at.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rhai::{Dynamic, Engine, ImmutableString, Map, NativeCallContext};
use rust_decimal::Decimal;

use super::table::{ColumnKind, Given, Input, KeyKind, Match, Table};
use super::{RateValue, Schedule};
use crate::rule::run::{Fallible, Run, fail};
use crate::rule::sandbox;
use crate::rule::standard::{checked, number, what};

/// The interpreter of fees: the sandbox, rates and tables, and the marks that record steps.
pub(super) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut engine = sandbox::raw();
        register(&mut engine);
        engine
    })
}

/// `rates`: the schedule in force.
#[derive(Clone)]
pub(super) struct Rates(pub(super) Arc<Schedule>);

/// `rates.license_fee`: rates by code.
#[derive(Clone)]
struct ByCode {
    name: String,
    map: Arc<BTreeMap<String, RateValue>>,
}

/// `rates.trade_fee`: a table.
#[derive(Clone)]
struct Rows(Arc<Table>);

fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Rates>("rates");
    engine.register_type_with_name::<ByCode>("map of rates");
    engine.register_type_with_name::<Rows>("table");
    engine.register_indexer_get(|context: NativeCallContext, rates: &mut Rates, name: ImmutableString| {
        match rates.0.values.get(name.as_str()) {
            Some(value) => met(&context, name.as_str(), value),
            None => fail(format!("the schedule from {} has no `{name}`", rates.0.from)),
        }
    });
    engine.register_indexer_get(|context: NativeCallContext, rates: &mut ByCode, code: Dynamic| {
        let code = code_text(&code)?;
        match rates.map.get(code.as_str()) {
            Some(value) => met(&context, &format!("{}[{code}]", rates.name), value),
            None => fail(format!("`{}` has no rate for `{code}`", rates.name)),
        }
    });
    engine
        .register_fn("lookup", |context: NativeCallContext, table: Rows, keys: Map| lookup(&context, &table.0, &keys));
    engine.register_fn("telescopic", |context: NativeCallContext, table: Rows, x: Dynamic| {
        telescopic(&context, &table.0, &Map::new(), &x)
    });
    engine.register_fn("telescopic", |context: NativeCallContext, table: Rows, keys: Map, x: Dynamic| {
        telescopic(&context, &table.0, &keys, &x)
    });
    engine.register_fn("__step", |context: NativeCallContext, name: ImmutableString, value: Dynamic| {
        Run::of(&context)?.step(&name, &value, false);
        Ok::<Dynamic, Box<rhai::EvalAltResult>>(value)
    });
    engine.register_fn(
        "__again",
        |context: NativeCallContext, name: ImmutableString, value: Dynamic| -> Fallible<()> {
            Run::of(&context)?.step(&name, &value, true);
            Ok(())
        },
    );
    engine.register_fn("__branch", |context: NativeCallContext, place: i64| -> Fallible<()> {
        let place = usize::try_from(place).expect("marks count from nothing");
        Run::of(&context)?.trace().branches.insert(place);
        Ok(())
    });
    engine.register_fn("__head", |context: NativeCallContext, name: ImmutableString, value: Dynamic| {
        Run::of(&context)?.head(&name);
        Ok::<Dynamic, Box<rhai::EvalAltResult>>(value)
    });
}

/// A rate as the rule gets it; numbers and words are recorded, maps and tables wait for their key.
fn met(context: &NativeCallContext, name: &str, value: &RateValue) -> Fallible<Dynamic> {
    let (value, written) = match value {
        RateValue::Number(number) => (Dynamic::from_decimal(*number), number.normalize().to_string()),
        RateValue::Word(word) => (Dynamic::from(word.clone()), word.clone()),
        RateValue::Map(map) => return Ok(Dynamic::from(ByCode { name: name.to_owned(), map: Arc::clone(map) })),
        RateValue::Table(table) => return Ok(Dynamic::from(Rows(Arc::clone(table)))),
    };
    Run::of(context)?.used_rate(name.to_owned(), written);
    Ok(value)
}

/// A cell of a row as the rule gets it.
fn given(given: &Given) -> Dynamic {
    match given {
        Given::Word(word) => Dynamic::from(word.clone()),
        Given::Number(number) => Dynamic::from_decimal(*number),
    }
}

fn code_text(code: &Dynamic) -> Fallible<ImmutableString> {
    if let Ok(flag) = code.as_bool() {
        return Ok(flag.to_string().into());
    }
    match code.as_immutable_string_ref() {
        Ok(text) => Ok((*text).clone()),
        Err(_) => fail(format!("a code is needed, not {}", what(code))),
    }
}

fn lookup(context: &NativeCallContext, table: &Table, keys: &Map) -> Fallible<Map> {
    let inputs = inputs(table, keys, None)?;
    let row = find(table, &inputs)?;
    let values: Vec<String> = table.rows[row].gives.iter().map(Given::written).collect();
    Run::of(context)?.used_rate(format!("{}[{}]", table.name, table.row_words(row)), values.join(", "));
    let columns = table.columns.iter().zip(&table.rows[row].gives);
    Ok(columns.map(|(column, value)| (column.name.as_str().into(), given(value))).collect())
}

fn find(table: &Table, inputs: &[Input]) -> Fallible<usize> {
    match table.find(inputs) {
        Some(row) => Ok(row),
        None => fail(format!("`{}` has no row for {}", table.name, input_words(table, inputs))),
    }
}

/// `trade = FOOD, workers = 12`.
pub(super) fn input_words(table: &Table, inputs: &[Input]) -> String {
    let words = table.keys.iter().zip(inputs).map(|(key, input)| match input {
        Input::Code(code) => format!("{} = {code}", key.name),
        Input::Number(x) => format!("{} = {}", key.name, x.normalize()),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What the row is looked up by; `line` stands for the one key that `keys` does not give.
fn inputs(table: &Table, keys: &Map, line: Option<Decimal>) -> Fallible<Vec<Input>> {
    let mut inputs = Vec::with_capacity(table.keys.len());
    for key in &table.keys {
        let input = match (&key.kind, keys.get(key.name.as_str()), line) {
            (KeyKind::Number { .. }, None, Some(x)) => Input::Number(x),
            (_, None, _) => return fail(format!("`{}` is looked up without `{}`", table.name, key.name)),
            (_, Some(value), _) if value.is_unit() => {
                return fail(format!("`{}` is looked up with no answer for `{}`", table.name, key.name));
            }
            (KeyKind::Number { .. }, Some(value), _) => Input::Number(number(value)?),
            (_, Some(value), _) => Input::Code(code_text(value)?.to_string()),
        };
        inputs.push(input);
    }
    Ok(inputs)
}

/// The sum over all stretches up to `x` of the part of `x` in the stretch times its rate.
fn telescopic(context: &NativeCallContext, table: &Table, keys: &Map, x: &Dynamic) -> Fallible<Decimal> {
    let x = number(x)?;
    if x.is_sign_negative() && !x.is_zero() {
        return fail("a telescopic rate needs a number that is not negative");
    }
    let lines = |key: &&super::table::TableKey| {
        matches!(key.kind, KeyKind::Number { .. }) && !keys.contains_key(key.name.as_str())
    };
    let Some(place) = table.keys.iter().position(|key| lines(&key)) else {
        return fail(format!("`{}` has no key with intervals", table.name));
    };
    let KeyKind::Number { ends, .. } = &table.keys[place].kind else { return fail("a key with intervals is needed") };
    let Some(column) = table.columns.iter().position(|column| !matches!(column.kind, ColumnKind::Words(_))) else {
        return fail(format!("`{}` gives no number", table.name));
    };
    let mut total = Decimal::ZERO;
    let mut at = Decimal::ZERO;
    // The row for the stretch that begins at `at` is the row for a number just inside of it.
    while at < x {
        let probe = ends.just_inside(at, x);
        let row = find(table, &inputs(table, keys, Some(probe))?)?;
        let end = match &table.rows[row].matches[place] {
            Some(Match::In(interval)) => interval.to.map_or(x, |to| to.min(x)),
            _ => x,
        };
        if end <= at {
            return fail(format!("`{}` has no row for what is above {at}", table.name));
        }
        let Given::Number(rate) = &table.rows[row].gives[column] else { return fail("a column of numbers is needed") };
        let rate = if table.columns[column].kind == ColumnKind::Percent {
            checked(rate.checked_div(Decimal::ONE_HUNDRED))?
        } else {
            *rate
        };
        let part = checked(rate.checked_mul(end - at))?;
        Run::of(context)?
            .used_rate(format!("{}[{}]", table.name, table.row_words(row)), table.rows[row].gives[column].written());
        total = checked(total.checked_add(part))?;
        at = end;
    }
    Ok(total)
}
