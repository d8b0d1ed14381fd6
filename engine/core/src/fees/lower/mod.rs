//! Rules lowered for speed: the interpreter's tree becomes typed closures over numbered slots.
//!
//! `build` makes the lowered form (`program`) out of the tree and the rates of one schedule
//! (`bound`); `closure` and `statement` make closures of it, which run over `value`s in a `frame`.
//!
//! `column` goes further, for many cases at once, where scales and ranges can be proven.
//!
//! The interpreter stays the reference. What is lowered gives the same amounts and steps to the
//! last digit, or gives nothing: then, and wherever a rule fails, the interpreter is asked, whose
//! words and places are the ones that people read. Operations and sizes are counted so that they
//! are never less than the interpreter's. What cannot be lowered is left to the interpreter as a
//! whole: ranges and decimals as labels of a `switch`, assignments deep
//! into a map, changes of a variable inside of an operand.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use chrono::Datelike;
use rhai::{AST, Dynamic};
use rust_decimal::Decimal;

use super::{ON_PAYMENT, Schedule, Script};
use crate::base::{Calendar, Day, Name};
use crate::list::List;
use crate::rule::Facts;
use crate::rule::inspect::functions;
use crate::rule::run::Run;

mod bound;
mod build;
mod build_expression;
mod closure;
mod column;
mod frame;
mod hashed;
mod labels;
mod listed;
mod machine;
mod operate;
mod program;
mod standard;
mod statement;
mod telescopic;
mod value;

use bound::Bound;
use build::{Builder, Known};
pub(super) use column::Cases;
use column::Planned;
use frame::Frame;
use labels::Labels;
use machine::Machine;
use program::Lowering;
use value::{Group, Size, Value, read};

/// How many arguments an entry has at the most.
const MOST_ARGUMENTS: usize = 4;

/// The rules of a service over the rates of one schedule.
#[derive(Debug)]
pub(crate) struct Lowered {
    bound: Bound,
    machine: Machine,
    /// The answers that are read, with their words.
    reads: Vec<(String, u32)>,
    /// `fees`, and `on_payment` if it is there: its place and its slots.
    entries: [Option<(usize, usize)>; 2],
    /// The functions in the lowered form.
    functions: Vec<Known>,
    /// `fees` over many cases at once, if that can be proven; made when somebody first asks.
    planned: OnceLock<Option<Planned>>,
}

/// What one evaluation is told.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) today: Day,
    pub(super) lists: &'a [Arc<List>],
    pub(super) record: &'a Dynamic,
    /// The period that is billed, if one is.
    pub(super) period: Option<&'a Dynamic>,
    pub(super) calendar: &'a Calendar,
    /// Where steps are recorded, if they are.
    pub(super) run: Option<&'a Run>,
}

impl Lowered {
    /// Lowers `script`; `None` if something in it is left to the interpreter.
    pub(super) fn of(script: &Script, schedule: &Schedule) -> Option<Self> {
        let bound = Bound::new(schedule, &script.words);
        Self::with(script, &script.ast, bound).ok()
    }

    fn with(script: &Script, ast: &AST, bound: Bound) -> Lowering<Self> {
        let (labels, functions) = (Labels::of(script.recorded.written()), functions(ast));
        let mut builder = Builder::new(&bound, &labels, &functions);
        let mut entries = [None, None];
        for (entry, name) in entries.iter_mut().zip(["fees", ON_PAYMENT]) {
            let Some(place) = functions.iter().position(|one| one.name == name) else { continue };
            let mut rates = vec![None; functions[place].params.len()];
            if let Some(last) = rates.last_mut() {
                *last = Some(0);
            }
            let built = builder.function(place, rates)?;
            if let Known::Built(defined) = &builder.known[built] {
                *entry = Some((built, defined.slots.max(MOST_ARGUMENTS)));
            }
        }
        let machine = Machine::new(&bound, &builder.known);
        let reads = script.reads.iter().filter_map(|name| Some((name.clone(), bound.words.find(name)?))).collect();
        let functions = builder.known;
        Ok(Self { bound, machine, reads, entries, functions, planned: OnceLock::new() })
    }

