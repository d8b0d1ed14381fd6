//! What a lowered rule has in hand while it runs.

use std::sync::Arc;

use rhai::Dynamic;

use super::bound::{Bound, RateKind};
use super::machine::Machine;
use super::value::{Size, Value, read};
use crate::base::limits::RULE_OPERATIONS;
use crate::base::{Calendar, Day};
use crate::list::List;
use crate::rule::run::Run;

/// How a piece of a rule ends if it gives no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// It fails, or does something that only the interpreter knows. The interpreter is asked.
    Stop,
    /// The value is in the frame.
    Return,
    /// The value is in the frame.
    Break,
    Continue,
}

/// What a piece of a rule gives.
pub(super) type Out = Result<Value, Exit>;

/// The value, or the end.
#[inline]
pub(super) fn stop<T>(value: Option<T>) -> Result<T, Exit> {
    value.ok_or(Exit::Stop)
}

/// Everything that one evaluation has.
pub(super) struct Frame<'p> {
    pub(super) bound: &'p Bound,
    pub(super) machine: &'p Machine,
    pub(super) calendar: &'p Calendar,
    pub(super) today: Day,
    pub(super) lists: &'p [Arc<List>],
    /// The record as a fact, and as a value once somebody asked for it.
    pub(super) fact: &'p Dynamic,
    pub(super) record: Option<Value>,
    /// The period that is billed; nothing where none is.
    pub(super) period: Option<&'p Dynamic>,
    pub(super) slots: Vec<Value>,
    /// Where the slots of the function that runs begin.
    pub(super) base: usize,
    pub(super) operations: u64,
    pub(super) size: Size,
    pub(super) returned: Value,
    /// Where steps are recorded.
    pub(super) run: Option<&'p Run>,
}

impl Frame<'_> {
    #[inline]
    pub(super) fn slot(&self, slot: usize) -> &Value {
        &self.slots[self.base + slot]
    }

    #[inline]
    pub(super) fn set(&mut self, slot: usize, value: Value) {
        let place = self.base + slot;
        self.slots[place] = value;
    }

    /// Counts operations.
    #[inline]
    pub(super) fn count(&mut self, operations: u64) -> Result<(), Exit> {
        self.operations += operations;
        if self.operations > RULE_OPERATIONS { Err(Exit::Stop) } else { Ok(()) }
    }

    pub(super) fn record(&mut self) -> Out {
        if self.record.is_none() {
            self.record = Some(stop(read(self.fact, self.bound, &mut self.size, false))?);
        }
        stop(self.record.clone())
    }

    pub(super) fn period(&mut self) -> Out {
        match self.period {
            Some(period) => stop(read(period, self.bound, &mut self.size, true)),
            None => Ok(Value::Nothing),
        }
    }

    pub(super) fn takes_in_item(&mut self, item: &Value) -> Result<(), Exit> {
        stop(self.size.item().and_then(|()| self.size.take_in(item, self.bound)))
    }

    pub(super) fn takes_in_part(&mut self, part: &Value) -> Result<(), Exit> {
        stop(self.size.part().and_then(|()| self.size.take_in(part, self.bound)))
    }

    /// Records that a rate was looked at.
    pub(super) fn used(&self, place: u32) {
        let rate = &self.bound.rates[place as usize];
        let value = match &rate.kind {
            RateKind::Number(number) => number.normalize().to_string(),
            RateKind::Word(word) => self.bound.words.text(*word).to_string(),
            RateKind::Map(_) | RateKind::Table(_) => return,
        };
        if let Some(run) = self.run {
            run.used_rate(rate.name.clone(), value);
        }
    }

    /// Records that a row was looked up.
    pub(super) fn used_row(&self, table: usize, row: usize) {
        if let Some(run) = self.run {
            let (name, value) = self.bound.tables[table].shown(row);
            run.used_rate(name.clone(), value.clone());
        }
    }

    /// Records a rounding, if it changed anything.
    pub(super) fn rounded(&self, before: &Value, after: &Value) {
        if let (Some(run), Some(before), Some(after)) = (self.run, before.number(), after.number())
            && before != after
        {
            run.rounded(before, after);
        }
    }

    pub(super) fn step(&self, name: u32, value: &Value, again: bool) {
        if let (Some(run), Some(value)) = (self.run, value.shown(&self.bound.words)) {
            run.step(self.bound.words.text(name), &value, again);
        }
    }

    pub(super) fn head(&self, name: u32) {
        if let Some(run) = self.run {
            run.head(self.bound.words.text(name));
        }
    }
}
