//! The lowered form as closures: every decision that can be made before a rule runs is made.

use std::rc::Rc;

use super::bound::{Bound, RateKind};
use super::frame::{Exit, Frame, Out, stop};
use super::operate::operate;
use super::program::{Constant, Expr, Function, Keys, Sign, Switch};
use super::standard;
use super::value::{Group, Value};

/// A piece of a rule, ready to run.
pub(super) type Code = Box<dyn for<'p> Fn(&mut Frame<'p>) -> Out + Send + Sync>;

/// Makes closures.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) bound: &'a Bound,
    /// Whether steps are recorded.
    pub(super) steps: bool,
}

impl Maker<'_> {
    pub(super) fn expression(self, expression: &Expr) -> Code {
        match expression {
            Expr::Constant(constant) => {
                let constant = *constant;
                Box::new(move |_| Ok(constant.into()))
            }
            Expr::Rate(place) => self.rate(*place),
            Expr::Slot(slot) => {
                let slot = *slot;
                Box::new(move |frame| Ok(frame.slot(slot).clone()))
            }
            Expr::Today => Box::new(|frame| Ok(Value::Day(frame.today))),
            Expr::Record => Box::new(record),
            Expr::Period => Box::new(period),
            Expr::Member(of, name) => self.member(of, *name),
            Expr::Item(both) => {
                let (of, key) = (self.expression(&both.0), self.expression(&both.1));
                let steps = self.steps;
                Box::new(move |frame| {
                    let (of, key) = (of(frame)?, key(frame)?);
                    item(frame, &of, &key, steps)
                })
            }
            Expr::Binary(sign, both) => self.binary(*sign, &both.0, &both.1),
            Expr::Not(of) => {
                let of = self.flag(of);
                Box::new(move |frame| Ok(Value::Flag(!of(frame)?)))
            }
            Expr::Minus(of) => {
                let of = self.expression(of);
                Box::new(move |frame| match of(frame)? {
                    Value::Number(number) => Ok(Value::Number(-number)),
                    Value::Whole(whole) => stop(whole.checked_neg().map(Value::Whole)),
                    _ => Err(Exit::Stop),
                })
            }
            Expr::Plus(of) => {
                let of = self.expression(of);
                Box::new(move |frame| match of(frame)? {
                    number @ (Value::Number(_) | Value::Whole(_)) => Ok(number),
                    _ => Err(Exit::Stop),
                })
            }
            Expr::All(_) | Expr::Any(_) => {
                let flag = self.flag(expression);
                Box::new(move |frame| flag(frame).map(Value::Flag))
            }
            Expr::First(parts) => self.first(parts),
            Expr::If(parts) => self.if_else(&parts.0, &parts.1, &parts.2),
            Expr::Switch(switch) => self.switch(switch),
            Expr::Block(block) => self.block(block),
            Expr::Call { function, first, arguments } => self.call(*function, *first, arguments),
            Expr::Standard(function, arguments) => self.standard(*function, arguments),
            Expr::Lookup(table, keys) => self.lookup(table, keys),
            Expr::Telescopic(both, keys) => self.telescopic(&both.0, keys, &both.1),
            Expr::Items(items) => self.items(items),
            Expr::Group(parts) => self.group(parts),
            Expr::Step(name, value) => self.step(*name, value),
            Expr::Head(name, value) => self.head(*name, value),
        }
    }

    pub(super) fn all(self, expressions: &[Expr]) -> Vec<Code> {
        expressions.iter().map(|expression| self.expression(expression)).collect()
    }

    /// A number or a word of the rates.
    fn rate(self, place: u32) -> Code {
        let constant = self.bound.constant(place);
        if !self.steps {
            return Box::new(move |_| Ok(constant.into()));
        }
        Box::new(move |frame| {
            frame.used(place);
            Ok(constant.into())
        })
    }

    fn member(self, of: &Expr, name: u32) -> Code {
        let steps = self.steps;
        if let Expr::Slot(slot) = of {
            let slot = *slot;
            return Box::new(move |frame| {
                if let Value::Group(group) = frame.slot(slot) {
                    return stop(group.part(name).cloned());
                }
                let of = frame.slot(slot).clone();
                member(frame, &of, name, steps)
            });
        }
        let of = self.expression(of);
        Box::new(move |frame| {
            let of = of(frame)?;
            member(frame, &of, name, steps)
        })
    }

    fn binary(self, sign: Sign, left: &Expr, right: &Expr) -> Code {
        macro_rules! each {
            ($($sign:ident)*) => {
                match sign {
                    $(Sign::$sign => self.operands(left, right, |x, y, frame| {
                        operate(Sign::$sign, x, y, &frame.bound.words)
                    }),)*
                }
            };
        }
        each!(Add Subtract Multiply Divide Remainder Equal Differ Less AtMost More AtLeast)
    }

    /// Looks at operands where they are, if they need not be computed.
    fn operands<F>(self, left: &Expr, right: &Expr, operate: F) -> Code
    where
        F: Fn(&Value, &Value, &Frame<'_>) -> Option<Value> + Send + Sync + 'static,
    {
        match (left, right) {
            (Expr::Slot(left), Expr::Slot(right)) => {
                let (left, right) = (*left, *right);
                Box::new(move |frame| stop(operate(frame.slot(left), frame.slot(right), frame)))
            }
            (Expr::Slot(left), Expr::Constant(right)) => {
                let (left, right) = (*left, *right);
                Box::new(move |frame| stop(operate(frame.slot(left), &right.into(), frame)))
            }
            (Expr::Member(of, name), Expr::Constant(right)) if matches!(**of, Expr::Slot(_)) => {
                let (of, name, right) = (self.expression(left), *name, *right);
                let Expr::Member(slot, _) = left else { return of };
                let Expr::Slot(slot) = **slot else { return of };
                Box::new(move |frame| {
                    if let Value::Group(group) = frame.slot(slot) {
                        let left = stop(group.part(name))?;
                        return stop(operate(left, &right.into(), frame));
                    }
                    let left = of(frame)?;
                    stop(operate(&left, &right.into(), frame))
                })
            }
            (left, Expr::Constant(right)) => {
                let (left, right) = (self.expression(left), *right);
                Box::new(move |frame| {
                    let left = left(frame)?;
                    stop(operate(&left, &right.into(), frame))
                })
            }
            (left, Expr::Slot(right)) => {
                let (left, right) = (self.expression(left), *right);
                Box::new(move |frame| {
                    let left = left(frame)?;
                    stop(operate(&left, frame.slot(right), frame))
                })
            }
            (left, right) => {
                let (left, right) = (self.expression(left), self.expression(right));
                Box::new(move |frame| {
                    let (left, right) = (left(frame)?, right(frame)?);
                    stop(operate(&left, &right, frame))
                })
            }
        }
    }

    fn first(self, parts: &[Expr]) -> Code {
        let parts = self.all(parts);
        Box::new(move |frame| {
            let mut value = Value::Nothing;
            for part in &parts {
                value = part(frame)?;
                if !matches!(value, Value::Nothing) {
                    break;
                }
            }
            Ok(value)
        })
    }

    fn switch(self, switch: &Switch) -> Code {
        let value = self.expression(&switch.value);
        let way = |(condition, then): &(Option<Expr>, Expr)| {
            (condition.as_ref().map(|condition| self.flag(condition)), self.expression(then))
        };
        let ways: Vec<_> = switch.ways.iter().map(way).collect();
        let (labels, otherwise) = (switch.labels.clone(), switch.otherwise);
        Box::new(move |frame| {
            let value = value(frame)?;
            for place in labels.iter().filter(|(label, _)| is(&value, *label)).flat_map(|(_, ways)| ways) {
                let (condition, then) = &ways[*place];
                let holds = match condition {
                    Some(condition) => condition(frame)?,
                    None => true,
                };
                if holds {
                    return then(frame);
                }
            }
            otherwise.map_or(Ok(Value::Nothing), |place| ways[place].1(frame))
        })
    }

    fn standard(self, function: Function, arguments: &[Expr]) -> Code {
        if let (Function::Listed, [list, code, column]) = (function, arguments) {
            return self.listed(list, code, column);
        }
        if let (Function::Pluck, [of, Expr::Constant(Constant::Word(name))]) = (function, arguments) {
            let (of, name) = (self.expression(of), *name);
            return Box::new(move |frame| {
                let of = of(frame)?;
                stop(standard::pluck(&of, name))
            });
        }
        let steps = self.steps && matches!(function, Function::Round(_));
        let mut codes = self.all(arguments);
        match (codes.pop(), codes.pop(), codes.is_empty()) {
            (Some(x), None, true) => Box::new(move |frame| {
                let arguments = [x(frame)?];
                stop(standard::call(function, &arguments, &frame.bound.words, frame.calendar))
            }),
            (Some(y), Some(x), true) => Box::new(move |frame| {
                let arguments = [x(frame)?, y(frame)?];
                let value = stop(standard::call(function, &arguments, &frame.bound.words, frame.calendar))?;
                if steps {
                    frame.rounded(&arguments[0], &value);
                }
                Ok(value)
            }),
            _ => {
                let codes = self.all(arguments);
                Box::new(move |frame| {
                    let mut arguments = Vec::with_capacity(codes.len());
                    for code in &codes {
                        arguments.push(code(frame)?);
                    }
                    stop(standard::call(function, &arguments, &frame.bound.words, frame.calendar))
                })
            }
        }
    }

    fn items(self, items: &[Expr]) -> Code {
        let items = self.all(items);
        Box::new(move |frame| {
            let mut made = Vec::with_capacity(items.len());
            for item in &items {
                let item = item(frame)?;
                frame.takes_in_item(&item)?;
                made.push(item);
            }
            Ok(Value::Items(Rc::new(made)))
        })
    }

    fn group(self, parts: &[(u32, Expr)]) -> Code {
        let parts: Vec<(u32, Code)> = parts.iter().map(|(name, value)| (*name, self.expression(value))).collect();
        Box::new(move |frame| {
            let mut made = Vec::with_capacity(parts.len());
            for (name, value) in &parts {
                let value = value(frame)?;
                frame.takes_in_part(&value)?;
                made.push((*name, value));
            }
            Ok(Value::Group(Rc::new(Group { parts: made, whole: true })))
        })
    }

    fn step(self, name: u32, value: &Expr) -> Code {
        let value = self.expression(value);
        if !self.steps {
            return value;
        }
        Box::new(move |frame| {
            let value = value(frame)?;
            frame.step(name, &value, false);
            Ok(value)
        })
    }

    fn head(self, name: u32, value: &Expr) -> Code {
        let value = self.expression(value);
        if !self.steps {
            return value;
        }
        Box::new(move |frame| {
            let value = value(frame)?;
            frame.head(name);
            Ok(value)
        })
    }
}

