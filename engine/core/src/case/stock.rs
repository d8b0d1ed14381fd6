//! What an action uses up of a stock: the number goes into an answer, and is nobody's any more.

use serde_json::Value as Json;

use super::command::Command;
use super::effect::Draft;
use super::outcome::Used;
use super::refusal::Refusal;
use crate::base::{Name, Value};
use crate::service::Service;
use crate::stock::{Holding, Numbered, Stands};
use crate::workflow::Action;

/// Takes a number for the case, if the action uses up one: the one that is named, or else the first of those that
/// whoever acts holds. A case that has a number keeps it, unless another one is named.
pub(super) fn use_up(draft: &mut Draft<'_>, action: &Action) -> Result<(), Refusal> {
    let (Some(uses), Some(holding)) = (&action.uses, draft.context.holding) else { return Ok(()) };
    let question = uses.question.value.as_str();
    // Where the number is not asked for, none is used up.
    let asked = draft.service.form.field(question).and_then(|field| field.when.as_ref());
    if asked.is_some_and(|when| !draft.known().holds(when, draft.context.now.day()).unwrap_or(false)) {
        return Ok(());
    }
    let had = draft.before.answers.text(question);
    let named = draft.case.answers.text(question).filter(|named| !named.trim().is_empty());
    if let Some(had) = had.filter(|had| named.is_none_or(|named| named == *had)) {
        draft.case.answers.0.insert(question.to_owned(), Value::Text(had.to_owned()));
        return Ok(());
    }
    let chosen = match named {
        // Where nobody keeps such a stock, numbers come from elsewhere.
        Some(_) if uses.optional && !holding.kept => None,
        Some(named) => Some(found(named, holding)?),
        None if holding.next.is_none() && uses.optional => None,
        None => Some(holding.next.clone().ok_or(Refusal::StockEmpty)?),
    };
    if let Some(number) = chosen {
        draft.case.answers.0.insert(question.to_owned(), Value::Text(number.to_string()));
        draft.uses = Some(Used { stock: uses.stock.value.clone(), number });
    }
    Ok(())
}

/// The number that is named, if whoever acts holds it.
fn found(named: &str, holding: &Holding) -> Result<Numbered, Refusal> {
    let wanted = Numbered::parse(named).ok_or(Refusal::NumberNotInStock)?;
    match &holding.named {
        Some((number, Stands::Yours)) if number.is(&wanted) => Ok(number.clone()),
        Some((number, Stands::OfAnother)) if number.is(&wanted) => Err(Refusal::NotYours),
        _ => Err(Refusal::NumberNotInStock),
    }
}

/// Answers that come from a stock change only with the actions that use it up: what is saved without one leaves
/// them as they are, and may not name another number.
pub(super) fn untouched(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let (service, before) = (draft.service, draft.before);
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    for question in actions.filter_map(|action| action.uses.as_ref()).map(|uses| uses.question.value.as_str()) {
        let had = before.answers.get(question);
        if draft.case.answers.get(question) == had {
            continue;
        }
        let emptied = draft.case.answers.get(question).is_none();
        let kept = had.filter(|_| emptied).ok_or(Refusal::NotEditable)?.clone();
        draft.case.answers.0.insert(question.to_owned(), kept);
    }
    Ok(())
}

impl Service {
    /// Whether the answer to a question comes from a stock: then nothing but the actions that use it up changes it.
    pub fn comes_from_stock(&self, question: &str) -> bool {
        let mut actions = self.workflow.states.iter().flat_map(|state| &state.actions);
        actions.any(|action| action.uses.as_ref().is_some_and(|uses| uses.question.value == *question))
    }

    /// Of which stock a command uses up one where the case stands, and the number that it names; nothing if it uses
    /// up none.
    pub fn stock_asked<'a>(&'a self, state: &str, command: &'a Command) -> Option<(&'a Name, Option<&'a str>)> {
        let Command::Act { action, answers, .. } = command else { return None };
        let uses = self.workflow.state(state)?.action(action)?.uses.as_ref()?;
        let named = answers.get(uses.question.value.as_str()).and_then(Json::as_str);
        Some((&uses.stock.value, named.filter(|named| !named.trim().is_empty())))
    }
}
