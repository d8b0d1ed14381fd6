//! Plans of loops: what goes from round to round is proven for the longest list.

use super::super::program::{Block, Expr, For, Over, Statement};
use super::number::Number;
use super::operation::{Loop, Operand, Operation, Pair, Register};
use super::plan::{Plan, Shape};
use crate::base::limits::LIST_ITEMS;

impl<'a> Plan<'a> {
    /// A loop over the items of each case.
    pub(super) fn for_loop(&mut self, parts: &For) -> Option<()> {
        let Over::Items(of) = &parts.over else { return None };
        let (Shape::Answer(None, name), None, None) = (self.expression(of)?, parts.counter, self.inside) else {
            return None;
        };
        let list = self.shared.lists.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.shared.lists.push(name);
            self.shared.lists.len() - 1
        });
        let mut changed = Vec::new();
        changes(&parts.body, parts.item, &mut changed);
        let mut carried: Vec<(usize, Number)> = Vec::new();
        for slot in changed {
            let shape = self.slot(slot);
            if matches!(shape, Shape::Answer(..)) {
                return None;
            }
            carried.push((slot, self.as_number(&shape)?));
        }
        let carried = self.settled(parts, list, carried)?;
        self.run_loop(parts, list, &carried)
    }

    /// What goes from round to round, with the scale and the range of the longest list.
    fn settled(&mut self, parts: &For, list: usize, mut carried: Vec<(usize, Number)>) -> Option<Vec<(usize, Number)>> {
        let mut rounds = 0;
        let mut tries = 0;
        while rounds < LIST_ITEMS {
            tries += 1;
            let (inner, _) = self.round(parts, list, &carried)?;
            self.shared.spent = inner.shared.spent;
            let mut same = true;
            let mut next = Vec::with_capacity(carried.len());
            for (slot, before) in &carried {
                let mut inner_shape = inner.slots.get(self.base + slot)?.clone();
                if let Shape::Constant(constant) = inner_shape {
                    inner_shape = Shape::Number(Number::of(constant)?);
                }
                let Shape::Number(after) = inner_shape else { return None };
                let scale = before.scale.max(after.scale);
                let (wider, after) = (widened(*before, scale)?, widened(after, scale)?);
                same &= scale == before.scale;
                next.push((*slot, wider.or(after)));
            }
            if same {
                rounds += 1;
                let still = next
                    .iter()
                    .zip(&carried)
                    .all(|((_, one), (_, other))| (one.low, one.high) == (other.low, other.high));
                carried = next;
                if still {
                    break;
                }
            } else if tries > 8 {
                return None;
            } else {
                // More decimals: begin again from what there was before the loop.
                let scales: Vec<u32> = next.iter().map(|(_, number)| number.scale).collect();
                for ((slot, number), scale) in carried.iter_mut().zip(scales) {
                    let shape = self.slot(*slot);
                    *number = widened(self.as_number(&shape)?, scale)?;
                }
                rounds = 0;
            }
        }
        Some(carried)
    }

    /// One round: the plan of the body, and where the columns that are carried begin.
    fn round(&self, parts: &For, list: usize, carried: &[(usize, Number)]) -> Option<(Plan<'a>, Taken)> {
        let mut inner = Plan::new(self.bound, self.functions, self.slots.clone());
        inner.shared = self.shared.clone();
        inner.base = self.base;
        inner.inside = Some(list);
        let mut taken = Vec::new();
        for shape in &mut inner.slots {
            take(shape, &mut taken, (&mut inner.narrow, &mut inner.wide));
        }
        let mut begun = Vec::with_capacity(carried.len());
        for (slot, number) in carried {
            let column = inner.register(number.low, number.high);
            begun.push(column);
            inner.set(*slot, Shape::Number(Number { value: Operand::Column(column), ..*number }));
        }
        inner.set(parts.item, Shape::Item(list));
        inner.block(&parts.body)?;
        Some((inner, Taken { taken, begun }))
    }

    fn run_loop(&mut self, parts: &For, list: usize, carried: &[(usize, Number)]) -> Option<()> {
        let mut outside = Vec::with_capacity(carried.len());
        for (slot, number) in carried {
            let shape = self.slot(*slot);
            let before = self.as_number(&shape)?;
            let before = self.rescaled(before, number.scale)?;
            // A column of its own, which the rounds write to.
            let column = self.register(number.low, number.high);
            self.copy(before.value, column);
            outside.push(column);
        }
        let (mut inner, Taken { taken, begun }) = self.round(parts, list, carried)?;
        let mut ended = Vec::with_capacity(carried.len());
        for ((slot, number), column) in carried.iter().zip(&begun) {
            let shape = inner.slots.get(inner.base + slot)?.clone();
            let after = inner.as_number(&shape)?;
            let after = inner.rescaled(after, number.scale)?;
            let to = match column {
                Register::Narrow(_) => Register::Narrow(inner.narrow()),
                Register::Wide(_) => inner.wide(),
            };
            inner.copy(after.value, to);
            ended.push(to);
        }
        let rounds = outside.iter().zip(begun).zip(ended).map(|((outside, begun), ended)| (*outside, begun, ended));
        let carried_columns = rounds.collect();
        self.shared = inner.shared;
        let (mask, body, narrow, wide) = (self.mask, inner.operations, inner.narrow, inner.wide);
        let made = Loop { list, mask, taken, carried: carried_columns, body, narrow, wide };
        self.say(Operation::Loop(Box::new(made)));
        for ((slot, number), column) in carried.iter().zip(outside) {
            self.set(*slot, Shape::Number(Number { value: Operand::Column(column), ..*number }));
        }
        Some(())
    }

    /// The same numbers in another column, cut to it: no case that counts has more.
    fn copy(&mut self, value: Operand, to: Register) {
        self.say(Operation::Pair { pair: Pair::Add, left: value, right: Operand::Same(0), to });
    }
}

