//! From the lowered form to operations over columns: every function inlined, every value that is
//! the same for all cases computed, the scale and the range of every number proven. What cannot be
//! proven has no plan.

use super::super::bound::Bound;
use super::super::build::Known;
use super::super::program::{Block, Constant, Expr, Sign, Statement};
use super::number::Number;
use super::operation::{Load, LoadKind, Operation, Register};

/// Operations of a plan at the most, those of every try counted.
const OPERATIONS: usize = 20_000;

/// What is known of a value before anything runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Nothing that columns can hold.
    Unknown,
    Constant(Constant),
    /// The day that the rule knows as today.
    Today,
    Number(Number),
    /// A column of flags.
    Flag(usize),
    /// A column of words.
    Word(usize),
    /// An answer that is read as what it is used as: of a case, or of an item of a list.
    Answer(Option<usize>, u32),
    Answers,
    /// An item of a list.
    Item(usize),
    Row(usize, usize),
    Group(Vec<(u32, Shape)>),
}

/// A plan in the making.
pub(super) struct Plan<'a> {
    pub(super) bound: &'a Bound,
    pub(super) functions: &'a [Known],
    pub(super) operations: Vec<Operation>,
    pub(super) shared: Shared,
    pub(super) narrow: usize,
    pub(super) wide: usize,
    /// The cases that come here; all if there is none.
    pub(super) mask: Option<usize>,
    /// Loads that were made here, and what was required of them.
    loaded: Vec<(usize, usize)>,
    required: Vec<(usize, Option<usize>)>,
    pub(super) slots: Vec<Shape>,
    pub(super) base: usize,
    /// The list whose items the cases here are.
    pub(super) inside: Option<usize>,
}

/// What all parts of a plan share.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    pub(super) loads: Vec<Load>,
    /// Names of lists that are looped over.
    pub(super) lists: Vec<u32>,
    /// Numbers of columns of tables, by table, column and scale.
    pub(super) cells: Vec<(usize, usize, Vec<i64>)>,
    pub(super) spent: usize,
}

impl<'a> Plan<'a> {
    pub(super) fn new(bound: &'a Bound, functions: &'a [Known], slots: Vec<Shape>) -> Self {
        Self {
            bound,
            functions,
            operations: Vec::new(),
            shared: Shared::default(),
            narrow: 0,
            wide: 0,
            mask: None,
            loaded: Vec::new(),
            required: Vec::new(),
            slots,
            base: 0,
            inside: None,
        }
    }

    pub(super) fn say(&mut self, operation: Operation) {
        self.operations.push(operation);
        self.shared.spent += 1;
    }

    /// A column for numbers from `low` to `high`.
    pub(super) fn register(&mut self, low: i128, high: i128) -> Register {
        if i64::try_from(low).is_ok() && i64::try_from(high).is_ok() {
            Register::Narrow(self.narrow())
        } else {
            self.wide()
        }
    }

    pub(super) fn narrow(&mut self) -> usize {
        self.narrow += 1;
        self.narrow - 1
    }

    pub(super) fn wide(&mut self) -> Register {
        self.wide += 1;
        Register::Wide(self.wide - 1)
    }

    /// The column of something that is read; a case in which it is otherwise is left.
    pub(super) fn load(&mut self, list: Option<usize>, name: u32, kind: LoadKind) -> usize {
        let required = !matches!(kind, LoadKind::Present);
        let load = Load { list, name, kind };
        let place = self.shared.loads.iter().position(|known| *known == load).unwrap_or_else(|| {
            self.shared.loads.push(load);
            self.shared.loads.len() - 1
        });
        if required && !self.required.contains(&(place, self.mask)) && !self.required.contains(&(place, None)) {
            let (flag, mask) = (self.narrow(), self.mask);
            self.say(Operation::Valid { load: place, to: flag });
            self.say(Operation::Require { flag, mask });
            self.required.push((place, self.mask));
        }
        if let Some((_, to)) = self.loaded.iter().find(|(known, _)| *known == place) {
            return *to;
        }
        let to = self.narrow();
        self.say(Operation::Load { load: place, to });
        self.loaded.push((place, to));
        to
    }

    pub(super) fn set(&mut self, slot: usize, shape: Shape) {
        let place = self.base + slot;
        if self.slots.len() <= place {
            self.slots.resize(place + 1, Shape::Unknown);
        }
        self.slots[place] = shape;
    }

    pub(super) fn slot(&self, slot: usize) -> Shape {
        self.slots.get(self.base + slot).cloned().unwrap_or(Shape::Unknown)
    }