/// Whether a value is the label of a `switch`, in which `1` and `1.0` differ.
fn is(value: &Value, label: Constant) -> bool {
    match (value, label) {
        (Value::Word(x), Constant::Word(y)) => *x == y,
        (Value::Whole(x), Constant::Whole(y)) => *x == y,
        (Value::Flag(x), Constant::Flag(y)) => *x == y,
        (Value::Nothing, Constant::Nothing) => true,
        _ => false,
    }
}

/// The record that the case is about.
fn record(frame: &mut Frame<'_>) -> Out {
    frame.record()
}

/// The period that is billed.
fn period(frame: &mut Frame<'_>) -> Out {
    frame.period()
}

/// `of.name`
fn member(frame: &mut Frame<'_>, of: &Value, name: u32, steps: bool) -> Out {
    match of {
        Value::Group(group) => stop(group.part(name).cloned()),
        Value::Row(table, row) => {
            let rows = &frame.bound.tables[*table as usize];
            let column = rows.columns.iter().position(|column| *column == name);
            stop(column.map(|column| rows.cell(*row as usize, column).into()))
        }
        Value::Rate(place) => {
            let below = stop(frame.bound.below(*place, name))?;
            if steps && matches!(frame.bound.rates[below as usize].kind, RateKind::Number(_) | RateKind::Word(_)) {
                frame.used(below);
            }
            Ok(frame.bound.constant(below).into())
        }
        _ => Err(Exit::Stop),
    }
}

/// `of[key]`
fn item(frame: &mut Frame<'_>, of: &Value, key: &Value, steps: bool) -> Out {
    match (of, key) {
        (Value::Items(items), Value::Whole(place)) => {
            let from_the_end = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let place = if *place < 0 { stop(place.checked_add(from_the_end))? } else { *place };
            stop(usize::try_from(place).ok().and_then(|place| items.get(place)).cloned())
        }
        (Value::Group(_) | Value::Row(..) | Value::Rate(_), Value::Word(name)) => member(frame, of, *name, steps),
        (Value::Rate(_), Value::Flag(flag)) => {
            let name = stop(frame.bound.flags[usize::from(*flag)])?;
            member(frame, of, name, steps)
        }
        _ => Err(Exit::Stop),
    }
}

/// The keys of a call, ready to run.
pub(super) enum KeyCode {
    Written(Vec<(u32, Code)>),
    Given(Code),
}

impl Maker<'_> {
    pub(super) fn keys(self, keys: &Keys) -> KeyCode {
        match keys {
            Keys::Written(parts) => {
                KeyCode::Written(parts.iter().map(|(name, value)| (*name, self.expression(value))).collect())
            }
            Keys::Given(given) => KeyCode::Given(self.expression(given)),
        }
    }
}
