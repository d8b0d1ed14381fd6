//! Pages that programs answer: an action asks, the shell runs the program afterwards, and what it says comes back as
//! a command and is judged like any other answer.

use super::effect::Draft;
use super::outcome::{Outcome, ProgramOrder};
use super::refusal::Refusal;
use super::{ActorKind, Answering, Asked, Case, reserved};
use crate::base::{Name, limits};
use crate::workflow::Action;

/// Orders what `action` asks of a program. Whatever it was asked for the same page before does not count any more.
pub(super) fn ask(draft: &mut Draft<'_>, action: &Action) {
    let Some(page) = &action.ask else { return };
    let asked = draft.service.form.page(&page.value).expect("checked by program-page");
    let program = asked.program.as_ref().expect("checked by program-page").name.value.clone();
    // What it answered before was about other answers: until it answers anew, there is nothing to go by.
    for field in &asked.fields {
        draft.case.answers.0.remove(field.name.as_str());
    }
    draft.case.programs.retain(|asked| asked.page != page.value);
    let version = draft.before.version + 1;
    draft.case.programs.push(Asked { page: page.value.clone(), version, stands: Answering::Waits });
    draft.asks.push(ProgramOrder { page: page.value.clone(), program });
}

/// Whether that became of the page for which `action` waits.
pub(super) fn stands(case: &Case, action: &Action, how: Answering) -> bool {
    let of_page = |asked: &&Asked| action.answered.as_ref().is_some_and(|page| page.value == asked.page);
    case.programs.iter().find(of_page).is_some_and(|asked| asked.stands == how)
}

/// A program answers: its answers are judged as those of a person would be, and kept.
pub(super) fn answered(
    mut draft: Draft<'_>,
    (page, version): (&Name, i64),
    answers: &serde_json::Value,
) -> Result<Outcome, Refusal> {
    settled(&mut draft, (page, version), Answering::Answered)?;
    draft.answer_page(page, answers)?;
    let public = draft.service.form.page(page).is_some_and(|page| page.public);
    draft.event.public = public;
    reserved::settle(&mut draft)?;
    Ok(draft.finish())
}

/// A program could not answer, and nobody tries it any more.
pub(super) fn failed(mut draft: Draft<'_>, (page, version): (&Name, i64), why: &str) -> Result<Outcome, Refusal> {
    settled(&mut draft, (page, version), Answering::Failed)?;
    draft.event.comment = why.chars().take(limits::PROGRAM_REASON).collect();
    Ok(draft.finish())
}

/// Says what became of the page, if just this time was waited for.
fn settled(draft: &mut Draft<'_>, (page, version): (&Name, i64), how: Answering) -> Result<(), Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    // Whoever ended the case meanwhile did without the answer.
    if draft.service.workflow.state(&draft.case.state).is_some_and(|state| state.end.is_some()) {
        return Err(Refusal::ChangedMeanwhile);
    }
    let waits =
        |asked: &&mut Asked| asked.page == *page && asked.version == version && asked.stands == Answering::Waits;
    let asked = draft.case.programs.iter_mut().find(waits).ok_or(Refusal::ChangedMeanwhile)?;
    asked.stands = how;
    Ok(())
}
