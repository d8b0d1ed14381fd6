//! Laws of the fees, searched around every case that the scenarios charge: edges of tables, limits of questions and
//! numbers drawn always alike, as many as there is time for.

use std::collections::BTreeSet;

use rhai::{Array, Dynamic, Map};
use rust_decimal::Decimal;

use super::checks::law_broken;
use super::law_values::{self, Step, Trial};
use crate::base::{Day, Name};
use crate::billing::{Law, Natural};
use crate::fees::{self, ChargedCase, Fees};
use crate::form::Field;
use crate::rule::{Condition, Facts, RuleFailed};
use crate::service::Service;
use crate::source::Diagnostics;

/// Evaluations of the rules for all laws of a service.
const EVALUATIONS: usize = 12_000;
/// Different cases that are looked around for each law.
const CASES: usize = 12;
/// A paisa on either side: what rules round is no jump.
const ROUNDED: Decimal = Decimal::from_parts(2, 0, 0, false, 2);
/// Answers that are told beside the one that breaks a law.
const TOLD: usize = 12;

/// Says which laws of the service are broken around `cases`.
pub(super) fn check(service: &Service, cases: Vec<ChargedCase>, out: &mut Diagnostics) {
    let (Some(fees), Some(billing)) = (&service.fees, &service.billing) else { return };
    if billing.laws.is_empty() {
        return;
    }
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let cases = different(cases);
    let each = EVALUATIONS / (billing.laws.len() * cases.len().min(CASES)).max(1);
    for law in &billing.laws {
        let names = service.form.fields().map(|field| field.name.to_string()).chain(["record".to_owned()]);
        let when =
            law.when.as_ref().and_then(|when| Condition::compile(when, &names.collect(), &mut Diagnostics::default()));
        let asked = |case: &&ChargedCase| law.question.as_ref().is_none_or(|path| is_answered(&case.facts, path));
        let found: Option<Broken> = cases
            .iter()
            .filter(asked)
            .take(CASES)
            .filter_map(|case| {
                Search { service, fees, heads: &heads, law, when: when.as_ref(), case, left: each }.run()
            })
            .reduce(Broken::smaller);
        if let Some(broken) = found {
            out.push(law_broken::diagnostic(&law.name, &law.at, broken.title, broken.notes));
        }
    }
}

/// The cases without those that say the same, the first of them.
fn different(mut cases: Vec<ChargedCase>) -> Vec<ChargedCase> {
    let mut known = BTreeSet::new();
    cases.retain(|case| known.insert(format!("{:?} {} {}", case.facts, case.today, case.day)));
    cases
}

/// An example against a law.
struct Broken {
    /// The number that was answered: with the fewest decimals, and then the least, is the smallest.
    at: (u32, Decimal),
    title: String,
    notes: Vec<String>,
}

impl Broken {
    fn smaller(self, other: Self) -> Self {
        if other.at < self.at { other } else { self }
    }
}

/// The search for an example against one law around one case.
struct Search<'a> {
    service: &'a Service,
    fees: &'a Fees,
    heads: &'a [Name],
    law: &'a Law,
    when: Option<&'a Condition>,
    case: &'a ChargedCase,
    /// Evaluations that are left.
    left: usize,
}

/// A number that was answered, and what it costs.
type Point = (Decimal, Decimal);

