//! Plans of expressions.

use std::sync::Arc;

use super::super::bound::{Place, Rows};
use super::super::build::Known;
use super::super::program::{Constant, Expr, Function, Keys, Sign, Switch};
use super::number::{Number, power};
use super::operation::{LoadKind, Operand, Operation, Pair, Register, Sought};
use super::plan::{Plan, Shape};
use crate::fees::interval::Ends;

/// Decimals that an answer is read with.
pub(super) const ANSWER_SCALE: u32 = 2;
/// The largest number that an answer is read as; a case with a larger one is left.
pub(super) const ANSWER_MOST: i128 = 10_000_000;

impl Plan<'_> {
    /// What is known of an expression.
    pub(super) fn expression(&mut self, expression: &Expr) -> Option<Shape> {
        match expression {
            Expr::Constant(constant) => Some(Shape::Constant(*constant)),
            Expr::Rate(place) => Some(Shape::Constant(self.bound.constant(*place))),
            Expr::Slot(slot) => Some(self.slot(*slot)),
            Expr::Today => Some(Shape::Today),
            Expr::Member(of, name) => {
                let of = self.expression(of)?;
                self.member(&of, *name)
            }
            Expr::Item(both) => {
                let (of, key) = (self.expression(&both.0)?, self.expression(&both.1)?);
                match (of, key) {
                    (of, Shape::Constant(Constant::Word(name))) => self.member(&of, name),
                    _ => None,
                }
            }
            Expr::Binary(sign, both) => match sign {
                Sign::Add | Sign::Subtract | Sign::Multiply | Sign::Divide => {
                    let (x, y) = (self.number(&both.0)?, self.number(&both.1)?);
                    self.computed(*sign, x, y).map(Shape::Number)
                }
                Sign::Remainder => None,
                _ => self.flag(expression).map(flag_shape),
            },
            Expr::Minus(of) => {
                let number = self.number(of)?;
                let zero = Number { value: Operand::Same(0), scale: 0, low: 0, high: 0 };
                self.computed(Sign::Subtract, zero, number).map(Shape::Number)
            }
            Expr::Plus(of) => self.number(of).map(Shape::Number),
            Expr::Not(_) | Expr::All(_) | Expr::Any(_) => self.flag(expression).map(flag_shape),
            Expr::If(parts) => self.if_else(&parts.0, &parts.1, &parts.2, true),
            Expr::Switch(switch) => self.switch(switch),
            Expr::Block(block) => self.block(block),
            Expr::Call { function, first, arguments } => self.call(*function, *first, arguments),
            Expr::Standard(function, arguments) => self.standard(*function, arguments),
            Expr::Lookup(table, keys) => self.lookup(table, keys),
            Expr::Group(parts) => {
                let shapes = parts.iter().map(|(name, part)| Some((*name, self.expression(part)?)));
                shapes.collect::<Option<_>>().map(Shape::Group)
            }
            Expr::Step(_, value) | Expr::Head(_, value) => self.expression(value),
            Expr::Record | Expr::Period | Expr::First(_) | Expr::Telescopic(..) | Expr::Items(_) => None,
        }
    }

    /// A number, as an expression.
    pub(super) fn number(&mut self, expression: &Expr) -> Option<Number> {
        let shape = self.expression(expression)?;
        self.as_number(&shape)
    }

    pub(super) fn as_number(&mut self, shape: &Shape) -> Option<Number> {
        match shape {
            Shape::Constant(constant) => Number::of(*constant),
            Shape::Number(number) => Some(*number),
            Shape::Answer(list, name) => {
                let column = self.load(*list, *name, LoadKind::Number);
                let most = ANSWER_MOST * power(ANSWER_SCALE)?;
                let value = Operand::Column(Register::Narrow(column));
                Some(Number { value, scale: ANSWER_SCALE, low: -most, high: most })
            }
            _ => None,
        }
    }

    /// Words of a shape: a column, or the same for all.
    fn as_word(&mut self, shape: &Shape) -> Option<Operand> {
        match shape {
            Shape::Constant(Constant::Word(word)) => Some(Operand::Same(i128::from(*word))),
            Shape::Word(column) => Some(Operand::Column(Register::Narrow(*column))),
            Shape::Answer(list, name) => {
                Some(Operand::Column(Register::Narrow(self.load(*list, *name, LoadKind::Word))))
            }
            _ => None,
        }
    }

    fn member(&mut self, of: &Shape, name: u32) -> Option<Shape> {
        match of {
            Shape::Answers => Some(Shape::Answer(None, name)),
            Shape::Item(list) => Some(Shape::Answer(Some(*list), name)),
            Shape::Group(parts) => parts.iter().find(|(known, _)| *known == name).map(|(_, part)| part.clone()),
            Shape::Constant(Constant::Rate(place)) => {
                self.bound.below(*place, name).map(|below| Shape::Constant(self.bound.constant(below)))
            }
            Shape::Row(table, row) => self.cell(*table, *row, name),
            _ => None,
        }
    }

    /// What a row gives under a name.
    fn cell(&mut self, table: usize, row: usize, name: u32) -> Option<Shape> {
        let rows = &self.bound.tables[table];
        let column = rows.columns.iter().position(|column| *column == name)?;
        let cells: Vec<Constant> = (0..rows.table.rows.len()).map(|row| rows.cell(row, column)).collect();
        let words: Option<Vec<i64>> = cells
            .iter()
            .map(|cell| if let Constant::Word(word) = cell { Some(i64::from(*word)) } else { None })
            .collect();
        let to = self.narrow();
        if let Some(words) = words {
            let cells = self.cells(table, column, words);
            self.say(Operation::Cell { cells, row, to });
            return Some(Shape::Word(to));
        }
        let numbers: Vec<Number> = cells.into_iter().map(Number::of).collect::<Option<_>>()?;
        let scale = numbers.iter().map(|number| number.scale).max()?;
        let scaled = |number: &Number| i64::try_from(number.low.checked_mul(power(scale - number.scale)?)?).ok();
        let scaled: Vec<i64> = numbers.iter().map(scaled).collect::<Option<_>>()?;
        let (low, high) = (i128::from(*scaled.iter().min()?), i128::from(*scaled.iter().max()?));
        let cells = self.cells(table, column, scaled);
        self.say(Operation::Cell { cells, row, to });
        Some(Shape::Number(Number { value: Operand::Column(Register::Narrow(to)), scale, low, high }))
    }

    fn cells(&mut self, table: usize, column: usize, cells: Vec<i64>) -> usize {
        let known = self.shared.cells.iter().position(|(one, other, _)| (*one, *other) == (table, column));
        known.unwrap_or_else(|| {
            self.shared.cells.push((table, column, cells));
            self.shared.cells.len() - 1
        })
    }

    /// A condition: known, or a column of flags.
    pub(super) fn flag(&mut self, expression: &Expr) -> Option<Result<bool, usize>> {
        match expression {
            Expr::Not(of) => Some(match self.flag(of)? {
                Ok(known) => Ok(!known),
                Err(of) => {
                    let to = self.narrow();
                    self.say(Operation::Not { of, to });
                    Err(to)
                }
            }),
            Expr::All(parts) => self.joined(parts, false),
            Expr::Any(parts) => self.joined(parts, true),
            Expr::Binary(sign, both) if !is_sum(*sign) => {
                let (x, y) = (self.expression(&both.0)?, self.expression(&both.1)?);
                self.compared(*sign, &x, &y)
            }
            other => match self.expression(other)? {
                Shape::Constant(Constant::Flag(known)) => Some(Ok(known)),
                Shape::Flag(column) => Some(Err(column)),
                Shape::Answer(list, name) => Some(Err(self.load(list, name, LoadKind::Flag))),
                _ => None,
            },
        }
    }

    /// `x && y`, and `x || y`: what follows is looked at only where it counts.
    fn joined(&mut self, parts: &[Expr], any: bool) -> Option<Result<bool, usize>> {
        let outer = self.mask;
        let mut so_far: Option<usize> = None;
        for part in parts {
            match self.flag(part)? {
                Ok(known) if known == any => {
                    self.mask = outer;
                    return if so_far.is_none() { Some(Ok(any)) } else { None };
                }
                Ok(_) => {}
                Err(flag) => {
                    let next = so_far.map_or(flag, |left| {
                        let to = self.narrow();
                        let right = flag;
                        self.say(if any {
                            Operation::Or { left, right, to }
                        } else {
                            Operation::And { left, right, to }
                        });
                        to
                    });
                    so_far = Some(next);
                    let open = if any {
                        let to = self.narrow();
                        self.say(Operation::Not { of: next, to });
                        to
                    } else {
                        next
                    };
                    self.mask = Some(self.both(outer, open));
                }
            }
        }
        self.mask = outer;
        Some(so_far.map_or(Ok(!any), Err))
    }

    fn compared(&mut self, sign: Sign, x: &Shape, y: &Shape) -> Option<Result<bool, usize>> {
        let is_order = !matches!(sign, Sign::Equal | Sign::Differ);
        let plain = |shape: &Shape| matches!(shape, Shape::Constant(Constant::Nothing | Constant::Flag(_)));
        if is_order && (plain(x) || plain(y)) {
            return None;
        }
        if let (Shape::Answer(list, name), Shape::Constant(Constant::Nothing))
        | (Shape::Constant(Constant::Nothing), Shape::Answer(list, name)) = (x, y)
        {
            let present = self.load(*list, *name, LoadKind::Present);
            return Some(Err(self.compare(sign, Operand::Column(Register::Narrow(present)), Operand::Same(0))));
        }
        if let (Shape::Answer(list, name), Shape::Constant(Constant::Flag(flag))) = (x, y) {
            let column = self.load(*list, *name, LoadKind::Flag);
            let same = Operand::Same(i128::from(*flag));
            return Some(Err(self.compare(sign, Operand::Column(Register::Narrow(column)), same)));
        }
        let is_word = |shape: &Shape| matches!(shape, Shape::Word(_) | Shape::Constant(Constant::Word(_)));
        if is_word(x) || is_word(y) {
            let (x, y) = (self.as_word(x)?, self.as_word(y)?);
            if let (Operand::Same(x), Operand::Same(y)) = (x, y) {
                return Some(Ok(holds(sign, x, y)));
            }
            return Some(Err(self.compare(sign, x, y)));
        }
        let (x, y) = (self.as_number(x)?, self.as_number(y)?);
        let (x, y) = self.aligned(x, y)?;
        if let (Operand::Same(x), Operand::Same(y)) = (x.value, y.value) {
            return Some(Ok(holds(sign, x, y)));
        }
        Some(Err(self.compare(sign, x.value, y.value)))
    }

    fn compare(&mut self, sign: Sign, left: Operand, right: Operand) -> usize {
        let to = self.narrow();
        self.say(Operation::Compare { sign, left, right, to });
        to
    }

    /// Every label is tried for its cases; a case without a label goes to the rest, or is left.
    fn switch(&mut self, switch: &Switch) -> Option<Shape> {
        if switch.ways.iter().any(|(condition, _)| condition.is_some()) {
            return None;
        }
        let value = self.expression(&switch.value)?;
        if let Shape::Constant(value) = value {
            let label = switch.labels.iter().find(|(label, _)| *label == value);
            let way = label.and_then(|(_, ways)| ways.first().copied()).or(switch.otherwise)?;
            return self.expression(&switch.ways[way].1);
        }
        if switch.labels.iter().any(|(label, _)| !matches!(label, Constant::Word(_))) {
            return None;
        }
        let value = self.as_word(&value)?;
        let (outer, before) = (self.mask, self.slots.clone());
        let mut open = outer;
        let mut given: Vec<(usize, Option<usize>, Shape)> = Vec::new();
        for (label, ways) in &switch.labels {
            let Constant::Word(word) = label else { return None };
            let flag = self.compare(Sign::Equal, value, Operand::Same(i128::from(*word)));
            self.mask = Some(self.both(outer, flag));
            let shape = self.expression(&switch.ways[*ways.first()?].1)?;
            given.push((flag, self.mask, shape));
            let not = self.narrow();
            self.say(Operation::Not { of: flag, to: not });
            open = Some(self.both(open, not));
        }
        self.mask = open;
        let mut rest = if let Some(way) = switch.otherwise {
            self.expression(&switch.ways[way].1)?
        } else {
            // A column that is never set: whoever comes here is left.
            let none = self.narrow();
            self.say(Operation::Require { flag: none, mask: open });
            given.first()?.2.clone()
        };
        self.mask = outer;
        for (flag, mask, shape) in given.into_iter().rev() {
            rest = self.merged(flag, (&shape, mask), (&rest, open));
        }
        // An arm that changes a variable would change it for all.
        self.slots.iter().zip(&before).all(|(one, other)| one == other).then_some(rest)
    }

    fn call(&mut self, function: usize, first: usize, arguments: &[Expr]) -> Option<Shape> {
        let Known::Built(defined) = &self.functions[function] else { return None };
        let shapes: Vec<Shape> = arguments.iter().map(|argument| self.expression(argument)).collect::<Option<_>>()?;
        let base = self.base + first;
        self.slots.resize(self.slots.len().max(base + defined.slots), Shape::Unknown);
        for (place, shape) in shapes.into_iter().enumerate() {
            self.slots[base + place] = shape;
        }
        let outer = std::mem::replace(&mut self.base, base);
        let given = self.block(&defined.body);
        self.base = outer;
        self.slots.truncate(base);
        given
    }

    fn standard(&mut self, function: Function, arguments: &[Expr]) -> Option<Shape> {
        let number = match (function, arguments) {
            (Function::Percent, [amount, rate]) => {
                let (amount, rate) = (self.number(amount)?, self.number(rate)?);
                self.percent(amount, rate)
            }
            (Function::Larger | Function::Smaller, [x, y]) => {
                let (x, y) = (self.number(x)?, self.number(y)?);
                self.better(if function == Function::Larger { Pair::Larger } else { Pair::Smaller }, x, y)
            }
            (Function::Round(rounding), [x, Expr::Constant(Constant::Whole(places))]) => {
                let x = self.number(x)?;
                self.rounded(rounding, x, u32::try_from(*places).ok()?)
            }
            (Function::Year, [Expr::Today]) => Some(self.year()),
            _ => None,
        };
        number.map(Shape::Number)
    }

    fn lookup(&mut self, table: &Expr, keys: &Keys) -> Option<Shape> {
        let (Shape::Constant(Constant::Rate(place)), Keys::Written(parts)) = (self.expression(table)?, keys) else {
            return None;
        };
        let table = self.bound.table(place)?;
        let parts: Vec<(u32, Shape)> =
            parts.iter().map(|(name, value)| Some((*name, self.expression(value)?))).collect::<Option<_>>()?;
        let rows = &self.bound.tables[table];
        let mut sought = Vec::with_capacity(rows.keys.len());
        for key in &rows.keys {
            let shape = parts.iter().find(|(name, _)| *name == key.name).map(|(_, shape)| shape.clone())?;
            sought.push(match &key.kind {
                Place::Codes(_) => Sought::Word(self.as_word(&shape)?),
                Place::List(list) => {
                    let Shape::Answer(of, name) = shape else { return None };
                    Sought::Place(self.load(of, name, LoadKind::Place(list.clone())))
                }
                Place::Number(Ends::BothIn) => return None,
                Place::Number(ends) => {
                    let number = self.as_number(&shape)?;
                    Sought::Number(number.value, Arc::new(cuts(rows, *ends, number.scale)?))
                }
            });
        }
        let (mask, to) = (self.mask, self.narrow());
        self.say(Operation::Find { table, keys: sought, mask, to });
        Some(Shape::Row(table, to))
    }
}

