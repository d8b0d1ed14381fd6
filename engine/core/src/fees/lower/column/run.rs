//! Runs a plan over a batch of cases, operation by operation.

use super::super::bound::{Bound, Place, Rows};
use super::super::program::Sign;
use super::cases::{Cases, NO_LIST};
use super::expression::holds;
use super::operation::{Loop, Operand, Operation, Pair, Register, Sought};
use super::pass::{self, Take};
use crate::fees::table::NOTHING;

/// Cases of one batch.
pub(super) const BATCH: usize = 512;

/// The columns of a plan or of the body of a loop.
#[derive(Debug, Default)]
pub(super) struct Columns {
    narrow: Vec<Vec<i64>>,
    wide: Vec<Vec<i128>>,
    /// Columns of the loops inside, in the order of the plan.
    inner: Vec<Columns>,
}

/// What a run over one batch looks at.
#[derive(Clone, Copy)]
pub(super) struct Batch<'a> {
    pub(super) bound: &'a Bound,
    pub(super) cells: &'a [(usize, usize, Vec<i64>)],
    pub(super) cases: &'a Cases,
    pub(super) year: i64,
    /// The first case.
    pub(super) start: usize,
    /// How many lanes there are.
    pub(super) lanes: usize,
}

/// The lanes of a round of a loop: the case of each, and its item.
struct Round {
    list: usize,
    case: Vec<u32>,
    item: Vec<u32>,
}

impl Columns {
    /// Columns for so many values.
    pub(super) fn new(narrow: usize, wide: usize, body: &[Operation]) -> Self {
        let inner = body.iter().filter_map(|operation| match operation {
            Operation::Loop(inner) => Some(Self::new(inner.narrow, inner.wide, &inner.body)),
            _ => None,
        });
        Self { narrow: vec![vec![0; BATCH]; narrow], wide: vec![vec![0; BATCH]; wide], inner: inner.collect() }
    }

    /// A number of a lane.
    pub(super) fn value(&self, operand: Operand, lane: usize) -> i128 {
        match operand {
            Operand::Same(value) => value,
            Operand::Column(Register::Narrow(at)) => i128::from(self.narrow[at][lane]),
            Operand::Column(Register::Wide(at)) => self.wide[at][lane],
        }
    }

