//! An application that somebody writes for another. It stays the writer's draft until the other takes it over, and is
//! sent by nobody else: whoever is named without knowing of it has applied for nothing.

use super::command::ActorKind;
use super::effect::Draft;
use super::outcome::{NoticeOrder, Outcome};
use super::refusal::Refusal;
use crate::base::Name;
use crate::notice::{OFFER_MESSAGE, Recipient};

/// Offers a draft to the person for whom it was written, by somebody who holds the record that it names; takes it back
/// where nobody is named. Who it was offered to before has nothing to do with it any more.
pub(super) fn offer(mut draft: Draft<'_>, to: Option<&str>) -> Result<Outcome, Refusal> {
    let (actor, before, service) = (draft.actor, draft.before, draft.service);
    if actor.kind != ActorKind::Citizen || actor.person != before.applicant {
        return Err(Refusal::NotYourCase);
    }
    if before.number.is_some() {
        return Err(Refusal::NotEditable);
    }
    let Some(to) = to else {
        draft.case.offered = None;
        return Ok(draft.finish());
    };
    if *to == *actor.person {
        return Err(Refusal::OwnCase);
    }
    let role = service.on_behalf.as_ref().ok_or(Refusal::NotYourRole)?;
    let day = draft.context.now.day();
    if !service.held_by(&actor.person, &before.answers, draft.context.named, day).contains(&role.value) {
        return Err(Refusal::NotYourRole);
    }
    draft.event.role = Some(role.value.clone());
    draft.case.offered = Some(to.to_owned());
    draft.tell(NoticeOrder { notice: Name::new(OFFER_MESSAGE), to: Recipient::Offered });
    Ok(draft.finish())
}

/// The person to whom a draft was offered takes it over, or says that it is none of theirs: then it is the writer's
/// again, as it was. What the writer declared, whoever takes it over declares anew.
pub(super) fn take_up(mut draft: Draft<'_>, mine: bool, language: &str) -> Result<Outcome, Refusal> {
    let (actor, before, service) = (draft.actor, draft.before, draft.service);
    if actor.kind != ActorKind::Citizen
        || before.number.is_some()
        || before.offered.as_deref() != Some(actor.person.as_str())
    {
        return Err(Refusal::NotYourCase);
    }
    draft.case.offered = None;
    draft.event.public = true;
    if !mine {
        return Ok(draft.finish());
    }
    draft.case.applicant.clone_from(&actor.person);
    language.clone_into(&mut draft.case.language);
    // For this applicant it begins now: what he asked before about what was his meant other cases.
    draft.case.opened_ms = draft.context.now.ms;
    let wrote = service.on_behalf.as_ref().map(|role| (role.value.clone(), before.applicant.clone()));
    draft.case.acted.extend(wrote.filter(|wrote| !before.acted.contains(wrote)));
    super::open::undeclare(service, &mut draft.case.answers);
    Ok(draft.finish())
}
