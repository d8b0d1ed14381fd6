//! The clock: what is due, when to look again, and the promise that pauses while the applicant
//! holds the case.

use super::effect::Draft;
use super::known::{Known, Others};
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::{Answering, Case, period};
use crate::base::date::add_days;
use crate::base::{Calendar, Day, Moment, Name, Span};
use crate::registry::Record;
use crate::reserve::RESERVED;
use crate::rule::Condition;
use crate::rule::domain::NAMED;
use crate::service::Service;
use crate::tenant::Tenant;
use crate::workflow::{Action, DemandEffect, Once, State, Trigger};

/// When the clock must next look at the case; `None` if it waits for people only.
pub fn wake(service: &Service, case: &Case, record: Option<&Record>, now: Moment, tenant: &Tenant) -> Option<i64> {
    wake_of(service, case, record, now, &tenant.calendar)
}

pub(super) fn wake_of(
    service: &Service,
    case: &Case,
    record: Option<&Record>,
    now: Moment,
    calendar: &Calendar,
) -> Option<i64> {
    let state = service.workflow.state(&case.state)?;
    let waiting = state.actions.iter().filter(|action| may_happen(action, case));
    let due = |action: &Action| due_ms(service, action, case, record, now, calendar);
    let mut next: Vec<(i64, &Action)> = waiting.filter_map(|action| Some((due(action)?, action))).collect();
    next.sort_by_key(|(due, _)| *due);
    next.into_iter().find(|(_, action)| applies(service, case, record, action, now)).map(|(due, _)| due)
}

/// Whether the clock may still take an action during this stay in the state.
fn may_happen(action: &Action, case: &Case) -> bool {
    action.again.is_some() || action.follows_record() || !case.fired.contains(&action.name)
}

/// Whether the conditions of an action of the clock can hold when its time comes: one that speaks of
/// the day, or of what others may take meanwhile, may, whatever it says now. Without this the case would be woken
/// for what never happens.
fn applies(service: &Service, case: &Case, record: Option<&Record>, action: &Action, now: Moment) -> bool {
    let may_change = ["today", "dues", NAMED, RESERVED];
    let speaks_of = |when: &&Condition| may_change.iter().any(|word| when.source.contains(word));
    if action.when.is_empty() {
        return true;
    }
    let (dues, named) = (super::money::owed(case), Others::default());
    let (answers, children) = (&case.answers, case.children.as_slice());
    let known = Known { service, answers, record, dues, named, reserved: None, children };
    let mut told = action.conditions().filter(|when| !speaks_of(when));
    told.all(|when| known.holds(when, now.day()).unwrap_or(true))
}

/// When an action of the clock is due, for the first time or once more; a moment in the past
/// means now.
fn due_ms(
    service: &Service,
    action: &Action,
    case: &Case,
    record: Option<&Record>,
    now: Moment,
    calendar: &Calendar,
) -> Option<i64> {
    if action.follows_record() {
        return record.filter(|record| period::reaches(service, case, record, action, now.day())).map(|_| now.ms);
    }
    let first = first_due_ms(action, case, record, now, calendar)?;
    let Some(again) = action.again else { return Some(first) };
    let times = case.fired.iter().filter(|fired| **fired == action.name).count();
    Some((0..times).fold(now.with_ms(first), |due, _| again.after(due, calendar)).ms)
}

fn first_due_ms(
    action: &Action,
    case: &Case,
    record: Option<&Record>,
    now: Moment,
    calendar: &Calendar,
) -> Option<i64> {
    match &action.trigger {
        // Periods and turns begin for a whole register at once: see `period` and `turn`.
        Trigger::By(_) | Trigger::Once(Once::Period | Once::Due | Once::Amended, _) => None,
        Trigger::After(..) => {
            let due = action.due(now.with_ms(case.clock_began_ms()), calendar)?;
            (!is_missed(action, case, due)).then_some(due.ms)
        }
        Trigger::Once(Once::Overdue, _) => case.due_ms,
        Trigger::Once(Once::Over, _) => super::reserved::over_ms(case, action),
        Trigger::Once(Once::Paid, _) => super::money::is_paid(case).then_some(now.ms),
        Trigger::Once(Once::Children(how), _) => super::child::are(case, *how).then_some(now.ms),
        Trigger::Once(Once::ChildrenNamed, _) => super::child::stand(case, action).then_some(now.ms),
        Trigger::Once(Once::Answered, _) => super::program::stands(case, action, Answering::Answered).then_some(now.ms),
        Trigger::Once(Once::Failed, _) => super::program::stands(case, action, Answering::Failed).then_some(now.ms),
        Trigger::Once(Once::Owing, _) => (super::money::owed(case).paise() > 0).then_some(now.ms),
        Trigger::Once(Once::Revoked, _) => record.filter(|record| record.has_ended()).map(|_| now.ms),
        Trigger::Once(Once::Renewed, _) => {
            record.filter(|record| !record.has_ended() && record.validity_by != case.id).map(|_| now.ms)
        }
        Trigger::Once(Once::Expired, _) => Some(midnight(add_days(own(case, record)?.valid_until?, 1), now)),
        Trigger::Once(Once::Expiring(span), _) => {
            Some(midnight(before(add_days(own(case, record)?.valid_until?, 1), *span), now))
        }
    }
}

/// Whether the time of a reminder was over before the case came, where the clock goes on from a state before: whoever
/// just got the case needs none.
fn is_missed(action: &Action, case: &Case, due: Moment) -> bool {
    action.to.value == case.state && action.again.is_none() && due.ms < case.entered_ms
}