    fn take(&self, operand: Operand) -> Take<'_> {
        match operand {
            Operand::Same(value) => match i64::try_from(value) {
                Ok(value) => Take::Same(value),
                Err(_) => Take::SameWide(value),
            },
            Operand::Column(Register::Narrow(at)) => Take::Narrow(&self.narrow[at]),
            Operand::Column(Register::Wide(at)) => Take::Wide(&self.wide[at]),
        }
    }

    /// Works on a narrow column, which is taken out meanwhile.
    fn narrow_at(&mut self, to: usize, work: impl FnOnce(&Self, &mut Vec<i64>)) {
        let mut column = std::mem::take(&mut self.narrow[to]);
        work(self, &mut column);
        self.narrow[to] = column;
    }

    fn wide_at(&mut self, to: usize, work: impl FnOnce(&Self, &mut Vec<i128>)) {
        let mut column = std::mem::take(&mut self.wide[to]);
        work(self, &mut column);
        self.wide[to] = column;
    }

    /// Runs operations over a batch. Cases that are left are not `alive` any more.
    pub(super) fn run(&mut self, operations: &[Operation], batch: Batch<'_>, alive: &mut [bool]) {
        self.run_in(operations, batch, None, alive);
    }

    fn run_in(&mut self, operations: &[Operation], batch: Batch<'_>, round: Option<&Round>, alive: &mut [bool]) {
        let mut loops = 0;
        for operation in operations {
            if let Operation::Loop(inner) = operation {
                let mut columns = std::mem::take(&mut self.inner[loops]);
                columns.rounds(inner, self, batch, alive);
                self.inner[loops] = columns;
                loops += 1;
            } else {
                self.operate(operation, batch, round, alive);
            }
        }
    }

    fn operate(&mut self, operation: &Operation, batch: Batch<'_>, round: Option<&Round>, alive: &mut [bool]) {
        let lanes = round.map_or(batch.lanes, |round| round.case.len());
        match operation {
            Operation::Load { load, to } => {
                let read = &batch.cases.read[*load];
                self.narrow_at(*to, |_, to| fill(to, &read.values, *load, batch, round, |value| value));
            }
            Operation::Valid { load, to } => {
                let read = &batch.cases.read[*load];
                self.narrow_at(*to, |_, to| fill(to, &read.valid, *load, batch, round, i64::from));
            }
            Operation::Year { to } => self.narrow[*to][..lanes].fill(batch.year),
            Operation::Pair { pair, left, right, to } => self.pair(*pair, *left, *right, *to, lanes),
            Operation::Compare { sign, left, right, to } => self.compare(*sign, *left, *right, *to, lanes),
            Operation::And { left, right, to } => self.narrow_at(*to, |all, to| {
                pass::two(&all.narrow[*left], &all.narrow[*right], to, lanes, |x, y| x & y);
            }),
            Operation::Or { left, right, to } => self.narrow_at(*to, |all, to| {
                pass::two(&all.narrow[*left], &all.narrow[*right], to, lanes, |x, y| x | y);
            }),
            Operation::Not { of, to } => self.narrow_at(*to, |all, to| {
                pass::one(&all.narrow[*of], to, lanes, |x| 1 - x);
            }),
            Operation::Select { flag, then, otherwise, to } => match to {
                Register::Narrow(to) => self.narrow_at(*to, |all, to| {
                    pass::select(&all.narrow[*flag], all.take(*then), all.take(*otherwise), to, lanes);
                }),
                Register::Wide(to) => self.wide_at(*to, |all, to| {
                    pass::select_wide(&all.narrow[*flag], all.take(*then), all.take(*otherwise), to, lanes);
                }),
            },
            Operation::Round { rounding, of, digits, to } => match to {
                Register::Narrow(to) => self.narrow_at(*to, |all, to| {
                    pass::round(*rounding, all.take(*of), *digits, to, lanes);
                }),
                Register::Wide(to) => self.wide_at(*to, |all, to| {
                    pass::round_wide(*rounding, all.take(*of), *digits, to, lanes);
                }),
            },
            Operation::Cell { cells, row, to } => {
                let cells = &batch.cells[*cells].2;
                self.narrow_at(*to, |all, to| {
                    pass::one(&all.narrow[*row], to, lanes, |row| {
                        usize::try_from(row).ok().and_then(|row| cells.get(row)).copied().unwrap_or(0)
                    });
                });
            }
            Operation::Find { table, keys, mask, to } => {
                let rows = &batch.bound.tables[*table];
                let mut column = std::mem::take(&mut self.narrow[*to]);
                for (lane, found) in column[..lanes].iter_mut().enumerate() {
                    let row = self.find(rows, keys, lane);
                    *found = i64::from(row);
                    if row == NOTHING && mask.is_none_or(|mask| self.narrow[mask][lane] != 0) {
                        alive[case(round, lane)] = false;
                    }
                }
                self.narrow[*to] = column;
            }
            Operation::Require { flag, mask } => {
                for lane in 0..lanes {
                    if self.narrow[*flag][lane] == 0 && mask.is_none_or(|mask| self.narrow[mask][lane] != 0) {
                        alive[case(round, lane)] = false;
                    }
                }
            }
            Operation::Loop(_) => {}
        }
    }

    fn pair(&mut self, pair: Pair, left: Operand, right: Operand, to: Register, lanes: usize) {
        match to {
            Register::Narrow(to) => self.narrow_at(to, |all, to| {
                pass::pair(pair, all.take(left), all.take(right), to, lanes);
            }),
            Register::Wide(to) => self.wide_at(to, |all, to| {
                pass::pair_wide(pair, all.take(left), all.take(right), to, lanes);
            }),
        }
    }

    fn compare(&mut self, sign: Sign, left: Operand, right: Operand, to: usize, lanes: usize) {
        self.narrow_at(to, |all, to| match (all.take(left), all.take(right)) {
            (Take::Narrow(x), Take::Same(y)) => pass::one(x, to, lanes, |x| i64::from(holds(sign, x, y))),
            (Take::Narrow(x), Take::Narrow(y)) => pass::two(x, y, to, lanes, |x, y| i64::from(holds(sign, x, y))),
            (x, y) => {
                for (lane, to) in to[..lanes].iter_mut().enumerate() {
                    *to = i64::from(holds(sign, x.at(lane), y.at(lane)));
                }
            }
        });
    }

    /// The row of a lane.
    fn find(&self, rows: &Rows, keys: &[Sought], lane: usize) -> u32 {
        let index = &rows.table.index;
        let mut at = index.root;
        for (key, sought) in rows.keys.iter().zip(keys) {
            let Some(node) = index.nodes.get(at as usize) else { return NOTHING };
            let place = match (sought, &key.kind) {
                (Sought::Word(word), Place::Codes(places)) => {
                    let word = usize::try_from(self.value(*word, lane)).unwrap_or(usize::MAX);
                    places.get(word).map_or(usize::MAX, |place| *place as usize)
                }
                (Sought::Place(column), _) => usize::try_from(self.narrow[*column][lane]).unwrap_or(usize::MAX),
                (Sought::Number(number, cuts), _) => {
                    let number = self.value(*number, lane);
                    cuts[at as usize].iter().take_while(|cut| **cut <= number).count()
                }
                _ => usize::MAX,
            };
            at = node.next.get(place).copied().unwrap_or(NOTHING);
        }
        at
    }

    /// The rounds of a loop; these are the columns of its body.
    fn rounds(&mut self, inner: &Loop, outside: &mut Self, batch: Batch<'_>, alive: &mut [bool]) {
        let items = &batch.cases.lists[inner.list];
        let mut round = Round { list: inner.list, case: Vec::with_capacity(batch.lanes), item: Vec::new() };
        for place in 0.. {
            round.case.clear();
            round.item.clear();
            for (lane, alive) in alive.iter_mut().enumerate().take(batch.lanes) {
                let comes = *alive && inner.mask.is_none_or(|mask| outside.narrow[mask][lane] != 0);
                let count = items.count[batch.start + lane];
                if comes && count == NO_LIST {
                    *alive = false;
                } else if comes && count > place {
                    round.case.push(u32::try_from(lane).unwrap_or(0));
                    round.item.push(items.start[batch.start + lane] + place);
                }
            }
            if round.case.is_empty() {
                return;
            }
            let carried = inner.carried.iter().map(|(outside, begun, _)| (*outside, *begun));
            for (from, to) in inner.taken.iter().copied().chain(carried) {
                self.gather(outside, from, to, &round.case);
            }
            self.run_in(&inner.body, batch, Some(&round), alive);
            for (to, _, from) in &inner.carried {
                self.scatter(outside, *from, *to, &round.case);
            }
        }
    }

    fn gather(&mut self, outside: &Self, from: Register, to: Register, lanes: &[u32]) {
        match (from, to) {
            (Register::Narrow(from), Register::Narrow(to)) => {
                for (to, lane) in self.narrow[to].iter_mut().zip(lanes) {
                    *to = outside.narrow[from][*lane as usize];
                }
            }
            (Register::Wide(from), Register::Wide(to)) => {
                for (to, lane) in self.wide[to].iter_mut().zip(lanes) {
                    *to = outside.wide[from][*lane as usize];
                }
            }
            _ => unreachable!("a column has its width inside and outside"),
        }
    }

    fn scatter(&self, outside: &mut Self, from: Register, to: Register, lanes: &[u32]) {
        match (from, to) {
            (Register::Narrow(from), Register::Narrow(to)) => {
                for (value, lane) in self.narrow[from].iter().zip(lanes) {
                    outside.narrow[to][*lane as usize] = *value;
                }
            }
            (Register::Wide(from), Register::Wide(to)) => {
                for (value, lane) in self.wide[from].iter().zip(lanes) {
                    outside.wide[to][*lane as usize] = *value;
                }
            }
            _ => unreachable!("a column has its width inside and outside"),
        }
    }
}

/// The case of a lane.
fn case(round: Option<&Round>, lane: usize) -> usize {
    round.map_or(lane, |round| round.case[lane] as usize)
}

/// Fills a column from what was read.
fn fill<T: Copy>(
    to: &mut [i64],
    from: &[T],
    load: usize,
    batch: Batch<'_>,
    round: Option<&Round>,
    value: impl Fn(T) -> i64,
) {
    match round {
        None => {
            for (to, from) in to[..batch.lanes].iter_mut().zip(&from[batch.start..]) {
                *to = value(*from);
            }
        }
        Some(round) if batch.cases.is_of(load, round.list) => {
            for (to, item) in to.iter_mut().zip(&round.item) {
                *to = value(from[*item as usize]);
            }
        }
        Some(round) => {
            for (to, lane) in to.iter_mut().zip(&round.case) {
                *to = value(from[batch.start + *lane as usize]);
            }
        }
    }
}
