//! Who may do what, now, and why not.

use super::command::{Actor, ActorKind};
use super::effect::Draft;
use super::refusal::Refusal;
use super::{Case, Context};
use crate::base::Name;
use crate::service::Service;
use crate::source::At;
use crate::workflow::{APPLICANT, Action, Trigger};

/// An action that people can take in the present state, and why this actor cannot, if so.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The action.
    pub action: &'a Action,
    /// The reason against it.
    pub refused: Option<Refusal>,
}

/// All actions of people in the present state, open to `actor` or not.
pub fn choices<'a>(service: &'a Service, case: &Case, actor: &Actor, context: Context<'_>) -> Vec<Choice<'a>> {
    let Some(state) = service.workflow.state(&case.state) else { return Vec::new() };
    let command = super::Command::Elapse;
    let draft = Draft::new(service, case, actor, &command, context);
    let by_people = state.actions.iter().filter(|action| matches!(action.trigger, Trigger::By(_)));
    by_people.map(|action| Choice { action, refused: may_act(&draft, action).err() }).collect()
}

/// The roles that `actor` holds on the case: a citizen is the applicant of own cases; an employee
/// holds offices, except on an own application.
pub(super) fn roles_on(draft: &Draft<'_>, actor: &Actor) -> Result<Vec<Name>, Refusal> {
    let own = actor.person == draft.case.applicant;
    match actor.kind {
        ActorKind::System => Ok(Vec::new()),
        ActorKind::Citizen if own => Ok(vec![Name::new(APPLICANT)]),
        ActorKind::Citizen => Err(Refusal::NotYourCase),
        ActorKind::Employee if own => Err(Refusal::OwnCase),
        ActorKind::Employee => Ok(actor.roles.iter().filter(|role| ***role != *APPLICANT).cloned().collect()),
    }
}

/// The one of `roles` that the actor holds on the case.
pub(super) fn holds(draft: &Draft<'_>, roles: &[At<Name>]) -> Result<Name, Refusal> {
    let held = roles_on(draft, draft.actor)?;
    roles.iter().find(|role| held.contains(role)).map(|role| role.value.clone()).ok_or(Refusal::NotYourRole)
}

/// The role in which the actor may take `action` now.
pub(super) fn may_act(draft: &Draft<'_>, action: &Action) -> Result<Name, Refusal> {
    let held = roles_on(draft, draft.actor)?;
    let role = action.role_of(&held).ok_or(Refusal::NotYourRole)?.clone();
    kept_apart(draft, &role)?;
    let (now, calendar) = (draft.context.now, &draft.context.tenant.calendar);
    if action.is_too_late(now.with_ms(draft.case.entered_ms), now, calendar) {
        return Err(Refusal::TooLate);
    }
    draft.holds(action)?;
    Ok(role)
}

/// Refuses a second role to a person who acted in another one that must be kept apart from it.
fn kept_apart(draft: &Draft<'_>, role: &Name) -> Result<(), Refusal> {
    let person = &draft.actor.person;
    let clash = draft.service.apart.iter().filter(|group| group.contains(role)).any(|group| {
        draft.case.acted.iter().any(|(acted, who)| who == person && acted != role && group.contains(acted))
    });
    if clash { Err(Refusal::SamePersonActedBefore) } else { Ok(()) }
}
