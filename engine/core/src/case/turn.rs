//! Turns: a case of its own for something that falls due for a record, again and again.

use super::asked::drop_unasked;
use super::command::ActorKind;
use super::effect::Draft;
use super::open::{empty, fits, known_answers};
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::{Case, Context};
use crate::base::{Answers, Day};
use crate::form::{self, Problem};
use crate::registry::Record;
use crate::service::Service;
use crate::workflow::{Action, State};

/// A case for the turn of `context.record` that falls due, and the day on which it does; it belongs to the record's
/// holder. Whether it was opened before, and whether another one is open, is the shell's to say. `id` is the shell's
/// too: unguessable.
pub fn turn(service: &Service, id: &str, language: &str, context: &Context<'_>) -> Result<(Case, Day), Refusal> {
    let turns = service.turns.as_ref().ok_or(Refusal::NotInThisCase)?;
    let record = context.record.ok_or(Refusal::RecordNotFit)?;
    let day = turns.due(record, context.now.day(), &context.tenant.calendar).ok_or(Refusal::NotYet)?;
    if let Some(on_record) = service.on_record.as_ref().filter(|on_record| on_record.registry == record.registry) {
        fits(service, on_record, record, &record.holder, context)?;
    }
    let mut case = empty(service, id, &record.holder, language, context.now);
    case.state = turns.state.value.clone();
    case.answers = offered(service, record, context);
    case.record = Some((record.registry.clone(), record.number.clone()));
    case.wake_ms = super::wake(service, &case, context.record, context.now, context.tenant);
    Ok((case, day))
}

/// The case was just opened for the turn of `day`: it gets its number, and the action is taken that waits for that.
/// It was not sent yet.
pub(super) fn begins(mut draft: Draft<'_>, state: &State, day: Day) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    let turns = draft.service.turns.as_ref().filter(|_| draft.case.number.is_none()).ok_or(Refusal::NotInThisCase)?;
    let record = draft.context.record.ok_or(Refusal::RecordNotFit)?;
    if turns.due(record, draft.context.now.day(), &draft.context.tenant.calendar) != Some(day) {
        return Err(Refusal::NotYet);
    }
    draft.call();
    let actions = state.actions.iter().filter(|action: &&Action| action.begins_turn());
    draft.take_first(actions)?.ok_or(Refusal::NotInThisCase)
}

/// What the record knows of what the applicant is asked: without what it rules out itself, and without what would not
/// be accepted any more, as a day that is over.
fn offered(service: &Service, record: &Record, context: &Context<'_>) -> Answers {
    let (form, today) = (&service.form, context.now.day());
    let mut answers = known_answers(service, record);
    drop_unasked(service, &mut answers, today);
    let places = &context.tenant.places;
    let ctx = form::Ctx { today, lists: &service.lists, places, known: &answers, named: None, identity: &[] };
    let wrong = form::complete(form, None, &answers, &ctx).err().unwrap_or_default();
    for error in wrong.iter().filter(|error| !matches!(error.problem, Problem::Missing)) {
        answers.0.remove(error.path.split('.').next().unwrap_or_default());
    }
    answers
}