/// The cuts of every node: a number of the scale is at or past a cut if it is at least this.
fn cuts(rows: &Rows, ends: Ends, scale: u32) -> Option<Vec<Vec<i128>>> {
    let cut = |cut: &rust_decimal::Decimal| {
        let cut = cut.normalize();
        let more = power(scale.saturating_sub(cut.scale()))?;
        let less = power(cut.scale().saturating_sub(scale))?;
        let exact = cut.mantissa().checked_mul(more)?;
        let at_least = exact.div_euclid(less) + i128::from(exact.rem_euclid(less) != 0);
        // Past the cut: one more than what is at or below it.
        Some(if ends == Ends::ToIn { exact.div_euclid(less) + 1 } else { at_least })
    };
    rows.table.index.nodes.iter().map(|node| node.cuts.iter().map(cut).collect()).collect()
}

fn flag_shape(flag: Result<bool, usize>) -> Shape {
    flag.map_or_else(Shape::Flag, |known| Shape::Constant(Constant::Flag(known)))
}

fn is_sum(sign: Sign) -> bool {
    matches!(sign, Sign::Add | Sign::Subtract | Sign::Multiply | Sign::Divide | Sign::Remainder)
}

/// Whether a comparison holds.
#[inline]
pub(super) fn holds<T: Ord + Copy>(sign: Sign, x: T, y: T) -> bool {
    match sign {
        Sign::Equal => x == y,
        Sign::Differ => x != y,
        Sign::Less => x < y,
        Sign::AtMost => x <= y,
        Sign::More => x > y,
        _ => x >= y,
    }
}
