//! What an action leads to, told before it is taken.

use engine::case::{Case, Outcome, RecordChange};
use engine::registry::{Mode, NumberFacts};
use engine::rule::Condition;
use engine::service::Service;
use engine::workflow::{Action, Once, State, Trigger};
use ui_gen::view::desk::{Consequences, Told};

use super::opened::Opened;
use super::reader::Reader;
use super::view_case::{posts, state_of};
use super::{view_changes, view_money};

/// What is known about an action that is not yet taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leads<'a> {
    /// The action; none for money, which may take one by itself.
    pub(crate) action: Option<&'a Action>,
    /// What it leads to; none while that depends on answers that are not there yet.
    pub(crate) outcome: Option<&'a Outcome>,
    /// Who will be told what.
    pub(crate) told: &'a [Told],
    /// The name of whoever will have the case; empty for nobody in particular.
    pub(crate) assignee: &'a str,
}

/// Everything an action leads to.
pub(crate) fn consequences(reader: &Reader<'_>, opened: &Opened, case: &Case, leads: &Leads<'_>) -> Consequences {
    let service = &*opened.service;
    let before = state_of(service, case);
    let planned = leads.action.map_or(&case.state, |action| &action.to.value);
    let to = leads.outcome.map_or(planned, |outcome| &outcome.case.state);
    let after = service.workflow.state(to).expect("an action leads to a state of its own definition");
    let (undo, undo_text) = undo(reader, service, before, after, leads);
    let raised = leads.outcome.and_then(|outcome| {
        let new = |demand: &&engine::billing::Demand| case.demands.iter().all(|known| known.seq != demand.seq);
        outcome.case.demands.iter().rev().find(new)
    });
    let unknown = if leads.outcome.is_none() { reader.get("lead.after_answers") } else { String::new() };
    Consequences {
        unknown,
        from: reader.state(before),
        to: reader.state(after),
        with_whom: with_whom(reader, service, after, leads.assignee),
        told: leads.told.to_vec(),
        bill: raised.map(|demand| view_money::demanded(reader, service, demand)),
        vouchers: leads
            .outcome
            .map(|outcome| {
                outcome.vouchers.iter().map(|voucher| view_money::planned(reader, service, voucher)).collect()
            })
            .unwrap_or_default(),
        makes: makes(reader, opened, leads),
        clocks: clocks(reader, opened, case, before, after, leads),
        undo,
        undo_text,
    }
}

