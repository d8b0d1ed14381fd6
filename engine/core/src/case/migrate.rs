//! Cases that move on to a newer definition of their service: what stands in the way, looked at case by case
//! beforehand, and the move itself.

use super::command::{Actor, ActorKind, Command};
use super::decide::Context;
use super::effect::Draft;
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::{Case, money, reserved};
use crate::base::{Money, Name};
use crate::billing::DemandStatus;
use crate::form::{self, FieldError, Problem};
use crate::service::Service;

/// Why a case stays with the definition that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The new definition has no state of this name.
    NoSuchState(Name),
    /// The new form does not take this answer, or asks for one that was not given.
    Answer(FieldError),
    /// Another amount would be charged today: before, after.
    OtherCharges(Money, Money),
    /// The rule gives no amount any more.
    NoCharges,
    /// Something is owed under a head that the new bill does not have.
    NoSuchHead(Name),
    /// The record that the case is about is of a registry that the new definition does not know.
    NoSuchRegistry(Name),
}

impl Hindrance {
    /// Its name, as programs read it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoSuchState(_) => "no_such_state",
            Self::Answer(_) => "answer",
            Self::OtherCharges(..) => "other_charges",
            Self::NoCharges => "no_charges",
            Self::NoSuchHead(_) => "no_such_head",
            Self::NoSuchRegistry(_) => "no_such_registry",
        }
    }

    /// What exactly.
    pub fn about(&self) -> String {
        match self {
            Self::NoSuchState(name) | Self::NoSuchHead(name) | Self::NoSuchRegistry(name) => name.to_string(),
            Self::Answer(error) => format!("{}: {}", error.path, error.problem.word()),
            Self::OtherCharges(before, after) => format!("{before} before, {after} after"),
            Self::NoCharges => String::new(),
        }
    }
}

/// What stands in the way of moving `case` from the definition `from` to `to`; nothing if it may move.
///
/// Answers are judged as if they were given today: those of an application that was not handed in may lack, since
/// its form is judged as a whole when it is. Charges are compared as they would be raised today under either.
pub fn hindrances(from: &Service, to: &Service, case: &Case, context: &Context<'_>) -> Vec<Hindrance> {
    if to.workflow.state(&case.state).is_none() {
        return vec![Hindrance::NoSuchState(case.state.clone())];
    }
    let (actor, command) = (Actor::system(), Command::Migrate { from: case.definition.clone() });
    let draft = |service| Draft::new(service, case, &actor, &command, context.clone());
    let (before, after) = (draft(from), draft(to));
    let mut found: Vec<Hindrance> = answers(&after).into_iter().map(Hindrance::Answer).collect();
    if found.is_empty() && case.number.is_some() {
        found.extend(charges(&before, &after));
    }
    found.extend(heads(to, case).into_iter().map(Hindrance::NoSuchHead));
    found.extend(registry(from, to, case).map(Hindrance::NoSuchRegistry));
    found
}

/// What the new form says against the answers that were given.
fn answers(draft: &Draft<'_>) -> Vec<FieldError> {
    let form = &draft.service.form;
    let judged = form::complete(form, None, &draft.case.answers, &draft.asking());
    let handed_in = draft.case.number.is_some() && !draft.service.is_where_turns_begin(&draft.case.state);
    // A question that is asked of an application may lack its answer until it is handed in.
    let counts = |error: &FieldError| handed_in || !matches!(error.problem, Problem::Missing | Problem::TooFew(_));
    judged.err().unwrap_or_default().into_iter().filter(counts).collect()
}

/// What would be charged today under either, if anything is charged.
fn charges(before: &Draft<'_>, after: &Draft<'_>) -> Option<Hindrance> {
    let charged = |draft: &Draft<'_>| match (&draft.service.fees, &draft.service.billing) {
        (Some(_), Some(_)) => money::total_today(draft).map(Some),
        _ => Ok(None),
    };
    match (charged(before), charged(after)) {
        (Ok(one), Ok(other)) if one == other => None,
        (Ok(one), Ok(other)) => Some(Hindrance::OtherCharges(one.unwrap_or_default(), other.unwrap_or_default())),
        // What could not be charged before either is no worse.
        (Err(_), _) => None,
        (Ok(_), Err(_)) => Some(Hindrance::NoCharges),
    }
}

/// Heads of open demands that the new bill does not have.
fn heads(to: &Service, case: &Case) -> Vec<Name> {
    let known = |name: &Name| to.billing.iter().any(|billing| billing.heads.iter().any(|head| head.name == *name));
    let open = case.demands.iter().filter(|demand| demand.status == DemandStatus::Open);
    let mut missing: Vec<Name> =
        open.flat_map(|demand| &demand.lines).map(|line| line.head.clone()).filter(|name| !known(name)).collect();
    missing.sort();
    missing.dedup();
    missing
}

/// The registry of the case's record, if only the old definition has to do with it.
fn registry(from: &Service, to: &Service, case: &Case) -> Option<Name> {
    let (registry, _) = case.record.as_ref()?;
    let knows = |service: &Service| {
        let granted = service.grants.iter().any(|grant| grant.registry.value == *registry);
        let opened = service.on_record.as_ref().is_some_and(|on| on.registry == *registry);
        let billed = service.opens.as_ref().is_some_and(|opens| opens.for_each.value == *registry);
        let turned = service.turns.as_ref().is_some_and(|turns| turns.for_each.value == *registry);
        granted || opened || billed || turned
    };
    (knows(from) && !knows(to)).then(|| registry.clone())
}

/// The case goes on under the definition of `draft`; where it stands, its answers and what was promised stay. The
/// clock is set by the new definition, and what that reserves there is taken.
pub(super) fn take(mut draft: Draft<'_>, from: &str) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    if draft.before.definition != from {
        return Err(Refusal::ChangedMeanwhile);
    }
    draft.case.definition.clone_from(&draft.service.digest);
    reserved::settle(&mut draft)?;
    Ok(draft.finish())
}
