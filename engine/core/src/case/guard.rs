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

/// The roles that `actor` holds on the case: a citizen is the applicant of own cases, and has the roles that
/// follow from holding a record that the case names; an employee holds offices, except on an own application;
/// at the counter an employee stands in for the applicant while the case is being written.
pub(super) fn roles_on(draft: &Draft<'_>, actor: &Actor) -> Result<Vec<Name>, Refusal> {
    let own = is_of(draft, actor, &draft.case.applicant);
    match actor.kind {
        ActorKind::System => Ok(Vec::new()),
        ActorKind::Citizen => {
            // What was offered to somebody else is not changed under their eyes.
            let applies = (own && draft.before.offered.is_none()).then(|| Name::new(APPLICANT));
            let roles: Vec<Name> = applies.into_iter().chain(held_on(draft, actor)).collect();
            if roles.is_empty() { Err(Refusal::NotYourCase) } else { Ok(roles) }
        }
        ActorKind::Employee | ActorKind::Counter if own => Err(Refusal::OwnCase),
        ActorKind::Counter => {
            let begins = draft.before.state == draft.service.workflow.start.value && draft.before.offered.is_none();
            let stands_in = begins && draft.assists().is_some();
            if stands_in { Ok(vec![Name::new(APPLICANT)]) } else { Err(Refusal::NotYourRole) }
        }
        ActorKind::Employee => Ok(offices(draft, &actor.roles)),
    }
}

/// Whether `person`, an employee or a citizen, is the one who acts: an employee is known as a citizen by another key.
fn is_of(draft: &Draft<'_>, actor: &Actor, person: &str) -> bool {
    actor.person == person || draft.context.citizen == Some(person)
}

/// The roles that follow from the records that the case named before this command. Nobody but the applicant has
/// to do with a draft: it is handed in first.
fn held_on(draft: &Draft<'_>, actor: &Actor) -> Vec<Name> {
    let (case, context) = (draft.before, &draft.context);
    if case.number.is_none() {
        return Vec::new();
    }
    draft.service.held_by(&actor.person, &case.answers, context.named, context.now.day())
}

/// Those of `roles` to which people are appointed.
fn offices(draft: &Draft<'_>, roles: &[Name]) -> Vec<Name> {
    let is_office = |role: &&Name| ***role != *APPLICANT && !draft.service.is_held(role);
    roles.iter().filter(is_office).cloned().collect()
}

/// The offices that the actor holds on the case.
pub(super) fn offices_on(draft: &Draft<'_>) -> Result<Vec<Name>, Refusal> {
    Ok(offices(draft, &roles_on(draft, draft.actor)?))
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
    if action.is_too_late(now.with_ms(draft.case.clock_began_ms()), now, calendar) {
        return Err(Refusal::TooLate);
    }
    draft.holds(action)?;
    Ok(role)
}

/// Refuses a second role to a person who acted in another one that must be kept apart from it.
fn kept_apart(draft: &Draft<'_>, role: &Name) -> Result<(), Refusal> {
    let clash = draft.service.apart.iter().filter(|group| group.contains(role)).any(|group| {
        let same = |acted: &Name, who: &str| acted != role && group.contains(acted) && is_of(draft, draft.actor, who);
        draft.case.acted.iter().any(|(acted, who)| same(acted, who.as_str()))
    });
    if clash { Err(Refusal::SamePersonActedBefore) } else { Ok(()) }
}