/// The record, if it was not ended and this case gave it its validity.
fn own<'a>(case: &Case, record: Option<&'a Record>) -> Option<&'a Record> {
    record.filter(|record| !record.has_ended() && record.validity_by == case.id)
}

fn midnight(day: Day, now: Moment) -> i64 {
    Moment::at(day, 0, now.offset_minutes).ms
}

/// The day so long before `day`; working days are counted as calendar days here.
fn before(day: Day, span: Span) -> Day {
    match span {
        Span::Minutes(n) => add_days(day, -(n / (24 * 60))),
        Span::Hours(n) => add_days(day, -(n / 24)),
        Span::Days(n) | Span::WorkingDays(n) => add_days(day, -n),
        Span::Months(n) => day.checked_sub_months(months(n)).unwrap_or(day),
        Span::Years(n) => day.checked_sub_months(months(n * 12)).unwrap_or(day),
    }
}

fn months(count: i64) -> chrono::Months {
    chrono::Months::new(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Takes the action of the clock that is due, the earliest first.
pub(super) fn elapse(draft: Draft<'_>, state: &State) -> Result<Outcome, Refusal> {
    let (now, calendar) = (draft.context.now, &draft.context.tenant.calendar);
    let due = |action: &&Action| {
        due_ms(draft.service, action, &draft.case, draft.context.record, now, calendar).filter(|due| *due <= now.ms)
    };
    let waiting = state.actions.iter().filter(|action| may_happen(action, &draft.case));
    let mut ripe: Vec<(i64, &Action)> = waiting.filter_map(|action| due(&action).map(|due| (due, action))).collect();
    ripe.sort_by_key(|(due, _)| *due);
    draft.take_first(ripe.into_iter().map(|(_, action)| action))?.ok_or(Refusal::NotYet)
}

/// Puts the case into the state that `action` leads to and sets its clocks. People who stay in the
/// state and raise the demand anew let it begin anew: whoever has a new bill has all the time to pay it.
pub(super) fn move_to(draft: &mut Draft<'_>, action: &Action) {
    let (now, calendar) = (draft.context.now, &draft.context.tenant.calendar);
    let by_people = matches!(action.trigger, Trigger::By(_));
    let anew = by_people && action.demand.is_some_and(DemandEffect::charges);
    if action.to.value == draft.case.state && !anew {
        if !by_people && !action.follows_record() {
            draft.case.fired.push(action.name.clone());
        }
        return;
    }
    let workflow = &draft.service.workflow;
    let left = workflow.state(&draft.case.state).expect("a case stands in a state of its own definition");
    let next = workflow.state(&action.to).expect("checked by unknown-state");
    // What was marked stands as long as the applicant and whoever holds a record hand it to each other.
    let is_handed = |one: &State, other: &State| draft.service.is_with_holder(one) && other.asks_applicant();
    if !is_handed(left, next) && !is_handed(next, left) {
        draft.case.flags.clear();
    }
    let is_sent =
        left.name == workflow.start.value || (draft.service.is_where_turns_begin(&left.name) && next.end.is_none());
    if is_sent && draft.case.promised_ms.is_none() {
        let promise = draft.service.promise(&draft.case.answers);
        draft.case.promised_ms = promise.map(|within| within.after(now, calendar).ms);
    } else if left.waits_for_applicant {
        draft.case.promised_ms = draft.case.promised_ms.map(|promised| {
            let within = draft.service.promise(&draft.case.answers);
            later(promised, draft.case.entered_ms, now, within, calendar)
        });
    }
    // Time that the applicant has is no time of the office, nor the other way round: between the two nothing is
    // counted on. From the end on it is reckoned how long a case is kept.
    let alike = left.waits_for_applicant == next.waits_for_applicant;
    let counts_on = action.counts_on && alike && next.end.is_none();
    let since = if counts_on { now.with_ms(draft.case.clock_began_ms()) } else { now };
    let next = next.name.clone();
    enter_since(draft, &next, since);
}

/// Puts the case into a state and sets the clock of that.
pub(super) fn enter(draft: &mut Draft<'_>, state: &Name) {
    let now = draft.context.now;
    enter_since(draft, state, now);
}

/// The same, with a clock that began at `since`.
fn enter_since(draft: &mut Draft<'_>, state: &Name, since: Moment) {
    let calendar = &draft.context.tenant.calendar;
    let next = draft.service.workflow.state(state).expect("checked: a state of the definition");
    draft.case.state = next.name.clone();
    draft.case.entered_ms = draft.context.now.ms;
    draft.case.clock_ms = Some(since.ms).filter(|since_ms| *since_ms != draft.context.now.ms);
    draft.case.fired.clear();
    let sla = next.sla.as_ref().and_then(|sla| sla.span(&draft.service.form, &draft.case.answers));
    draft.case.due_ms = sla.map(|sla| sla.after(since, calendar).ms);
}

/// The promise, moved by the time the applicant had the case: in working days where the promise
/// counts working days, to the millisecond otherwise.
fn later(promised: i64, entered_ms: i64, now: Moment, within: Option<Span>, calendar: &Calendar) -> i64 {
    if !matches!(within, Some(Span::WorkingDays(_))) {
        return promised + (now.ms - entered_ms);
    }
    let (mut day, today) = (now.with_ms(entered_ms).day(), now.day());
    let mut worked = 0;
    while day < today {
        day = add_days(day, 1);
        worked += i64::from(calendar.is_working_day(day));
    }
    if worked == 0 { promised } else { calendar.end_of_working_day(now.with_ms(promised), worked).ms }
}
