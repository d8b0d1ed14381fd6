//! A case as it was when less was known of it: folded from its events, which are never changed.

use std::collections::BTreeMap;

use engine::base::{Answers, Money, Name};
use engine::billing::{Demand, Receipt};
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
    case.demands = demands(&told, &case.demands)?;
    case.receipts = receipts(&told)?;
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

/// Each demand as the last of these events left it. Events do not repeat the steps by which it came about: they are those
/// of `present`, unless it was assessed anew meanwhile; then it has none.
fn demands(told: &[&Event], present: &[Demand]) -> Result<Vec<Demand>> {
    let mut demands = BTreeMap::new();
    for demand in told.iter().flat_map(|event| changes(event, "demands")) {
        let mut demand = json::read_demand(demand)?;
        let stands = present.iter().find(|other| other.seq == demand.seq && charged(other).eq(charged(&demand)));
        demand.steps = stands.map(|other| other.steps.clone()).unwrap_or_default();
        demands.insert(demand.seq, demand);
    }
    Ok(demands.into_values().collect())
}

/// What was charged, by head.
fn charged(demand: &Demand) -> impl Iterator<Item = (&str, Money)> {
    demand.lines.iter().map(|line| (line.head.as_str(), line.amount))
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