/// Columns that a body takes from outside, and those that go from round to round.
struct Taken {
    taken: Vec<(Register, Register)>,
    begun: Vec<Register>,
}

/// Gives a body its own columns for those of outside.
fn take(shape: &mut Shape, taken: &mut Vec<(Register, Register)>, next: (&mut usize, &mut usize)) {
    let (narrow, wide) = next;
    let mut own = |column: Register| {
        if let Some((_, own)) = taken.iter().find(|(outside, _)| *outside == column) {
            return *own;
        }
        let (next, register) = match column {
            Register::Narrow(_) => (&mut *narrow, Register::Narrow as fn(usize) -> Register),
            Register::Wide(_) => (&mut *wide, Register::Wide as fn(usize) -> Register),
        };
        let own = register(*next);
        *next += 1;
        taken.push((column, own));
        own
    };
    let at = |register: Register| match register {
        Register::Narrow(at) | Register::Wide(at) => at,
    };
    match shape {
        Shape::Number(Number { value: Operand::Column(column), .. }) => *column = own(*column),
        Shape::Flag(column) | Shape::Word(column) | Shape::Row(_, column) => {
            *column = at(own(Register::Narrow(*column)));
        }
        Shape::Group(parts) => {
            for (_, part) in parts {
                take(part, taken, (&mut *narrow, &mut *wide));
            }
        }
        _ => {}
    }
}

/// A number as if it had more decimals, for its range alone.
fn widened(number: Number, scale: u32) -> Option<Number> {
    let factor = super::number::power(scale - number.scale)?;
    let (low, high) = (number.low.checked_mul(factor)?, number.high.checked_mul(factor)?);
    Some(Number { scale, low, high, ..number })
}

/// The slots before `item` that a block changes.
fn changes(block: &Block, item: usize, out: &mut Vec<usize>) {
    for statement in block {
        match statement {
            Statement::Set(slot, value) | Statement::Change(slot, _, value) => {
                if *slot < item && !out.contains(slot) {
                    out.push(*slot);
                }
                inside(value, item, out);
            }
            Statement::Expr(value) => inside(value, item, out),
            Statement::For(parts) => changes(&parts.body, item, out),
            _ => {}
        }
    }
}

fn inside(expression: &Expr, item: usize, out: &mut Vec<usize>) {
    match expression {
        Expr::If(parts) => {
            changes(&parts.1, item, out);
            changes(&parts.2, item, out);
        }
        Expr::Block(block) => changes(block, item, out),
        Expr::Switch(switch) => switch.ways.iter().for_each(|(_, value)| inside(value, item, out)),
        Expr::Step(_, value) | Expr::Head(_, value) => inside(value, item, out),
        _ => {}
    }
}