impl Search<'_> {
    fn run(mut self) -> Option<Broken> {
        // What the scenario itself is refused is not the law's business.
        self.amount(&self.case.facts).ok()?;
        let paths = match &self.law.question {
            Some(path) => vec![path.value.clone()],
            None => law_values::paths(&self.service.form, self.fees),
        };
        let each = self.left / paths.len().max(1);
        let found = paths.into_iter().filter_map(|path| {
            self.left = each;
            self.along(&path)
        });
        found.reduce(Broken::smaller)
    }

    /// Changes the answer at a path.
    fn along(&mut self, path: &str) -> Option<Broken> {
        let field = self.service.form.at(path)?;
        let present = found(&self.case.facts, path).filter(|value| !value.is_unit())?;
        let schedule = self.fees.in_force(self.case.day)?;
        // Of a pair each end is tried, and where one is broken it is closed in upon.
        let trials = law_values::trials(field, &present, &self.case.facts, schedule, self.left.saturating_sub(64));
        match self.law.natural {
            Natural::Priced | Natural::NeverNegative => self.alone(path, field, trials),
            Natural::NeverFalls | Natural::NoJump => self.pairs(path, field, trials),
        }
    }

    /// Laws of which a single answer is an example.
    fn alone(&mut self, path: &str, field: &Field, trials: Vec<Trial>) -> Option<Broken> {
        let mut smallest: Option<Broken> = None;
        for trial in trials {
            let Some(facts) = self.with(path, &trial) else { continue };
            let title = match (self.law.natural, self.try_out(&facts)) {
                (_, None) => break,
                (Natural::Priced, Some(Err(failed))) => {
                    format!("`{path}` {} has no price: {}", trial.written(), failed.reason)
                }
                (Natural::NeverNegative, Some(Ok(amount))) if amount.is_sign_negative() && !amount.is_zero() => {
                    format!("{} is {} for `{path}` {}", self.what(), amount.normalize(), trial.written())
                }
                _ => continue,
            };
            let broken = Broken { at: trial.size(), title, notes: self.notes(field) };
            smallest = Some(match smallest {
                Some(known) => known.smaller(broken),
                None => broken,
            });
        }
        smallest
    }

    /// Laws of which two answers are an example: the first such two, brought as near to each other as they can be.
    fn pairs(&mut self, path: &str, field: &Field, trials: Vec<Trial>) -> Option<Broken> {
        let step = Step::of(&field.kind)?;
        let mut before: Option<Point> = None;
        for trial in trials {
            let Trial::Number(x) = trial else { continue };
            let amount = match self.point(path, x) {
                Some(amount) => amount,
                None if self.left == 0 => break,
                None => continue,
            };
            if let Some(low) = before
                && self.breaks(low, (x, amount))
            {
                let (low, high) = self.nearer(path, low, (x, amount), step);
                return Some(self.of_pair(path, field, low, high));
            }
            before = Some((x, amount));
        }
        None
    }

    /// Whether two answers, the lesser first, break the law.
    fn breaks(&self, (x, low): Point, (y, high): Point) -> bool {
        match (self.law.natural, &self.law.most) {
            (Natural::NeverFalls, _) => high < low,
            (Natural::NoJump, Some(most)) => (high - low).abs() > most.value * (y - x) + ROUNDED,
            _ => false,
        }
    }

    /// The two nearest answers between two that break the law, which still break it.
    fn nearer(&mut self, path: &str, mut low: Point, mut high: Point, step: Step) -> (Point, Point) {
        self.left = self.left.max(64);
        while let Some(middle) = step.between(low.0, high.0) {
            let Some(amount) = self.point(path, middle) else { break };
            let middle = (middle, amount);
            if self.breaks(low, middle) {
                high = middle;
            } else if self.breaks(middle, high) {
                low = middle;
            } else {
                break;
            }
        }
        (low, high)
    }

    fn of_pair(&self, path: &str, field: &Field, low: Point, high: Point) -> Broken {
        let (what, x, y) = (self.what(), low.0.normalize(), high.0.normalize());
        let title = format!("{what} is {} for `{path}` {x}, and {} for {y}", low.1.normalize(), high.1.normalize());
        Broken { at: (x.scale().max(y.scale()), x), title, notes: self.notes(field) }
    }

    /// What the law is about, in words.
    fn what(&self) -> String {
        self.law.of.as_ref().map_or_else(|| "the bill".to_owned(), |head| format!("`{}`", head.value))
    }

    /// The other answers of the case, and its rates.
    fn notes(&self, changed: &Field) -> Vec<String> {
        let told = self.case.facts.iter().filter(|(name, _)| name.as_str() != changed.name.as_str());
        let told = told.filter_map(|(name, value)| Some(format!("{name} {}", law_values::written(value)?)));
        let told: Vec<String> = told.take(TOLD).collect();
        let rates = self.fees.in_force(self.case.day).map(|schedule| schedule.from);
        let dated = |day: Day| format!("on {} by the rates from {day}", self.case.today);
        let other = (!told.is_empty()).then(|| format!("the other answers: {}", told.join(", ")));
        other.into_iter().chain(rates.map(dated)).collect()
    }

    /// The amount for a number; `None` if it has none, is not accepted, or there is no time left.
    fn point(&mut self, path: &str, x: Decimal) -> Option<Decimal> {
        let facts = self.with(path, &Trial::Number(x))?;
        self.try_out(&facts)?.ok()
    }

    /// The facts with another answer at a path, if the form would accept it and the law speaks of it.
    fn with(&self, path: &str, trial: &Trial) -> Option<Facts> {
        let mut facts = self.case.facts.clone();
        let field = self.service.form.at(path)?;
        put(&mut facts, path, trial.fact(&field.kind))?;
        let (today, lists) = (self.case.today, &self.service.lists);
        let holds = |condition: &Condition| condition.holds(&facts, today, lists).unwrap_or(true);
        let is_there = |name: &String| facts.get(name.as_str()).is_some_and(|value| !value.is_unit());
        let fits = self.service.form.all_pages().flat_map(|page| &page.checks);
        let accepted = fits.filter(|fit| fit.that.fields.iter().all(is_there)).all(|fit| holds(&fit.that));
        let meant = self.when.is_none_or(holds);
        (accepted && meant).then_some(facts)
    }

    /// What the rules give; `None` if there is no time left.
    fn try_out(&mut self, facts: &Facts) -> Option<Result<Decimal, RuleFailed>> {
        self.left = self.left.checked_sub(1)?;
        Some(self.amount(facts))
    }

    fn amount(&self, facts: &Facts) -> Result<Decimal, RuleFailed> {
        let (today, day) = (self.case.today, self.case.day);
        let charged = fees::amounts(self.fees, facts, today, day, &self.service.lists, self.heads)?;
        let meant = charged.iter().filter(|(head, _)| self.law.of.as_ref().is_none_or(|of| of.value == *head));
        Ok(meant.map(|(_, amount)| *amount).sum())
    }
}

fn is_answered(facts: &Facts, path: &str) -> bool {
    found(facts, path).is_some_and(|answer| !answer.is_unit())
}

/// The answer at a path; of a list that of its first item.
fn found(facts: &Facts, path: &str) -> Option<Dynamic> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let value = facts.get(first)?;
    if rest.is_empty() { Some(value.clone()) } else { found_inside(value, rest) }
}

fn found_inside(value: &Dynamic, path: &str) -> Option<Dynamic> {
    if let Some(items) = value.read_lock::<Array>() {
        return found_inside(items.first()?, path);
    }
    let map = value.read_lock::<Map>()?;
    found(&map, path)
}

/// Puts another answer in the place of the one at a path.
fn put(facts: &mut Facts, path: &str, answer: Dynamic) -> Option<()> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let place = facts.get_mut(first)?;
    if rest.is_empty() {
        *place = answer;
        return Some(());
    }
    put_inside(place, rest, answer)
}

fn put_inside(place: &mut Dynamic, path: &str, answer: Dynamic) -> Option<()> {
    if let Some(mut items) = place.write_lock::<Array>() {
        return put_inside(items.first_mut()?, path, answer);
    }
    let mut map = place.write_lock::<Map>()?;
    put(&mut map, path, answer)
}
