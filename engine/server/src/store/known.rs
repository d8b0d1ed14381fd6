//! A case as it was when less was known of it: folded from its events, which are never changed.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::{Answers, Name};
use engine::billing::{Charged, Demand, DemandLine, Receipt};
use engine::case::Case;
use serde_json::Value as Json;

use super::error::Result;
use super::events::{self, Event};
use super::tx::Tx;
use super::{cases, json};

/// A case as it was known at the instant `at_ms`; nothing where it was not there yet.
///
/// What a bill is reckoned from is as it was: demands, receipts, answers, the definition and where the case
/// stood. What waits for the next demand, who acted and the applicant are those of today.
///
/// # Errors
/// When the store fails, or an event cannot be read.
pub async fn case_at(tx: &mut Tx, id: &str, at_ms: i64) -> Result<Option<Case>> {
    let Some(mut case) = cases::load(tx, id).await? else { return Ok(None) };
    let history = events::history(tx, id).await?;
    let Some(last) = history.iter().rfind(|event| event.at_ms <= at_ms) else { return Ok(None) };
    put_back(&mut case, &history, last)?;
    Ok(Some(case))
}

/// Puts a case back to where `event` brought it; `history` is all that ever happened to it, in order.
///
/// # Errors
/// When an event cannot be read.
pub fn put_back(case: &mut Case, history: &[Event], event: &Event) -> Result<()> {
    let (told, later): (Vec<&Event>, Vec<&Event>) = history.iter().partition(|other| other.seq <= event.seq);
    let mut answers = case.answers.to_json();
    for change in later.iter().rev().flat_map(|later| changes(later, "changed")) {
        if let Some(name) = change[0].as_str() {
            answers[name] = change[1].clone();
        }
    }
    case.answers = Answers::from_json(&answers);
    let receipts = receipts(&told)?;
    case.demands = demands(&told, &later, &case.demands)?;
    for demand in &mut case.demands {
        // What a day of payment added stands behind the steps of the demand as long as its receipt does.
        for charged in charged(&case.receipts, &receipts, demand.seq) {
            for step in &charged.steps {
                demand.steps.take_back(step);
            }
        }
        for charged in charged(&receipts, &case.receipts, demand.seq) {
            demand.steps.add(&charged.steps);
        }
    }
    case.receipts = receipts;
    if let Some(definition) = told.iter().rev().find_map(|event| event.outcome["definition"].as_str()) {
        definition.clone_into(&mut case.definition);
    }
    if let Some(state) = event.outcome["to"].as_str() {
        case.state = Name::new(state);
    }
    let facts = &event.outcome["case"];
    if facts.is_object() {
        case.assignee = facts["assignee"].as_str().map(str::to_owned);
        case.due_ms = facts["due_ms"].as_i64();
        case.promised_ms = facts["promised_ms"].as_i64();
    }
    Ok(())
}

/// Each demand as the last of the events that are `told` left it. Events do not repeat the steps by which it came about:
/// they are those of `present`, unless it was assessed anew `later`; then it has none.
fn demands(told: &[&Event], later: &[&Event], present: &[Demand]) -> Result<Vec<Demand>> {
    let mut demands = BTreeMap::new();
    for demand in told.iter().flat_map(|event| changes(event, "demands")) {
        let demand = json::read_demand(demand)?;
        demands.insert(demand.seq, demand);
    }
    let mut anew = BTreeSet::new();
    for changed in later.iter().filter(|event| may_assess(event)).flat_map(|event| changes(event, "demands")) {
        let changed = json::read_demand(changed)?;
        let known = demands.get(&changed.seq);
        if known.is_some_and(|known| known.lines.iter().any(|line| !charges(&changed, line))) {
            anew.insert(changed.seq);
        }
    }
    for demand in demands.values_mut().filter(|demand| !anew.contains(&demand.seq)) {
        if let Some(same) = present.iter().find(|same| same.seq == demand.seq) {
            demand.steps = same.steps.clone();
        }
    }
    Ok(demands.into_values().collect())
}

/// What `some` receipts added to a demand, without what the same receipts of `others` added too: of one that stands in
/// part, some may have gone.
fn charged<'a>(some: &'a [Receipt], others: &'a [Receipt], seq: u32) -> impl Iterator<Item = &'a Charged> {
    let live = |receipt: &&Receipt| !receipt.cancelled;
    let known = move |receipt: &Receipt, charged: &Charged| {
        let is_this = |other: &Receipt| other.number == receipt.number && other.charged.contains(charged);
        others.iter().filter(live).any(is_this)
    };
    let all =
        some.iter().filter(live).flat_map(|receipt| receipt.charged.iter().map(move |charged| (receipt, charged)));
    let own = all.filter(move |&(receipt, charged)| charged.demand == seq && !known(receipt, charged));
    own.map(|(_, charged)| charged)
}

/// Whether what happened may have assessed a demand anew. Money that comes fixes what its day adds, and rounds again.
fn may_assess(event: &Event) -> bool {
    matches!(event.command["word"].as_str(), Some("act" | "elapse" | "correct"))
}

/// Whether a demand charges as much under the head of a line.
fn charges(demand: &Demand, line: &DemandLine) -> bool {
    demand.lines.iter().any(|other| other.head == line.head && other.amount == line.amount)
}

/// Each receipt as the last of these events left it, in the order in which they were written.
fn receipts(told: &[&Event]) -> Result<Vec<Receipt>> {
    let mut receipts: Vec<Receipt> = Vec::new();
    for event in told {
        let own = Some(&event.outcome["receipt"]).filter(|receipt| !receipt.is_null());
        for receipt in own.into_iter().chain(changes(event, "other_receipts")) {
            let receipt = json::read_receipt(receipt)?;
            match receipts.iter_mut().find(|known| known.number == receipt.number) {
                Some(known) => *known = receipt,
                None => receipts.push(receipt),
            }
        }
    }
    Ok(receipts)
}

fn changes<'a>(event: &'a Event, what: &str) -> impl Iterator<Item = &'a Json> {
    event.outcome[what].as_array().into_iter().flatten()
}
