//! One step of a scenario: what is done, and whether what follows is what was expected.

use std::collections::BTreeMap;

use super::answers;
use super::calendar;
use super::checks::{scenario_differs, scenario_step};
use super::coverage::Coverage;
use super::refused;
use super::register;
use super::world::{Done, World};
use super::yaml::{ChildrenYaml, ElsewhereYaml, InstrumentYaml, SlotsYaml, StepYaml};
use crate::base::{Answers, Day, Money, Name};
use crate::billing::{Instrument, ONLINE, Part, Payment, Receipt, is_instrument};
use crate::case::{Actor, ActorKind, Assignee, Command, Flag, Pending, reserved_word};
use crate::ledger::Voucher;
use crate::registry::{Record, Standing};
use crate::source::{At, Diagnostics, Where};
use crate::workflow::End;

/// Carries out a step. `false` if the scenario cannot go on.
pub(super) fn run(step: &StepYaml, world: &mut World<'_>, coverage: &mut Coverage, out: &mut Diagnostics) -> bool {
    let (mut outcomes, turned) = (Vec::new(), world.turned.len());
    if let Some(span) = &step.wait {
        let until = span.after(world.now, &world.tenant.calendar);
        if step.clock.is_some() {
            world.now = until;
        } else {
            outcomes.extend(world.wait_until(until.ms));
        }
    } else if let Some(elsewhere) = &step.elsewhere {
        elsewhere.takes.iter().flat_map(|takes| &takes.0).for_each(|taken| world.take(taken));
        if changes_record(elsewhere) {
            let Some(followed) = self::elsewhere(&step.at, elsewhere, world, out) else { return false };
            outcomes.extend(followed);
        }
    } else if let Some(children) = &step.children {
        let Some(ended) = children_end(children, world, out) else { return false };
        outcomes.extend(ended);
        outcomes.extend(world.settle_clock());
    } else if let Some(page) = step.program.as_ref().or(step.program_fails.as_ref())
        && !world.waits_for(page)
    {
        let title = format!("no program was asked to answer `{}`", page.value);
        out.push(scenario_step::diagnostic(&page.at, &title, "let an action ask it first"));
        return false;
    } else {
        let Some((actor, command)) = command(step, world, out) else { return false };
        match world.apply(&actor, &command) {
            Ok(outcome) => {
                outcomes.push(outcome);
                outcomes.extend(world.settle_clock());
            }
            Err(refusal) => {
                coverage.note_refused(&world.case.state, step.r#do.as_ref(), &refusal);
                return refused::compare(step, &refusal, out);
            }
        }
    }
    for outcome in &outcomes {
        coverage.note(outcome);
    }
    if world.is_cut {
        out.push(scenario_step::cut(step.wait.as_ref().map_or(&step.at, |wait| &wait.at)));
        return false;
    }
    if let Some(expected) = &step.refused {
        out.push(scenario_differs::plain(expected.at(), "it was not refused".to_owned(), "a refusal was expected"));
    }
    if let Some(wrong) = world.unbalanced() {
        out.push(scenario_differs::plain(
            &step.at,
            format!("the books do not fit the case: {wrong}"),
            "after this step",
        ));
        return false;
    }
    let before = out.0.len();
    calendar::compare(step, world, turned, out);
    compare(step, world, &outcomes, out);
    out.0.len() == before
}

/// Ends the cases that the case opened, as the step says; `None` if none of them is open.
fn children_end(children: &ChildrenYaml, world: &mut World<'_>, out: &mut Diagnostics) -> Option<Vec<Done>> {
    let each: Vec<(Option<&At<Name>>, &At<End>)> = match children {
        ChildrenYaml::All(end) => vec![(None, end)],
        ChildrenYaml::Each(each) => each.0.iter().map(|(name, end)| (Some(name), end)).collect(),
    };
    let mut outcomes = Vec::new();
    for (name, end) in each {
        let ended = world.children_end(name.map(|name| &name.value), end.value).unwrap_or_default();
        if ended.is_empty() {
            let at = name.map_or(&end.at, |name| &name.at);
            out.push(scenario_step::diagnostic(at, "no such child is open", "let the case open one first"));
            return None;
        }
        outcomes.extend(ended);
    }
    Some(outcomes)
}

/// Whether another case does more than to take places in a calendar.
fn changes_record(elsewhere: &ElsewhereYaml) -> bool {
    let takes_only = matches!(
        elsewhere,
        ElsewhereYaml {
            takes: Some(_),
            number: None,
            revoked: None,
            standing: None,
            answers: None,
            holder: None,
            dues: None,
            open_cases: None,
            valid_until: None,
            ..
        }
    );
    !takes_only
}

/// What another case does to the record, or to another one; `None` if there is none.
fn elsewhere(at: &Where, elsewhere: &ElsewhereYaml, world: &mut World<'_>, out: &mut Diagnostics) -> Option<Vec<Done>> {
    if world.record.is_none() && elsewhere.number.is_none() {
        out.push(scenario_step::diagnostic(at, "there is no record yet", "let the case grant one first"));
        return None;
    }
    let service = world.service;
    let change = |record: &mut Record| {
        if elsewhere.revoked.as_ref().is_some_and(|revoked| revoked.value) {
            record.standing = Standing::Revoked;
        }
        record.standing = elsewhere.standing.as_ref().map_or(record.standing, |standing| standing.value);
        if let Some(node) = &elsewhere.answers {
            record.answers.0.extend(Answers::from_json(&answers::of_form(node, service)).0);
        }
        if let Some(holder) = &elsewhere.holder {
            record.holder = holder.value.to_string();
        }
        record.valid_until = elsewhere.valid_until.as_ref().map_or(record.valid_until, |day| Some(day.value));
    };
    let dues = elsewhere.dues.as_ref().map(|dues| dues.value);
    let goes_on = |pending: &mut Pending| {
        pending.dues = dues.unwrap_or(pending.dues);
        pending.open_cases = elsewhere.open_cases.as_ref().map_or(pending.open_cases, |count| count.value);
    };
    let is_another = |number: &&At<String>| world.record.as_ref().is_none_or(|record| record.number != number.value);
    let Some(number) = elsewhere.number.as_ref().filter(is_another) else {
        world.dues = dues.unwrap_or(world.dues);
        let own = world.record.as_ref().map(|record| record.number.clone());
        if let Some(number) = own
            && let Some(pending) = world.pending_on(&number)
        {
            goes_on(pending);
        }
        return Some(world.elsewhere(change));
    };
    if let Some(pending) = world.pending_on(&number.value) {
        goes_on(pending);
    }
    if !world.elsewhere_of(&number.value, change) {
        let title = format!("no record is called `{}`", number.value);
        out.push(scenario_step::diagnostic(&number.at, &title, "write the number of one of `records`"));
        return None;
    }
    Some(Vec::new())
}

fn command(step: &StepYaml, world: &World<'_>, out: &mut Diagnostics) -> Option<(Actor, Command)> {
    let comment = step.comment.as_ref().map_or("", |comment| comment.value.as_str()).to_owned();
    if let Some(amount) = &step.pay {
        let payment = payment(step, amount.value, world);
        let actor = step
            .by
            .as_ref()
            .map_or_else(Actor::system, |role| world.actor(role, step.person.as_ref().map(|p| p.as_str())));
        return Some((actor, Command::Receive(payment)));
    }
    let dishonoured = step.dishonour.as_ref().map(|number| sent_back(step, &number.value, world));
    if let Some(receipt) = step.cancel_receipt.as_ref().or(step.dishonour.as_ref()) {
        let command = Command::CancelReceipt {
            receipt: receipt.value.clone(),
            reason: comment,
            asked_by: "who_asked".to_owned(),
            dishonoured,
        };
        let may = world.service.billing.iter().flat_map(|billing| &billing.cancels).map(|role| role.value.clone());
        let roles = step.by.as_ref().map_or_else(|| may.collect(), |role| vec![role.value.clone()]);
        let actor = Actor { person: "who_agreed".to_owned(), kind: ActorKind::Employee, roles };
        return Some((actor, command));
    }
    let answers = step
        .answers
        .as_ref()
        .map_or_else(crate::case::command::no_answers, |node| answers::of_form(node, world.service));
    if let Some(page) = &step.program {
        return Some((Actor::system(), world.answered(page, answers)));
    }
    if let Some(page) = &step.program_fails {
        return Some((Actor::system(), world.failed(page)));
    }
    let by = step.by.as_ref().expect("a scenario is looked at before it runs");
    let actor = world.actor(by, step.person.as_ref().map(|person| person.as_str()));
    if let Some(page) = &step.save {
        return Some((actor, Command::Save { page: page.value.clone(), answers }));
    }
    let action = step.r#do.as_ref().expect("a step does exactly one thing").value.clone();
    let assignee = step
        .assign
        .as_ref()
        .map(|role| Assignee { person: format!("employee_{}", role.value), roles: vec![role.value.clone()] });
    let flags = flags(step, world, out)?;
    Some((actor, Command::Act { action, comment, answers, assignee, seen: None, flags }))
}

/// The money that comes: by one mode, or in the parts that the step says.
fn payment(step: &StepYaml, amount: Money, world: &World<'_>) -> Payment {
    let (today, mode) = (world.now.day(), step.mode.as_ref().map_or(ONLINE, |mode| mode.value.as_str()));
    let parts = match &step.parts {
        Some(parts) => parts
            .iter()
            .enumerate()
            .map(|(at, said)| {
                let written = (said.instrument.as_ref(), said.reference.as_ref());
                part((said.mode.value.as_str(), said.amount.value), written, at, today)
            })
            .collect(),
        None => vec![part((mode, amount), (step.instrument.as_ref(), step.reference.as_ref()), 0, today)],
    };
    let key = format!("payment_{}", world.case.receipts.len() + 1);
    Payment { key, amount, begun_ms: world.now.ms, parts }
}

/// The place of the cheque that the bank did not honour: of several the one that the step names, or the first.
fn sent_back(step: &StepYaml, receipt: &str, world: &World<'_>) -> usize {
    let named = step.instrument.as_ref().and_then(|said| said.number.as_ref()).map(|number| &number.value);
    let receipt = world.case.receipts.iter().find(|known| known.number == receipt);
    let is_named = |place: &usize| {
        let part = receipt.and_then(|receipt| receipt.payment.parts.get(*place));
        let written = part.and_then(|part| part.instrument.as_ref());
        named.is_none_or(|number| written.is_some_and(|written| written.number == *number))
    };
    let places = receipt.map(Receipt::may_return).unwrap_or_default();
    places.into_iter().find(is_named).unwrap_or_default()
}

/// What comes by one mode, with what the clerk writes down of it: what is said, or else what will do. Of several
/// parts each has another cheque; `at` is its place among them.
fn part(
    (mode, amount): (&str, Money),
    (instrument, reference): (Option<&InstrumentYaml>, Option<&At<String>>),
    at: usize,
    today: Day,
) -> Part {
    let text = |at: Option<&At<String>>, ordinary: &str| at.map_or(ordinary, |at| at.value.as_str()).to_owned();
    let written = Instrument {
        number: text(instrument.and_then(|said| said.number.as_ref()), &(100_001 + at).to_string()),
        bank: text(instrument.and_then(|said| said.bank.as_ref()), "SBIN0000001"),
        dated: instrument.and_then(|said| said.dated.as_ref()).map_or(today, |dated| dated.value),
    };
    Part {
        amount,
        mode: mode.to_owned(),
        reference: text(reference, "1"),
        instrument: is_instrument(mode).then_some(written),
    }
}

/// What the step marks: a name is a question of the applicant, or else a page.
fn flags(step: &StepYaml, world: &World<'_>, out: &mut Diagnostics) -> Option<Vec<Flag>> {
    let mut flags = Vec::new();
    for (name, remark) in step.flags.iter().flat_map(|flags| &flags.0) {
        let form = &world.service.form;
        let of_field = form.pages_by(None).find(|page| page.fields.iter().any(|field| field.name == name.value));
        let field = of_field.map(|_| name.value.clone());
        let Some(page) = of_field.or_else(|| form.pages_by(None).find(|page| page.name == name.value)) else {
            let title = format!("the applicant is asked no `{}`", name.value);
            out.push(scenario_step::diagnostic(&name.at, &title, "write a page or a question of form.yaml"));
            return None;
        };
        flags.push(Flag { page: page.name.clone(), field, remark: remark.value.clone() });
    }
    Some(flags)
}

/// Compares everything that the step expects with what followed.
fn compare(step: &StepYaml, world: &World<'_>, outcomes: &[Done], out: &mut Diagnostics) {
    let case = &world.case;
    let mut same = |what: &str, expected: Option<At<String>>, found: Option<String>| {
        if let Some(expected) = expected
            && found.as_ref() != Some(&expected.value)
        {
            let found = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{found}`"));
            out.push(scenario_differs::diagnostic(what, &expected.at, &format!("`{}`", expected.value), &found));
        }
    };
    let day = |ms: Option<i64>| ms.map(|ms| world.now.with_ms(ms).day().to_string());
    let text = |at: &At<Name>| At::new(at.value.to_string(), at.at.clone());
    let money = |at: &At<Money>| At::new(at.value.to_string(), at.at.clone());
    let date = |at: &At<crate::base::Day>| At::new(at.value.to_string(), at.at.clone());
    let slots = |at: &At<SlotsYaml>| At::new(at.value.word().to_owned(), at.at.clone());
    for reserve in &world.service.reserves {
        let found = reserved_word(case, &reserve.name, &world.slots, world.now.ms).to_owned();
        same("what is reserved", step.slots.as_ref().map(slots), Some(found));
    }
    same("the state", step.state.as_ref().map(text), Some(case.state.to_string()));
    same("what is owed", step.owed.as_ref().map(money), Some(world.owed().to_string()));
    same(
        "what is owed on what is taken over",
        step.arrears.as_ref().map(money),
        Some(taken_over(outcomes).to_string()),
    );
    same("the number", step.number.clone(), case.number.clone());
    same("the last day of the state", step.due.as_ref().map(date), day(case.due_ms));
    same("the promised day", step.promised.as_ref().map(date), day(case.promised_ms));
    let granted =
        outcomes.iter().rev().find_map(|outcome| outcome.records.first()).map(|change| change.record.number.clone());
    same("the granted record", step.granted.clone(), granted);
    let until = world.record.as_ref().and_then(|record| record.valid_until).map(|day| day.to_string());
    same("the end of validity", step.valid_until.as_ref().map(date), until);
    let receipt =
        outcomes.iter().rev().find_map(|outcome| outcome.event.receipt.as_ref()).map(|receipt| receipt.number.clone());
    same("the receipt", step.receipt.clone(), receipt);
    register::compare(step, world, out);
    lists(step, outcomes, out);
    sums(step, outcomes, out);
}

/// What is owed on the records that other services take over.
fn taken_over(outcomes: &[Done]) -> Money {
    let ordered = outcomes.iter().flat_map(|outcome| &outcome.opens).filter_map(|order| order.takes_over.as_ref());
    ordered.flat_map(|taken| &taken.owed).flat_map(|owed| &owed.heads).map(|(_, amount)| *amount).sum()
}

fn lists(step: &StepYaml, outcomes: &[Done], out: &mut Diagnostics) {
    let sent: Vec<String> =
        outcomes.iter().flat_map(|outcome| &outcome.notices).map(|order| order.notice.to_string()).collect();
    let issued: Vec<String> =
        outcomes.iter().flat_map(|outcome| &outcome.papers).map(|order| order.document.to_string()).collect();
    let opened: Vec<String> =
        outcomes.iter().flat_map(|outcome| &outcome.opens).map(|order| order.name.to_string()).collect();
    let given_up: Vec<String> =
        outcomes.iter().flat_map(|outcome| &outcome.given_up).map(ToString::to_string).collect();
    for (what, expected, found) in [
        ("notices sent", &step.notified, &sent),
        ("papers issued", &step.issued, &issued),
        ("children opened", &step.opened, &opened),
        ("children given up", &step.given_up, &given_up),
    ] {
        for name in expected.iter().flat_map(|names| &names.0) {
            if !found.iter().any(|found| name.value == **found) {
                let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
                out.push(scenario_differs::plain(
                    &name.at,
                    format!("`{}` is not among the {what}: {found}", name.value),
                    "this was expected",
                ));
            }
        }
    }
}

fn sums(step: &StepYaml, outcomes: &[Done], out: &mut Diagnostics) {
    if let Some(expected) = &step.demand {
        let demand = outcomes
            .iter()
            .flat_map(|outcome| &outcome.event.demands)
            .rfind(|demand| demand.status != crate::billing::DemandStatus::Cancelled);
        let found: BTreeMap<String, Money> = demand
            .map(|demand| demand.lines.iter().map(|line| (line.head.to_string(), line.amount)).collect())
            .unwrap_or_default();
        let expected: Vec<_> = expected.0.iter().map(|(name, amount)| (name.value.to_string(), amount)).collect();
        same_sums("demand", &step.at, &expected, &found, out);
    }
    if let Some(expected) = &step.settled {
        let receipts = outcomes.iter().filter_map(|outcome| outcome.event.receipt.as_ref());
        let mut found: BTreeMap<String, Money> = BTreeMap::new();
        for (_, head, amount) in receipts.flat_map(|receipt| &receipt.applied) {
            let sum = found.entry(head.to_string()).or_default();
            *sum = *sum + *amount;
        }
        let expected: Vec<_> = expected.0.iter().map(|(name, amount)| (name.value.to_string(), amount)).collect();
        same_sums("settled", &step.at, &expected, &found, out);
    }
    if let Some(expected) = &step.posted {
        let mut found: BTreeMap<String, Money> = BTreeMap::new();
        for line in outcomes.iter().flat_map(|outcome| &outcome.vouchers).flat_map(Voucher::lines) {
            let sum = found.entry(line.account.clone()).or_default();
            *sum = *sum + line.amount;
        }
        found.retain(|_, amount| !amount.is_zero());
        let expected: Vec<_> = expected.0.iter().map(|(code, amount)| (code.value.0.clone(), amount)).collect();
        same_sums("posted", &step.at, &expected, &found, out);
    }
}

fn same_sums(
    what: &str,
    at: &crate::source::Where,
    expected: &[(String, &At<Money>)],
    found: &BTreeMap<String, Money>,
    out: &mut Diagnostics,
) {
    for (name, amount) in expected {
        let actual = found.get(name).copied().unwrap_or_default();
        if actual != amount.value {
            out.push(scenario_differs::diagnostic(
                &format!("{what} `{name}`"),
                &amount.at,
                &amount.value.to_string(),
                &actual.to_string(),
            ));
        }
    }
    for (name, amount) in found {
        if !expected.iter().any(|(known, _)| known == name) {
            out.push(scenario_differs::plain(
                at,
                format!("{what} has `{name}: {amount}` too"),
                "the step does not expect it",
            ));
        }
    }
}
