//! Rules over many cases at once: columns of whole numbers, operation by operation.
//!
//! `plan`, `expression` and `rounds` make a plan out of the lowered form if the scale and the range of every
//! number can be proven (`number`); `cases` reads answers into columns; `run` and `pass` run the
//! operations over batches. An answer that is not what the proof takes it for — missing, larger
//! than ten million, with more than two decimals — leaves its case to the closures, and so does
//! whatever fails. What has no plan: early returns, lists that are built, days, records.

use rust_decimal::Decimal;

use super::bound::Bound;
use super::build::Known;
use super::program::Constant;
use crate::base::Name;
use crate::rule::Facts;

mod cases;
mod expression;
mod number;
mod operation;
mod pass;
mod plan;
mod rounds;
mod run;

pub(crate) use cases::Cases;
use number::Number;
use operation::Operation;
use plan::{Plan, Shape, Shared};
use run::{BATCH, Batch, Columns};

/// A rule as operations over columns.
#[derive(Debug)]
pub(crate) struct Planned {
    operations: Vec<Operation>,
    narrow: usize,
    wide: usize,
    shared: Shared,
    /// What is charged, by the word of the head.
    heads: Vec<(u32, Number)>,
}

impl Planned {
    /// A plan of the function at `place`, which takes answers and rates.
    pub(super) fn of(bound: &Bound, functions: &[Known], place: usize) -> Option<Self> {
        let Known::Built(defined) = &functions[place] else { return None };
        let mut plan = Plan::new(bound, functions, vec![Shape::Answers, Shape::Constant(Constant::Rate(0))]);
        let Shape::Group(parts) = plan.block(&defined.body)? else { return None };
        let heads = parts.into_iter().map(|(name, shape)| Some((name, plan.as_number(&shape)?)));
        let heads = heads.collect::<Option<_>>()?;
        Some(Self { operations: plan.operations, narrow: plan.narrow, wide: plan.wide, shared: plan.shared, heads })
    }

    /// Reads what the rule reads of each case.
    pub(super) fn read(&self, cases: &[Facts], bound: &Bound) -> Cases {
        Cases::read(cases, &self.shared.loads, &self.shared.lists, &bound.words)
    }

    /// What is charged, case after case, each with an amount for every one of `heads`; nothing for
    /// cases that are left to the closures.
    pub(super) fn run(&self, cases: &Cases, bound: &Bound, year: i64, heads: &[Name]) -> Option<Vec<Option<Decimal>>> {
        if !(1..=9_999).contains(&year) {
            return None;
        }
        let known = |word: u32| heads.iter().any(|head| head.as_str() == bound.words.text(word).as_str());
        if !self.heads.iter().all(|(word, _)| known(*word)) {
            return None;
        }
        let charged = |head: &Name| {
            self.heads
                .iter()
                .find(|(word, _)| bound.words.text(*word).as_str() == head.as_str())
                .map(|(_, number)| *number)
        };
        let numbers: Vec<Option<Number>> = heads.iter().map(charged).collect();
        let mut columns = Columns::new(self.narrow, self.wide, &self.operations);
        let mut given = Vec::with_capacity(cases.many * heads.len());
        for start in (0..cases.many).step_by(BATCH) {
            let lanes = BATCH.min(cases.many - start);
            let mut alive = [true; BATCH];
            let batch = Batch { bound, cells: &self.shared.cells, cases, year, start, lanes };
            columns.run(&self.operations, batch, &mut alive);
            for (lane, alive) in alive[..lanes].iter().enumerate() {
                given.extend(numbers.iter().map(|number| match number {
                    _ if !alive => None,
                    None => Some(Decimal::ZERO),
                    Some(number) => {
                        Decimal::try_from_i128_with_scale(columns.value(number.value, lane), number.scale).ok()
                    }
                }));
            }
        }
        Some(given)
    }
}
