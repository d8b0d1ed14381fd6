//! The only place that evaluates rules of fees.

use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{Array, Dynamic, Map, Scope};
use rust_decimal::Decimal;

use super::lower::{Lowered, Told};
use super::runtime::{Rates, engine};
use super::{AMEND, Assessment, Fees, ON_DISHONOUR, ON_PAYMENT, RateUsed, Schedule, Script, Step};
use crate::base::{Day, Name};
use crate::list::List;
use crate::rule::domain::PERIOD;
use crate::rule::run::{Run, Traced};
use crate::rule::standard::what;
use crate::rule::{Facts, RuleFailed, plain, watched};

/// What `fees(answers, rates)` says is due, with the schedule in force on `day`.
///
/// `facts` are the answers, `record` where the case is about a record, and `period` where one is
/// billed; `today` is what the rule knows by that name; `heads` are the heads of the bill in its order. Amounts are
/// exact rupees: nothing is rounded but by the rule itself. A rule that fails gives no amount at all.
pub fn assess(
    fees: &Fees,
    facts: &Facts,
    today: Day,
    day: Day,
    lists: &[Arc<List>],
    heads: &[Name],
) -> Result<Assessment, RuleFailed> {
    let record = facts.get("record").cloned().unwrap_or_default();
    let call = Call { first: First::Answers(facts), record, period: facts.get(PERIOD), today, day, lists };
    call.run(fees, heads)
}

/// The amounts of [`assess`] alone, without the steps: for registers with many cases.
pub fn amounts(
    fees: &Fees,
    facts: &Facts,
    today: Day,
    day: Day,
    lists: &[Arc<List>],
    heads: &[Name],
) -> Result<Vec<(Name, Decimal)>, RuleFailed> {
    if let Some(charged) = amounts_lowered(fees, facts, today, day, lists, heads) {
        return Ok(charged);
    }
    let record = facts.get("record").cloned().unwrap_or_default();
    let call = Call { first: First::Answers(facts), record, period: facts.get(PERIOD), today, day, lists };
    Ok(call.interpreted(schedule_on(fees, day)?, fees, heads)?.heads)
}

/// The same, of what is lowered; `None` if only the interpreter can say, because the rule is not
/// lowered or fails.
pub fn amounts_lowered(
    fees: &Fees,
    facts: &Facts,
    today: Day,
    day: Day,
    lists: &[Arc<List>],
    heads: &[Name],
) -> Option<Vec<(Name, Decimal)>> {
    let record = facts.get("record").unwrap_or(&Dynamic::UNIT);
    let told = Told { today, lists, record, period: facts.get(PERIOD), calendar: &fees.calendar, run: None };
    fees.lowered(fees.in_force(day)?)?.fees(facts, told, heads)
}

/// What `on_payment(demand, day, rates)` or `on_payment(answers, demand, day, rates)` says is due besides
/// the demand on the day of payment.
///
/// `answers` are those of which the demand was made, where the rules take them; `demand` is what
/// [`demand_facts`] makes; `day` is the day of payment; the rates are those in force on `rates_on`.
/// Nothing is due if the rules have no `on_payment`.
pub fn assess_on_payment(
    fees: &Fees,
    answers: &Facts,
    demand: &Facts,
    day: Day,
    rates_on: Day,
    lists: &[Arc<List>],
    heads: &[Name],
) -> Result<Assessment, RuleFailed> {
    if !fees.script.has_on_payment {
        let schedule = schedule_on(fees, rates_on)?;
        return Ok(assessment(schedule, Vec::new(), Vec::new()));
    }
    let first = First::Demand(answers, with_all_heads(demand, heads));
    let call = Call { first, record: Dynamic::UNIT, period: None, today: day, day: rates_on, lists };
    call.run(fees, heads)
}

