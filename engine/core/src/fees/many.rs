//! The amounts of many cases at once, for a whole register.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Fees;
use super::assess::amounts;
use super::lower::Cases;
use crate::base::{Day, Name};
use crate::list::List;
use crate::rule::{Facts, RuleFailed};

/// Many cases, read once: they may be assessed again under another day.
#[derive(Debug)]
pub struct Many<'a> {
    facts: &'a [Facts],
    /// The first day of the rates that they were read for, and their columns.
    columns: Option<(Day, Cases)>,
}

/// The amounts of many cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charged {
    /// Case after case, each with an amount for every head; zero for heads that the rule left out,
    /// and for cases in which it failed.
    pub amounts: Vec<Decimal>,
    /// The cases in which the rule failed, by their place.
    pub failed: Vec<(usize, RuleFailed)>,
    /// How many cases the columns could not do.
    pub alone: usize,
}

impl<'a> Many<'a> {
    /// Reads `facts` for the rules in force on `day`.
    pub fn read(fees: &Fees, facts: &'a [Facts], day: Day) -> Self {
        let columns = fees.in_force(day).and_then(|schedule| {
            let cases = fees.lowered(schedule)?.read(facts)?;
            Some((schedule.from, cases))
        });
        Self { facts, columns }
    }

    /// Whether the rules go column by column.
    pub fn is_columns(&self) -> bool {
        self.columns.is_some()
    }

    /// What `fees(answers, rates)` charges in each case: [`amounts`], many at once.
    pub fn amounts(&self, fees: &Fees, today: Day, day: Day, lists: &[Arc<List>], heads: &[Name]) -> Charged {
        let columns = self.columns.as_ref().and_then(|(from, cases)| {
            let schedule = fees.in_force(day).filter(|schedule| schedule.from == *from)?;
            fees.lowered(schedule)?.columns(cases, today, heads)
        });
        let columns = columns.unwrap_or_else(|| vec![None; self.facts.len() * heads.len()]);
        let mut charged = Charged { amounts: Vec::with_capacity(columns.len()), ..Charged::default() };
        for (place, facts) in self.facts.iter().enumerate() {
            let amounts_here = &columns[place * heads.len()..(place + 1) * heads.len()];
            charged.amounts.extend(amounts_here.iter().map(|amount| amount.unwrap_or_default()));
            if amounts_here.iter().all(Option::is_some) {
                continue;
            }
            charged.alone += 1;
            match amounts(fees, facts, today, day, lists, heads) {
                Ok(given) => {
                    for (head, amount) in given {
                        let at = heads.iter().position(|one| *one == head).unwrap_or_default();
                        charged.amounts[place * heads.len() + at] = amount;
                    }
                }
                Err(failed) => charged.failed.push((place, failed)),
            }
        }
        charged
    }
}