    /// What `fees(answers, rates)` charges, in the order of `heads`; `None` if the interpreter is
    /// to be asked.
    pub(super) fn fees(&self, facts: &Facts, told: Told<'_>, heads: &[Name]) -> Option<Vec<(Name, Decimal)>> {
        let mut size = Size::default();
        let answers = self.answers(facts, &mut size)?;
        self.run(0, vec![answers, Value::Rate(0)], size, told, heads)
    }

    /// The answers that are read.
    fn answers(&self, facts: &Facts, size: &mut Size) -> Option<Value> {
        let mut parts = Vec::with_capacity(self.reads.len());
        for (name, word) in &self.reads {
            let value = facts.get(name.as_str()).map(|fact| read(fact, &self.bound, size, true));
            parts.push((*word, value.unwrap_or(Some(Value::Nothing))?));
        }
        Some(Value::Group(std::rc::Rc::new(Group { parts, whole: true })))
    }

    fn planned(&self) -> Option<&Planned> {
        let plan = || self.entries[0].and_then(|(place, _)| Planned::of(&self.bound, &self.functions, place));
        self.planned.get_or_init(plan).as_ref()
    }

    /// Many cases, read for the columns; `None` if the rule has no columns.
    pub(super) fn read(&self, cases: &[Facts]) -> Option<Cases> {
        self.planned().map(|planned| planned.read(cases, &self.bound))
    }

    /// What `fees(answers, rates)` charges in many cases: case after case an amount for each of
    /// `heads`, nothing for the heads of a case that is left to the closures.
    pub(super) fn columns(&self, cases: &Cases, today: Day, heads: &[Name]) -> Option<Vec<Option<Decimal>>> {
        self.planned()?.run(cases, &self.bound, i64::from(today.year()), heads)
    }

    /// What `on_payment(demand, day, rates)` charges, or `on_payment(answers, demand, day, rates)` where
    /// there are `facts`.
    pub(super) fn on_payment(
        &self,
        facts: Option<&Facts>,
        demand: &Dynamic,
        told: Told<'_>,
        heads: &[Name],
    ) -> Option<Vec<(Name, Decimal)>> {
        let mut size = Size::default();
        let mut given = Vec::with_capacity(MOST_ARGUMENTS);
        if let Some(facts) = facts {
            given.push(self.answers(facts, &mut size)?);
        }
        given.push(read(demand, &self.bound, &mut size, false)?);
        given.extend([Value::Day(told.today), Value::Rate(0)]);
        self.run(1, given, size, told, heads)
    }

    fn run(
        &self,
        entry: usize,
        mut slots: Vec<Value>,
        size: Size,
        told: Told<'_>,
        heads: &[Name],
    ) -> Option<Vec<(Name, Decimal)>> {
        let (function, most) = self.entries[entry]?;
        slots.resize(most, Value::Nothing);
        let mut frame = Frame {
            bound: &self.bound,
            machine: &self.machine,
            calendar: told.calendar,
            today: told.today,
            lists: told.lists,
            fact: told.record,
            record: None,
            period: told.period,
            slots,
            base: 0,
            operations: 0,
            size,
            returned: Value::Nothing,
            run: told.run,
        };
        let given = self.machine.function(function, told.run.is_some()).run(&mut frame).ok()?;
        let Value::Group(group) = given else { return None };
        self.charged(&group, heads)
    }

    /// The heads that the rule returned: every one a head of the bill, every one a number.
    fn charged(&self, group: &Group, heads: &[Name]) -> Option<Vec<(Name, Decimal)>> {
        let mut charged = Vec::with_capacity(group.parts.len());
        for head in heads {
            let part = group.parts.iter().find(|(name, _)| self.bound.words.text(*name) == head.as_str());
            if let Some((_, value)) = part {
                charged.push((head.clone(), value.number()?));
            }
        }
        let distinct: BTreeSet<u32> = group.parts.iter().map(|(name, _)| *name).collect();
        (charged.len() == distinct.len()).then_some(charged)
    }
}