/// What `amend(answers, demand, rates)` adds to a demand or takes off; the rates are those in force on
/// `day`. It is an error if the rules have no `amend`.
pub fn assess_amendment(
    fees: &Fees,
    facts: &Facts,
    demand: &Facts,
    day: Day,
    lists: &[Arc<List>],
    heads: &[Name],
) -> Result<Assessment, RuleFailed> {
    if !fees.script.has_amend {
        return Err(failed("the rules have no `amend(answers, demand, rates)`".to_owned()));
    }
    let record = facts.get("record").cloned().unwrap_or(Dynamic::UNIT);
    let first = First::Amendment(facts, with_all_heads(demand, heads));
    Call { first, record, period: None, today: day, day, lists }.run(fees, heads)
}

/// What `on_dishonour(demand, day, rates)` charges for a cheque that a bank did not honour on `day`:
/// nothing if the rules have no such function.
pub fn assess_on_dishonour(
    fees: &Fees,
    demand: &Facts,
    day: Day,
    lists: &[Arc<List>],
    heads: &[Name],
) -> Result<Assessment, RuleFailed> {
    if !fees.script.has_on_dishonour {
        return Ok(assessment(schedule_on(fees, day)?, Vec::new(), Vec::new()));
    }
    let first = First::Dishonour(with_all_heads(demand, heads));
    Call { first, record: Dynamic::UNIT, period: None, today: day, day, lists }.run(fees, heads)
}

/// A demand in which every head has an amount: nothing is owed of a head that it does not have, and
/// nothing is charged for it.
fn with_all_heads(demand: &Facts, heads: &[Name]) -> Dynamic {
    let mut demand = demand.clone();
    for name in ["heads", "charged"] {
        let Some(mut amounts) = demand.get_mut(name).and_then(Dynamic::write_lock::<Map>) else { continue };
        for head in heads {
            amounts.entry(head.as_str().into()).or_insert(Dynamic::from_decimal(Decimal::ZERO));
        }
    }
    Dynamic::from_map(demand)
}

/// A demand as `on_payment` sees it: `heads` (exact rupees still owed by head), `charged` (by head,
/// paid or not), `total` of what is owed, `paid` of what was paid, `raised_on`, `due_on`, `days_late` (whole days past
/// `due_on`, never below zero), `reckoned_from` (the day of the last payment for it, until which the
/// charges of the day are in it; the day it is of if nothing was paid), and `period_from` and `period_until` where it comes round, nothing
/// otherwise. `heads` are name, what is charged, and what of it is still owed.
pub fn demand_facts(
    heads: &[(Name, Decimal, Decimal)],
    (raised_on, due_on): (Day, Day),
    period: Option<(Day, Day)>,
    (reckoned_from, day): (Day, Day),
) -> Facts {
    let entry = |name: &Name, amount: Decimal| (name.as_str().into(), Dynamic::from_decimal(amount));
    let owed: Map = heads.iter().map(|(name, _, owed)| entry(name, *owed)).collect();
    let charged: Map = heads.iter().map(|(name, charged, _)| entry(name, *charged)).collect();
    let total: Decimal = heads.iter().map(|(.., owed)| *owed).sum();
    let paid: Decimal = heads.iter().map(|(_, charged, owed)| *charged - *owed).sum();
    let late = crate::base::date::days_between(due_on, day);
    Facts::from([
        ("heads".into(), Dynamic::from_map(owed)),
        ("charged".into(), Dynamic::from_map(charged)),
        ("total".into(), Dynamic::from_decimal(total)),
        ("paid".into(), Dynamic::from_decimal(paid)),
        ("raised_on".into(), Dynamic::from(raised_on)),
        ("due_on".into(), Dynamic::from(due_on)),
        ("days_late".into(), Dynamic::from_int(late)),
        ("reckoned_from".into(), Dynamic::from(reckoned_from)),
        ("period_from".into(), period.map_or(Dynamic::UNIT, |period| Dynamic::from(period.0))),
        ("period_until".into(), period.map_or(Dynamic::UNIT, |period| Dynamic::from(period.1))),
    ])
}