fn with_whom(reader: &Reader<'_>, service: &Service, after: &State, assignee: &str) -> String {
    if !assignee.is_empty() {
        return assignee.to_owned();
    }
    if after.end.is_some() {
        return String::new();
    }
    if after.asks_applicant() {
        return reader.get("event.applicant");
    }
    let mut labels: Vec<&str> = Vec::new();
    for role in after.officers().filter_map(|role| service.role(role)) {
        let label = reader.text(&role.label);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.join(", ")
}

/// Answers that are changed without an action, records that are made or changed, cases of other services that are
/// opened, programs that are asked, papers that are issued.
fn makes(reader: &Reader<'_>, opened: &Opened, leads: &Leads<'_>) -> Vec<String> {
    let Some(outcome) = leads.outcome else { return Vec::new() };
    let service = &*opened.service;
    let mut makes =
        if leads.action.is_none() { view_changes::told(reader, opened, &outcome.event) } else { Vec::new() };
    if let Some(receipt) = &outcome.event.receipt {
        let amount = reader.money(receipt.payment.amount);
        let series = series(reader, service);
        let mode = reader.modes(receipt);
        makes.push(reader.say("lead.receipt", &[("series", &series), ("amount", &amount), ("mode", &mode)]));
    }
    makes.extend(outcome.records.iter().map(|change| becomes(reader, service, change)));
    for order in &outcome.opens {
        let title = opened.opens.get(&order.service).map_or(order.service.as_str(), |title| reader.text(title));
        makes.push(reader.say("lead.opens", &[("service", title)]));
    }
    for order in &outcome.asks {
        let title = service.form.page(&order.page).map_or("", |page| reader.text(&page.title));
        makes.push(reader.say("lead.program", &[("page", title)]));
    }
    for order in &outcome.papers {
        let title =
            service.document(&order.document).map_or(order.document.as_str(), |document| reader.text(&document.title));
        makes.push(reader.say("lead.paper", &[("paper", title)]));
    }
    makes
}

/// What becomes of a record.
fn becomes(reader: &Reader<'_>, service: &Service, change: &RecordChange) -> String {
    let (record, grant) = (&change.record, service.grant(&change.grant));
    let title = grant.map(|grant| reader.text(&grant.title)).unwrap_or_default();
    let key = match grant.map_or(Mode::Create, |grant| grant.mode) {
        _ if record.version == 1 => "created",
        Mode::Create => "created",
        Mode::Renew => "renewed",
        Mode::Amend => "amended",
        Mode::Transfer => "transferred",
        Mode::Split => "split",
        Mode::Merge if record.has_ended() => "merged",
        Mode::Merge => "merged_into",
        Mode::Suspend => "suspended",
        Mode::Resume => "resumed",
        Mode::Revoke => "revoked",
    };
    let until = record.valid_until.map_or_else(|| reader.get("record.open"), |day| reader.day(day));
    let (number, from) = (record.number.as_str(), reader.day(record.valid_from));
    let said = [("title", title), ("number", number), ("from", from.as_str()), ("until", until.as_str())];
    reader.say(&format!("lead.{key}"), &said)
}

/// The numbers among which the next receipt has its own.
fn series(reader: &Reader<'_>, service: &Service) -> String {
    let facts = NumberFacts { tenant: &reader.tenant.code, day: reader.now.day(), calendar: &reader.tenant.calendar };
    service.billing.as_ref().map(|billing| billing.receipt_number.series(facts).replace('#', "…")).unwrap_or_default()
}

/// Clocks that start, stop or pause.
fn clocks(
    reader: &Reader<'_>,
    opened: &Opened,
    case: &Case,
    before: &State,
    after: &State,
    leads: &Leads<'_>,
) -> Vec<String> {
    let mut clocks = Vec::new();
    let Some(outcome) = leads.outcome else { return clocks };
    if before.name == after.name {
        return clocks;
    }
    if let Some(due) = outcome.case.due_ms {
        clocks.push(reader.say("lead.due", &[("state", reader.text(&after.label)), ("when", &reader.moment(due))]));
    }
    if after.end.is_none() && case.promised_ms.is_some() {
        match (before.waits_for_applicant, after.waits_for_applicant) {
            (false, true) => clocks.push(reader.get("lead.pauses")),
            (true, false) => {
                let day = outcome.case.promised_ms.map(|ms| reader.day_of(ms)).unwrap_or_default();
                clocks.push(reader.say("lead.resumes", &[("day", &day)]));
            }
            _ => {}
        }
    }
    let entered = reader.now.with_ms(outcome.case.clock_began_ms());
    for action in &after.actions {
        // Nobody presses it: it is told as what will have happened.
        let what = reader.text(action.done.as_ref().unwrap_or(&action.label));
        match &action.trigger {
            Trigger::After(..) => {
                if let Some(due) = action.due(entered, &reader.tenant.calendar) {
                    clocks.push(reader.say("lead.after", &[("when", &reader.moment(due.ms)), ("what", what)]));
                }
            }
            Trigger::Once(Once::Paid, _) if applies(opened, outcome, action, reader) => {
                clocks.push(reader.say("lead.once_paid", &[("what", what)]));
            }
            _ => {}
        }
    }
    clocks
}

/// Whether the conditions of an action hold of the case as it will be.
fn applies(opened: &Opened, outcome: &Outcome, action: &Action, reader: &Reader<'_>) -> bool {
    if action.when.is_empty() {
        return true;
    }
    let facts = opened.service.facts(&outcome.case.answers);
    let holds = |when: &Condition| when.holds(&facts, reader.now.day(), &opened.service.lists).unwrap_or(true);
    action.conditions().all(holds)
}

/// Whether the action can be undone, and how, or why not.
fn undo(reader: &Reader<'_>, service: &Service, before: &State, after: &State, leads: &Leads<'_>) -> (bool, String) {
    let booked = leads.outcome.is_some_and(|outcome| !outcome.vouchers.is_empty());
    let granted = leads.outcome.is_some_and(|outcome| !outcome.records.is_empty());
    let said = |key: &str, action: &Action| {
        let who = posts(reader, service, action);
        reader.say(key, &[("action", reader.text(&action.label)), ("who", &who)])
    };
    let back = ways_back(service, before, after);
    match again(after, service) {
        _ if leads.outcome.is_some_and(|outcome| outcome.event.receipt.is_some()) => {
            (false, reader.get("lead.receipt_back"))
        }
        _ if leads.outcome.is_some_and(|outcome| outcome.event.command == "note") => (false, reader.get("lead.said")),
        _ if granted => (false, reader.get("lead.granted")),
        _ if booked => (false, reader.get("lead.booked")),
        _ if before.name == after.name => (true, reader.get("lead.stays")),
        _ if !back.is_empty() && after.end.is_none() => {
            (true, back.into_iter().map(|action| said("lead.back", action)).collect::<Vec<_>>().join("; "))
        }
        Some(action) => {
            let until = action.within.map(|span| span.after(reader.now, &reader.tenant.calendar));
            let until = until.map(|at| reader.say("lead.until", &[("day", &reader.day(at.day()))]));
            let parts = std::iter::once(said("lead.again", action)).chain(until);
            (false, parts.collect::<Vec<_>>().join(" "))
        }
        None if after.end.is_some() => (false, reader.get("lead.end")),
        None => (false, reader.get("lead.no_way_back")),
    }
}

/// The actions by which people bring the case back: to where it stood, or else to where the same can be
/// decided once more.
fn ways_back<'a>(service: &Service, before: &State, after: &'a State) -> Vec<&'a Action> {
    let by_people = |action: &&Action| matches!(action.trigger, Trigger::By(_));
    let ways = || after.actions.iter().filter(by_people);
    let direct: Vec<&Action> = ways().filter(|action| action.to.value == before.name).collect();
    if !direct.is_empty() {
        return direct;
    }
    let anew = |action: &&Action| {
        let state = service.workflow.state(&action.to).filter(|state| state.name != after.name && state.end.is_none());
        state.is_some_and(|state| state.actions.iter().filter(by_people).any(|again| again.to.value == after.name))
    };
    ways().filter(anew).collect()
}

/// The action by which people open a case again that has ended.
fn again<'a>(after: &'a State, service: &Service) -> Option<&'a Action> {
    let opens = |action: &&Action| {
        let by_people = matches!(action.trigger, Trigger::By(_));
        by_people && service.workflow.state(&action.to).is_some_and(|state| state.end.is_none())
    };
    after.actions.iter().filter(|_| after.end.is_some()).find(opens)
}
