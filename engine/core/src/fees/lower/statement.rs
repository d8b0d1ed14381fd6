//! Blocks, loops, calls and look-ups as closures.

use std::rc::Rc;

use rust_decimal::Decimal;

use super::closure::{Code, KeyCode, Maker};
use super::frame::{Exit, Frame, Out, stop};
use super::operate::change;
use super::program::{Block, Constant, Expr, For, Keys, Over, Sign, Statement};
use super::telescopic::telescopic;
use super::value::Value;
use crate::fees::table::NOTHING;

/// Keys of a table that a closure has room for; a table with more is left to the interpreter.
const KEYS: usize = 8;

/// A condition, ready to run.
type Flag = Box<dyn for<'p> Fn(&mut Frame<'p>) -> Result<bool, Exit> + Send + Sync>;

impl Maker<'_> {
    /// An expression that is yes or no.
    pub(super) fn flag(self, expression: &Expr) -> Flag {
        match expression {
            Expr::All(parts) => {
                let parts: Vec<Flag> = parts.iter().map(|part| self.flag(part)).collect();
                Box::new(move |frame| {
                    for part in &parts {
                        if !part(frame)? {
                            return Ok(false);
                        }
                    }
                    Ok(true)
                })
            }
            Expr::Any(parts) => {
                let parts: Vec<Flag> = parts.iter().map(|part| self.flag(part)).collect();
                Box::new(move |frame| {
                    for part in &parts {
                        if part(frame)? {
                            return Ok(true);
                        }
                    }
                    Ok(false)
                })
            }
            other => {
                let code = self.expression(other);
                Box::new(move |frame| stop(code(frame)?.flag()))
            }
        }
    }

    pub(super) fn if_else(self, condition: &Expr, then: &Block, otherwise: &Block) -> Code {
        let (condition, then, otherwise) = (self.flag(condition), self.block(then), self.block(otherwise));
        Box::new(move |frame| if condition(frame)? { then(frame) } else { otherwise(frame) })
    }

    pub(super) fn block(self, block: &Block) -> Code {
        let mut statements: Vec<Code> = block.iter().map(|statement| self.statement(statement)).collect();
        let Some(last) = statements.pop() else { return Box::new(|_| Ok(Value::Nothing)) };
        if statements.is_empty() {
            return last;
        }
        Box::new(move |frame| {
            for statement in &statements {
                statement(frame)?;
            }
            last(frame)
        })
    }

    fn statement(self, statement: &Statement) -> Code {
        match statement {
            Statement::Expr(expression) => self.expression(expression),
            Statement::Set(slot, value) => {
                let (slot, value) = (*slot, self.expression(value));
                Box::new(move |frame| {
                    let value = value(frame)?;
                    frame.set(slot, value);
                    Ok(Value::Nothing)
                })
            }
            Statement::Change(slot, sign, value) => {
                let (slot, sign, value) = (*slot, *sign, self.expression(value));
                Box::new(move |frame| {
                    let value = value(frame)?;
                    let changed = stop(change(sign, frame.slot(slot), &value, &frame.bound.words))?;
                    frame.set(slot, changed);
                    Ok(Value::Nothing)
                })
            }
            Statement::Member(slot, name, sign, value) => {
                let (slot, name, sign, value) = (*slot, *name, *sign, self.expression(value));
                Box::new(move |frame| {
                    let value = value(frame)?;
                    set_member(frame, slot, name, sign, value)
                })
            }
            Statement::Push(slot, item) => {
                let (slot, item) = (*slot, self.expression(item));
                Box::new(move |frame| {
                    let item = item(frame)?;
                    push(frame, slot, item)
                })
            }
            Statement::Again(name, slot) => {
                let (name, slot, steps) = (*name, *slot, self.steps);
                Box::new(move |frame| {
                    if steps {
                        frame.step(name, frame.slot(slot), true);
                    }
                    Ok(Value::Nothing)
                })
            }
            Statement::For(parts) => self.for_loop(parts),
            Statement::Return(value) => self.leave(value.as_ref(), Exit::Return),
            Statement::Break(value) => self.leave(value.as_ref(), Exit::Break),
            Statement::Continue => Box::new(|_| Err(Exit::Continue)),
        }
    }

    fn leave(self, value: Option<&Expr>, exit: Exit) -> Code {
        let value = self.expression(value.unwrap_or(&Expr::Constant(Constant::Nothing)));
        Box::new(move |frame| {
            frame.returned = value(frame)?;
            Err(exit)
        })
    }

    fn for_loop(self, parts: &For) -> Code {
        let round = Round { item: parts.item, counter: parts.counter, cost: parts.cost, body: self.block(&parts.body) };
        match &parts.over {
            Over::Items(items) => {
                let items = self.expression(items);
                Box::new(move |frame| {
                    let Value::Items(items) = items(frame)? else { return Err(Exit::Stop) };
                    for (place, item) in items.iter().enumerate() {
                        if round.run(frame, place, item.clone())? {
                            return Ok(std::mem::replace(&mut frame.returned, Value::Nothing));
                        }
                    }
                    Ok(Value::Nothing)
                })
            }
            Over::Range(from, to, inclusive) => {
                let (from, to, inclusive) = (self.expression(from), self.expression(to), *inclusive);
                Box::new(move |frame| {
                    let (Value::Whole(from), Value::Whole(to)) = (from(frame)?, to(frame)?) else {
                        return Err(Exit::Stop);
                    };
                    let last = if inclusive { to } else { stop(to.checked_sub(1))? };
                    for (place, item) in (from..=last).enumerate() {
                        if round.run(frame, place, Value::Whole(item))? {
                            return Ok(std::mem::replace(&mut frame.returned, Value::Nothing));
                        }
                    }
                    Ok(Value::Nothing)
                })
            }
        }
    }

    /// A call of a function of the file.
    pub(super) fn call(self, function: usize, first: usize, arguments: &[Expr]) -> Code {
        let (arguments, steps) = (self.all(arguments), self.steps);
        Box::new(move |frame| {
            for (place, argument) in arguments.iter().enumerate() {
                let argument = argument(frame)?;
                frame.set(first + place, argument);
            }
            frame.base += first;
            let machine = frame.machine;
            let given = machine.function(function, steps).run(frame);
            frame.base -= first;
            given
        })
    }

    pub(super) fn lookup(self, table: &Expr, keys: &Keys) -> Code {
        if let (Expr::Constant(Constant::Rate(place)), Keys::Written(parts)) = (table, keys)
            && let Some(table) = self.bound.table(*place)
        {
            return self.lookup_in(table, parts);
        }
        let (table, keys, steps) = (self.expression(table), self.keys(keys), self.steps);
        Box::new(move |frame| {
            let Value::Rate(place) = table(frame)? else { return Err(Exit::Stop) };
            let table = stop(frame.bound.table(place))?;
            let given = given(frame, &keys)?;
            let mut inputs: [Value; KEYS] = [const { Value::Nothing }; KEYS];
            let rows = &frame.bound.tables[table];
            let inputs = stop(inputs.get_mut(..rows.keys.len()))?;
            for (input, key) in inputs.iter_mut().zip(&rows.keys) {
                *input = stop(key_value(frame, &given, key.name, key.takes_numbers()))?;
            }
            let row = stop(rows.find(&frame.bound.words, inputs))?;
            if steps {
                frame.used_row(table, row);
            }
            let number = |place: usize| stop(u32::try_from(place).ok());
            Ok(Value::Row(number(table)?, number(row)?))
        })
    }

    /// A look-up whose table and keys are known: every key goes straight to its place.
    fn lookup_in(self, table: usize, parts: &[(u32, Expr)]) -> Code {
        let keys = &self.bound.tables[table].keys;
        let of_part = |(name, value): &(u32, Expr)| {
            let place = keys.iter().position(|key| key.name == *name);
            (place, place.is_some_and(|place| keys[place].takes_numbers()), self.expression(value))
        };
        let parts: Vec<_> = parts.iter().map(of_part).collect();
        let complete =
            keys.iter().all(|key| parts.iter().any(|(place, ..)| place.is_some_and(|at| keys[at].name == key.name)));
        let (many, steps) = (keys.len(), self.steps);
        if !steps && complete && parts.len() == many {
            return walk(table, parts);
        }
        let number = u32::try_from(table).ok().filter(|_| complete);
        Box::new(move |frame| {
            let mut inputs: [Value; KEYS] = [const { Value::Nothing }; KEYS];
            for (place, takes_numbers, value) in &parts {
                let value = match value(frame)? {
                    Value::Flag(flag) if !takes_numbers => stop(frame.bound.flags[usize::from(flag)].map(Value::Word))?,
                    value => value,
                };
                if let Some(place) = place {
                    *stop(inputs.get_mut(*place))? = value;
                }
            }
            let rows = &frame.bound.tables[table];
            let row = stop(rows.find(&frame.bound.words, stop(inputs.get(..many))?))?;
            if steps {
                frame.used_row(table, row);
            }
            Ok(Value::Row(stop(number)?, stop(u32::try_from(row).ok())?))
        })
    }

    pub(super) fn telescopic(self, table: &Expr, keys: &Keys, x: &Expr) -> Code {
        let (table, keys, x, steps) = (self.expression(table), self.keys(keys), self.expression(x), self.steps);
        Box::new(move |frame| {
            let Value::Rate(place) = table(frame)? else { return Err(Exit::Stop) };
            let table = stop(frame.bound.table(place))?;
            let given = given(frame, &keys)?;
            let x: Decimal = stop(x(frame)?.number())?;
            stop(telescopic(frame, table, &given, x, steps).map(Value::Number))
        })
    }
}

