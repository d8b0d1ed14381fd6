//! Cases of other services that a case opens, and what becomes of them: one door for each of them, and none
//! knows more of the other than how it ended.

use super::effect::Draft;
use super::outcome::{ChildOrder, Outcome, VoidOrder};
use super::refusal::Refusal;
use super::{ActorKind, Case, Child, clock, money, reserved, takeover};
use crate::base::{Answers, Name, Value};
use crate::service::ChildService;
use crate::service::children::{NOT_OPENED, OPEN};
use crate::workflow::{Action, Children, End, State};

/// Orders the cases that `action` opens. One that is open or was granted stays; one that ended otherwise is asked
/// for anew; and one that is not needed any more is given up.
pub(super) fn open(draft: &mut Draft<'_>, action: &Action) -> Result<(), Refusal> {
    let service = draft.service;
    for name in &action.opens {
        let child = service.child(&name.value).expect("checked by unknown-child");
        let needed = is_needed(draft, child)?;
        let latest = draft.case.children.iter().position(|known| known.name == child.name);
        let stands = latest.is_some_and(|at| matches!(draft.case.children[at].end, None | Some(End::Granted)));
        if needed && stands {
            continue;
        }
        if let Some(at) = latest {
            let former = draft.case.children.remove(at);
            if former.end.is_none() {
                draft.voids.extend(given_up(&former.case, child));
            }
        }
        if needed {
            order(draft, child)?;
        }
    }
    Ok(())
}

/// The order that ends a case which nobody needs any more. What was taken over has ended for this case at once, and
/// has none.
fn given_up(case: &str, child: &ChildService) -> Option<VoidOrder> {
    child.void.as_ref().map(|to| VoidOrder { case: case.to_owned(), to: to.value.clone() })
}

fn is_needed(draft: &Draft<'_>, child: &ChildService) -> Result<bool, Refusal> {
    let Some(when) = &child.when else { return Ok(true) };
    draft.known().holds(when, draft.context.now.day()).map_err(Refusal::FeeNotComputed)
}

/// The key of the new case follows from that of this one, which nobody can guess, and from its version.
fn order(draft: &mut Draft<'_>, child: &ChildService) -> Result<(), Refusal> {
    let case = format!("{}-{}-{}", draft.case.id, draft.before.version + 1, draft.opens.len() + 1);
    let given = child
        .answers
        .iter()
        .filter_map(|(asked, known)| Some((asked.value.to_string(), draft.case.answers.get(&known.value)?.clone())));
    let fixed = child.fixed.iter().map(|(asked, text)| (asked.value.to_string(), Value::Text(text.value.clone())));
    let answers = Answers(given.chain(fixed).collect());
    let (name, service) = (child.name.clone(), child.service.value.clone());
    let takes_over = match &child.takes_over {
        Some(takes_over) => Some(Box::new(takeover::ordered(draft, takes_over, &answers)?)),
        None => None,
    };
    draft.case.children.push(Child {
        name: name.clone(),
        case: case.clone(),
        service: service.clone(),
        // What is taken over is there at once, and nobody waits for it.
        end: takes_over.as_ref().map(|_| End::Granted),
        record: takes_over.as_ref().and_then(|taken| taken.number.clone()),
    });
    let sends = child.sends.as_ref().map(|action| action.value.clone());
    draft.opens.push(ChildOrder { name, case, service, answers, sends, takes_over });
    Ok(())
}

/// Whether the cases that a case opened have ended so.
pub(super) fn are(case: &Case, how: Children) -> bool {
    let granted = |child: &Child| child.end == Some(End::Granted);
    match how {
        Children::Granted => case.children.iter().all(granted),
        Children::Refused => case.children.iter().any(|child| child.end.is_some() && !granted(child)),
    }
}

/// Whether those that an action names have ended as it says. One that was not needed stands in nobody's way.
pub(super) fn stand(case: &Case, action: &Action) -> bool {
    let latest = |name: &Name| case.children.iter().find(|child| child.name == *name);
    action.children.iter().all(|(name, how)| match how {
        Children::Granted => latest(&name.value).is_none_or(|child| child.end == Some(End::Granted)),
        Children::Refused => latest(&name.value).is_some_and(|child| child.end.is_some_and(|end| end != End::Granted)),
    })
}

/// How the child of this name stands, in a word.
pub(super) fn word(children: &[Child], name: &str) -> &'static str {
    let latest = children.iter().find(|child| child.name == *name);
    latest.map_or(NOT_OPENED, |child| child.end.map_or(OPEN, End::word))
}

/// A case that this one opened has ended: the number of what it granted is an answer here, and the clock looks
/// at what waits for it.
pub(super) fn ended(mut draft: Draft<'_>, case: &str, (end, record): (End, Option<&str>)) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    let known = draft.case.children.iter_mut().find(|child| child.case == case);
    let child = known.ok_or(Refusal::ChangedMeanwhile)?;
    // The account of a record that was taken over is settled every year: that is no news here.
    if draft.service.child(&child.name).is_some_and(|known| known.takes_over.is_some()) {
        return Err(Refusal::ChangedMeanwhile);
    }
    child.end = Some(end);
    child.record = record.map(str::to_owned).filter(|_| end == End::Granted);
    let (name, number) = (child.name.clone(), child.record.clone());
    let question = draft.service.child(&name).and_then(|child| child.grants.as_ref());
    if let (Some(question), Some(number)) = (question, number) {
        draft.case.answers.set(&question.value, Value::Text(number));
    }
    Ok(draft.finish())
}

/// The case that opened this one needs it no more: it ends, and what is still owed for it is cancelled.
pub(super) fn void(mut draft: Draft<'_>, state: &State, to: &Name) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    if state.end.is_some() || draft.service.workflow.state(to).is_none_or(|last| last.end.is_none()) {
        return Err(Refusal::ChangedMeanwhile);
    }
    draft.event.public = true;
    money::cancel_demands(&mut draft);
    clock::enter(&mut draft, to);
    reserved::settle(&mut draft)?;
    Ok(draft.finish())
}

/// Where the case is over, the cases that it opened and that are not are given up.
pub(super) fn give_up(draft: &mut Draft<'_>) {
    let over = draft.service.workflow.state(&draft.case.state).is_some_and(|state| state.end.is_some());
    for child in draft.case.children.iter_mut().filter(|child| over && child.end.is_none()) {
        child.end = Some(End::Closed);
        draft.voids.extend(draft.service.child(&child.name).and_then(|known| given_up(&child.case, known)));
    }
}
