//! Bills that come round: for each record of a registry, a case that is billed period by period.

use super::asked::drop_unasked;
use super::command::ActorKind;
use super::effect::Draft;
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::{Case, Context};
use crate::base::{Answers, Day, Value};
use crate::billing::{DemandStatus, Period};
use crate::registry::{Record, RecordStatus};
use crate::service::Service;
use crate::workflow::{Action, DemandEffect, State};

/// A case about `context.record`, which has none that it is billed by yet; it belongs to the record's
/// holder. `id` is the shell's: unguessable.
pub fn account(service: &Service, id: &str, language: &str, context: &Context<'_>) -> Result<Case, Refusal> {
    let opens = service.opens.as_ref().ok_or(Refusal::NotInThisCase)?;
    let record = context.record.filter(|record| record.registry == *opens.for_each).ok_or(Refusal::RecordNotFit)?;
    let mut case = super::open::empty(service, id, &record.holder, language, context.now);
    case.state = opens.state.value.clone();
    case.answers = known_answers(service, record, context.now.day());
    case.record = Some((record.registry.clone(), record.number.clone()));
    case.wake_ms = super::wake(service, &case, context.record, context.now, context.tenant);
    Ok(case)
}

/// The period of `day` began: what is known of the record is taken over, and the case is billed for it,
/// unless it was billed before.
pub(super) fn begins(mut draft: Draft<'_>, state: &State, day: Day) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    let opens = draft.service.opens.as_ref().ok_or(Refusal::NotInThisCase)?;
    let period = opens.every.period(day, &draft.context.tenant.calendar);
    if draft.context.now.day() < opens.billed_on(period) {
        return Err(Refusal::NotYet);
    }
    if billed(&draft.case, period) {
        return Err(Refusal::BilledBefore);
    }
    let record = draft.context.record.filter(|record| is_billed(record, period)).ok_or(Refusal::RecordNotFit)?;
    let mut state = state;
    if differs(draft.service, &draft.case, record, draft.context.now.day()) {
        state = follow_first(&mut draft, state)?;
        take_over(&mut draft, record);
    }
    // A case that is billed for decades moves on with its service: new rates are in new definitions.
    draft.case.definition.clone_from(&draft.service.digest);
    // Duties are kept apart within one round of work, not for as long as the record stands.
    draft.case.acted.clear();
    for name in said_with_a_charge(draft.service) {
        draft.case.answers.0.remove(name);
    }
    draft.period = Some(period);
    draft.number();
    let actions = state.actions.iter().filter(|action: &&Action| action.begins_period());
    draft.take_first(actions)?.ok_or(Refusal::NotInThisCase)
}

/// What another case changed in the record before the period began is followed first: it reaches the bills
/// of the periods before, which nobody would look at again. Gives the state in which the period begins.
fn follow_first<'a>(draft: &mut Draft<'a>, state: &State) -> Result<&'a State, Refusal> {
    let (service, before): (&'a Service, &'a Case) = (draft.service, draft.before);
    let (record, today) = (draft.context.record, draft.context.now.day());
    let reached = |action: &Action| record.is_some_and(|record| reaches(service, before, record, action, today));
    for action in state.actions.iter().filter(|action| action.follows_record() && reached(action)) {
        match draft.holds(action) {
            Ok(()) => {}
            Err(Refusal::NotInThisCase) => continue,
            Err(other) => return Err(other),
        }
        let mut tried = draft.clone();
        match tried.take(action, None) {
            Ok(()) => *draft = tried,
            // The old bill may not be lowered; the new one is made all the same.
            Err(Refusal::MayNotBeLowered) => {}
            Err(other) => return Err(other),
        }
        break;
    }
    Ok(service.workflow.state(&draft.case.state).expect("checked by unknown-state"))
}

/// Whether another case changed what the record says of the questions of this service, or its holder.
pub(super) fn differs(service: &Service, case: &Case, record: &Record, today: Day) -> bool {
    let other = |(name, value): (&String, &Value)| case.answers.get(name) != Some(value);
    // Most answers are the same, and only of the others it matters whether they are taken over.
    let perhaps = || record.answers.0.iter().any(|answer| other(answer) && is_known(service, answer.0));
    // Few records differ, so what is ruled out is only looked for in them.
    let surely = || known_answers(service, record, today).0.iter().any(other);
    !record.has_ended() && (record.holder != case.applicant || (perhaps() && surely()))
}

/// Whether another case changed what an action waits for: the answers that it names, or anything.
pub(super) fn reaches(service: &Service, case: &Case, record: &Record, action: &Action, today: Day) -> bool {
    let known = || known_answers(service, record, today);
    let other =
        |known: Answers| action.amended.iter().any(|name| known.get(&name.value) != case.answers.get(&name.value));
    differs(service, case, record, today) && (action.amended.is_empty() || other(known()))
}

/// Takes over what the record says by now.
pub(super) fn follow(draft: &mut Draft<'_>) {
    if let Some(record) = draft.context.record {
        take_over(draft, record);
    }
}

/// The holder of the record, and what it says. What that rules out is not known any more.
fn take_over(draft: &mut Draft<'_>, record: &Record) {
    let today = draft.context.now.day();
    let known = known_answers(draft.service, record, today).0;
    draft.case.applicant.clone_from(&record.holder);
    draft.case.answers.0.extend(known.clone());
    drop_unasked(draft.service, &mut draft.case.answers, today);
    draft.case.answers.0.extend(known);
}

/// Whether a demand for this period stands.
fn billed(case: &Case, period: Period) -> bool {
    let stands = |status: DemandStatus| status != DemandStatus::Cancelled;
    case.demands.iter().any(|demand| demand.period == Some(period) && stands(demand.status))
}

/// Whether a record is billed for a period: it is in force on a day of it.
fn is_billed(record: &Record, period: Period) -> bool {
    matches!(record.status(period.from.max(record.valid_from)), RecordStatus::Active)
        && record.valid_from <= period.until
}

/// The questions of pages that are answered with an action that charges: a penalty, a rebate. They are
/// about that one demand, and do not go over to the next.
fn said_with_a_charge(service: &Service) -> impl Iterator<Item = &str> {
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let charging = actions.filter(|action| action.demand.is_some_and(|effect| effect != DemandEffect::Cancel));
    let pages = charging.filter_map(|action| service.form.page(action.asks.as_ref()?));
    pages.flat_map(|page| &page.fields).map(|field| field.name.as_str())
}

/// What a record knows of the questions of the service, without what it rules out itself.
fn known_answers(service: &Service, record: &Record, today: Day) -> Answers {
    let mut answers = Answers(known(service, record).map(|(name, value)| (name.clone(), value.clone())).collect());
    drop_unasked(service, &mut answers, today);
    answers
}

fn known<'a>(service: &'a Service, record: &'a Record) -> impl Iterator<Item = (&'a String, &'a Value)> {
    record.answers.0.iter().filter(move |(name, _)| is_known(service, name))
}

/// Whether a case takes over what its record says of this question.
fn is_known(service: &Service, name: &str) -> bool {
    service.form.field(name).is_some() && said_with_a_charge(service).all(|once| once != name)
}