/// A look-up from key to key. In what order keys are computed matters only where steps are recorded.
fn walk(table: usize, parts: Vec<(Option<usize>, bool, Code)>) -> Code {
    let mut parts = parts;
    parts.sort_by_key(|(place, ..)| *place);
    let keys: Vec<(bool, Code)> = parts.into_iter().map(|(_, takes_numbers, code)| (takes_numbers, code)).collect();
    let number = u32::try_from(table).ok();
    Box::new(move |frame| {
        let rows = &frame.bound.tables[table];
        let mut at = rows.table.index.root;
        for (key, (takes_numbers, code)) in rows.keys.iter().zip(&keys) {
            let value = match code(frame)? {
                Value::Flag(flag) if !takes_numbers => stop(frame.bound.flags[usize::from(flag)].map(Value::Word))?,
                value => value,
            };
            at = stop(rows.next(&frame.bound.words, at, key, &value))?;
        }
        stop(number.filter(|_| at != NOTHING).map(|table| Value::Row(table, at)))
    })
}

/// The body of a loop.
struct Round {
    item: usize,
    counter: Option<usize>,
    cost: u64,
    body: Code,
}

impl Round {
    /// Runs once; whether the loop is left.
    fn run(&self, frame: &mut Frame<'_>, place: usize, item: Value) -> Result<bool, Exit> {
        frame.count(self.cost)?;
        if let Some(counter) = self.counter {
            frame.set(counter, Value::Whole(stop(i64::try_from(place).ok())?));
        }
        frame.set(self.item, item);
        match (self.body)(frame) {
            Ok(_) | Err(Exit::Continue) => Ok(false),
            Err(Exit::Break) => Ok(true),
            Err(exit) => Err(exit),
        }
    }
}