    /// Statements in a row. A way out in the middle has no plan.
    pub(super) fn block(&mut self, block: &Block) -> Option<Shape> {
        let mut given = Shape::Constant(Constant::Nothing);
        for (place, statement) in block.iter().enumerate() {
            given = self.statement(statement, place + 1 == block.len())?;
        }
        Some(given)
    }

    fn statement(&mut self, statement: &Statement, last: bool) -> Option<Shape> {
        if self.shared.spent > OPERATIONS {
            return None;
        }
        match statement {
            Statement::Expr(Expr::If(parts)) => return self.if_else(&parts.0, &parts.1, &parts.2, last),
            Statement::Expr(expression) => {
                let shape = self.expression(expression)?;
                // What only the interpreter can look at may fail there.
                return (last || shape != Shape::Unknown).then_some(shape);
            }
            Statement::Set(slot, value) => {
                let shape = self.expression(value)?;
                self.set(*slot, shape);
            }
            Statement::Change(slot, sign @ (Sign::Add | Sign::Subtract | Sign::Multiply), value) => {
                let value = self.number(value)?;
                let before = self.as_number(&self.slot(*slot))?;
                let after = self.computed(*sign, before, value)?;
                self.set(*slot, Shape::Number(after));
            }
            Statement::Again(..) => {}
            Statement::For(parts) => self.for_loop(parts)?,
            _ => return None,
        }
        Some(Shape::Constant(Constant::Nothing))
    }

    /// Both branches are computed, each for its cases.
    pub(super) fn if_else(&mut self, condition: &Expr, then: &Block, other: &Block, used: bool) -> Option<Shape> {
        let flag = match self.flag(condition)? {
            Ok(known) => return self.block(if known { then } else { other }),
            Err(flag) => flag,
        };
        let (outer, before) = (self.mask, self.slots.clone());
        let here = Some(self.both(outer, flag));
        self.mask = here;
        let one = self.block(then)?;
        let after = std::mem::replace(&mut self.slots, before);
        let not = self.narrow();
        self.say(Operation::Not { of: flag, to: not });
        let there = Some(self.both(outer, not));
        self.mask = there;
        let two = self.block(other)?;
        self.mask = outer;
        for place in 0..self.slots.len().max(after.len()) {
            let one = after.get(place).cloned().unwrap_or(Shape::Unknown);
            let two = self.slots.get(place).cloned().unwrap_or(Shape::Unknown);
            let merged = self.merged(flag, (&one, here), (&two, there));
            if self.slots.len() <= place {
                self.slots.push(merged);
            } else {
                self.slots[place] = merged;
            }
        }
        Some(if used { self.merged(flag, (&one, here), (&two, there)) } else { Shape::Constant(Constant::Nothing) })
    }

    /// The cases of `mask` for which `flag` is set.
    pub(super) fn both(&mut self, mask: Option<usize>, flag: usize) -> usize {
        let Some(mask) = mask else { return flag };
        let to = self.narrow();
        self.say(Operation::And { left: mask, right: flag, to });
        to
    }

    /// One or the other, each with the cases that come there. What may be a word or a number is
    /// taken for a number: a case in which it is none is left.
    pub(super) fn merged(&mut self, flag: usize, one: (&Shape, Option<usize>), two: (&Shape, Option<usize>)) -> Shape {
        if one.0 == two.0 {
            return one.0.clone();
        }
        if let (Shape::Group(parts), Shape::Group(others)) = (one.0, two.0) {
            if parts.len() != others.len() || parts.iter().zip(others).any(|((one, _), (two, _))| one != two) {
                return Shape::Unknown;
            }
            let pairs = parts.iter().zip(others);
            let merged =
                pairs.map(|((name, part), (_, other))| (*name, self.merged(flag, (part, one.1), (other, two.1))));
            return Shape::Group(merged.collect());
        }
        if !is_numeric(one.0) || !is_numeric(two.0) {
            return Shape::Unknown;
        }
        let outer = self.mask;
        self.mask = one.1;
        let first = self.as_number(one.0);
        self.mask = two.1;
        let second = self.as_number(two.0);
        self.mask = outer;
        let (Some(first), Some(second)) = (first, second) else { return Shape::Unknown };
        self.selected(flag, first, second).map_or(Shape::Unknown, Shape::Number)
    }
}

/// Whether it may be taken for a number.
fn is_numeric(shape: &Shape) -> bool {
    matches!(shape, Shape::Number(_) | Shape::Answer(..) | Shape::Constant(Constant::Whole(_) | Constant::Number(_)))
}