/// A fact without the parts of groups that the rules never name: a rule can reach only what it
/// names, and need not carry the rest about.
fn needed(fact: &Dynamic, words: &BTreeSet<String>) -> Dynamic {
    if let Some(items) = fact.read_lock::<Array>() {
        return Dynamic::from_array(items.iter().map(|item| needed(item, words)).collect());
    }
    if let Some(map) = fact.read_lock::<Map>() {
        let named = map.iter().filter(|(name, _)| words.contains(name.as_str()));
        return Dynamic::from_map(named.map(|(name, value)| (name.clone(), needed(value, words))).collect());
    }
    fact.clone()
}

/// What the first argument is, and by that which function is called.
enum First<'a> {
    /// `fees(answers, rates)`
    Answers(&'a Facts),
    /// `on_payment(demand, day, rates)`, or the same with the answers before it
    Demand(&'a Facts, Dynamic),
    /// `amend(answers, demand, rates)`
    Amendment(&'a Facts, Dynamic),
    /// `on_dishonour(demand, day, rates)`
    Dishonour(Dynamic),
}

struct Call<'a> {
    first: First<'a>,
    record: Dynamic,
    /// The period that is billed, if one is.
    period: Option<&'a Dynamic>,
    today: Day,
    /// The day whose rates hold.
    day: Day,
    lists: &'a [Arc<List>],
}

impl Call<'_> {
    fn run(self, fees: &Fees, heads: &[Name]) -> Result<Assessment, RuleFailed> {
        let schedule = schedule_on(fees, self.day)?;
        match fees.lowered(schedule).and_then(|lowered| self.lowered(lowered, schedule, fees, heads)) {
            Some(assessment) => Ok(assessment),
            None => self.interpreted(schedule, fees, heads),
        }
    }

    /// `None` if the interpreter is to be asked.
    fn lowered(&self, lowered: &Lowered, schedule: &Schedule, fees: &Fees, heads: &[Name]) -> Option<Assessment> {
        let run = Run::default();
        let (today, lists, record) = (self.today, self.lists, &self.record);
        let told = Told { today, lists, record, period: self.period, calendar: &fees.calendar, run: Some(&run) };
        let charged = match &self.first {
            First::Answers(facts) => lowered.fees(facts, told, heads)?,
            First::Demand(facts, demand) => {
                let facts = fees.script.payment_reads.as_ref().map(|_| *facts);
                lowered.on_payment(facts, demand, told, heads)?
            }
            // Now and then a person decides on one: the reference is quick enough.
            First::Amendment(..) | First::Dishonour(_) => return None,
        };
        let steps = steps(schedule, &run, &charged);
        Some(assessment(schedule, charged, steps))
    }

    fn interpreted(self, schedule: &Arc<Schedule>, fees: &Fees, heads: &[Name]) -> Result<Assessment, RuleFailed> {
        let run = Arc::new(Run {
            today: self.today,
            record: self.record,
            period: fees.reads(PERIOD).then(|| self.period.cloned().unwrap_or_default()),
            lists: if fees.script.words.contains("listed") { self.lists.to_vec() } else { Vec::new() },
            calendar: Arc::clone(&fees.calendar),
            ..Run::default()
        });
        if let (Some(followed), First::Answers(facts)) = (&fees.script.followed, &self.first) {
            followed.keep(facts, self.today, self.day);
        }
        let rates = Dynamic::from(Rates(Arc::clone(schedule)));
        let (function, arguments) = match self.first {
            First::Answers(facts) => ("fees", vec![answers(facts, &fees.script), rates]),
            First::Demand(facts, demand) => {
                let facts = fees.script.payment_reads.as_ref().map(|_| answers(facts, &fees.script));
                let others = [demand, Dynamic::from(self.today), rates];
                (ON_PAYMENT, facts.into_iter().chain(others).collect())
            }
            First::Amendment(facts, demand) => (AMEND, vec![answers(facts, &fees.script), demand, rates]),
            First::Dishonour(demand) => (ON_DISHONOUR, vec![demand, Dynamic::from(self.today), rates]),
        };
        let options = Run::options(&run).eval_ast(false);
        let result = watched(|| {
            engine().call_fn_with_options::<Dynamic>(options, &mut Scope::new(), &fees.script.ast, function, arguments)
        });
        if let Some(followed) = &fees.script.followed {
            followed.note(schedule.from, &run.trace());
        }
        let value = result.map_err(|error| {
            let (reason, position) = plain(&error);
            let (line, column) = fees.script.recorded.written_at(position);
            RuleFailed { reason, line, column }
        })?;
        let charged = charged(function, &value, heads)?;
        let steps = steps(schedule, &run, &charged);
        Ok(assessment(schedule, charged, steps))
    }
}