/// The values that keys are given.
pub(super) fn given(frame: &mut Frame<'_>, keys: &KeyCode) -> Result<Vec<(u32, Value)>, Exit> {
    match keys {
        KeyCode::Written(parts) => {
            let mut given = Vec::with_capacity(parts.len());
            for (name, value) in parts {
                given.push((*name, value(frame)?));
            }
            Ok(given)
        }
        KeyCode::Given(code) => match code(frame)? {
            Value::Group(group) => Ok(group.parts.clone()),
            _ => Err(Exit::Stop),
        },
    }
}

/// What a row is looked up by.
pub(super) fn key_value(frame: &Frame<'_>, given: &[(u32, Value)], name: u32, number: bool) -> Option<Value> {
    match given.iter().find(|(known, _)| *known == name).map(|(_, value)| value)? {
        Value::Flag(flag) if !number => frame.bound.flags[usize::from(*flag)].map(Value::Word),
        Value::Nothing => None,
        value => Some(value.clone()),
    }
}

fn set_member(frame: &mut Frame<'_>, slot: usize, name: u32, sign: Option<Sign>, value: Value) -> Out {
    let Value::Group(group) = frame.slot(slot) else { return Err(Exit::Stop) };
    let value = match sign {
        Some(sign) => stop(change(sign, stop(group.part(name))?, &value, &frame.bound.words))?,
        None => value,
    };
    frame.takes_in_part(&value)?;
    let place = frame.base + slot;
    let Value::Group(group) = &mut frame.slots[place] else { return Err(Exit::Stop) };
    let group = Rc::make_mut(group);
    match group.parts.iter_mut().find(|(known, _)| *known == name) {
        Some(part) => part.1 = value,
        None => group.parts.push((name, value)),
    }
    Ok(Value::Nothing)
}

fn push(frame: &mut Frame<'_>, slot: usize, item: Value) -> Out {
    frame.takes_in_item(&item)?;
    let place = frame.base + slot;
    let Value::Items(items) = &mut frame.slots[place] else { return Err(Exit::Stop) };
    Rc::make_mut(items).push(item);
    Ok(Value::Nothing)
}