/// The answers that the rules read.
fn answers(facts: &Facts, script: &Script) -> Dynamic {
    let read = |name: &String| facts.get(name.as_str()).map_or(Dynamic::UNIT, |fact| needed(fact, &script.words));
    Dynamic::from_map(script.reads.iter().map(|name| (name.as_str().into(), read(name))).collect())
}

fn schedule_on(fees: &Fees, day: Day) -> Result<&Arc<Schedule>, RuleFailed> {
    fees.in_force(day).ok_or_else(|| failed(format!("no rates are in force on {}", day.format("%d/%m/%Y"))))
}

fn failed(reason: String) -> RuleFailed {
    RuleFailed { reason, line: 0, column: 0 }
}

fn assessment(schedule: &Schedule, heads: Vec<(Name, Decimal)>, steps: Vec<Step>) -> Assessment {
    Assessment { heads, steps, rates_from: schedule.from, authority: schedule.authority.written.clone() }
}

/// The heads that the rule returned. A head may be left out; what is there must be a number.
fn charged(function: &str, value: &Dynamic, heads: &[Name]) -> Result<Vec<(Name, Decimal)>, RuleFailed> {
    let Some(map) = value.read_lock::<Map>() else {
        return Err(failed(format!("`{function}` gives {}, not a map of heads", what(value))));
    };
    if let Some(unknown) = map.keys().find(|name| !heads.iter().any(|head| **head == ***name)) {
        return Err(failed(format!("`{unknown}` is no head of the bill")));
    }
    let mut charged = Vec::with_capacity(map.len());
    for head in heads {
        let Some(value) = map.get(head.as_str()) else { continue };
        let Ok(amount) = crate::rule::standard::number(value) else {
            return Err(failed(format!("`{head}` is {}, not an amount", what(value))));
        };
        charged.push((head.clone(), amount));
    }
    Ok(charged)
}

fn steps(schedule: &Schedule, run: &Run, charged: &[(Name, Decimal)]) -> Vec<Step> {
    let mut trace = std::mem::take(&mut *run.trace());
    // What was looked up after the last step belongs to the last head.
    if let Some(last) = trace.heads.last_mut() {
        last.rates.append(&mut trace.pending.rates);
    }
    let mut steps: Vec<Step> = trace.steps.into_iter().map(|traced| step(schedule, traced)).collect();
    let mut by_head = trace.heads;
    for (head, amount) in charged {
        let at = by_head.iter().position(|traced| traced.name == **head);
        let mut traced = at.map_or_else(Traced::default, |at| by_head.swap_remove(at));
        head.as_str().clone_into(&mut traced.name);
        traced.value = amount.normalize().to_string();
        steps.push(step(schedule, traced));
    }
    steps
}

fn step(schedule: &Schedule, traced: Traced) -> Step {
    let authority = &schedule.authority.written;
    let used = |(name, value)| RateUsed { name, value, authority: authority.clone() };
    Step {
        name: traced.name,
        value: traced.value,
        rates: traced.rates.into_iter().map(used).collect(),
        rounded: traced.rounded,
    }
}
