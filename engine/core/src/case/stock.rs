//! What an action uses up of stocks: each number goes into an answer, and is nobody's any more.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::command::Command;
use super::effect::Draft;
use super::outcome::Used;
use super::refusal::Refusal;
use crate::base::{Name, Value};
use crate::service::Service;
use crate::stock::{Holding, Numbered, Stands, Uses};
use crate::workflow::Action;

/// Takes numbers for the case, as many as the action uses up: those that are named, and else the first of those that
/// whoever acts holds. A case that has a number keeps it, unless another one is named.
pub(super) fn use_up(draft: &mut Draft<'_>, action: &Action) -> Result<(), Refusal> {
    let Some(holdings) = draft.context.holdings else { return Ok(()) };
    let none = Holding::default();
    let of = |uses: &Uses| holdings.get(&uses.stock.value).unwrap_or(&none);
    let asked: Vec<&Uses> = action.uses.iter().filter(|uses| is_asked(draft, uses)).collect();
    let mut open = Vec::new();
    for uses in asked {
        let question = uses.question.value.as_str();
        let had = draft.before.answers.text(question).map(str::to_owned);
        let named = draft.case.answers.text(question).filter(|named| !named.trim().is_empty()).map(str::to_owned);
        match (named, had) {
            (named, Some(had)) if named.as_ref().is_none_or(|named| *named == had) => put(draft, uses, had),
            (None, _) => open.push(uses),
            // Where nobody keeps such a stock, numbers come from elsewhere.
            (Some(_), _) if uses.optional && !of(uses).kept => {}
            (Some(named), _) => {
                let number = found(&named, of(uses))?;
                // What one question named is used already where another names it too.
                if goes(draft, uses, &number) {
                    return Err(Refusal::NumberNotInStock);
                }
                give(draft, uses, number);
            }
        }
    }
    // The next come after all that are named, so that none of those is given as the next; and of too few, those come
    // first without which the action is not taken.
    open.sort_by_key(|uses| uses.optional);
    for uses in open {
        let next = of(uses).next.iter().find(|number| !goes(draft, uses, number)).cloned();
        match next {
            Some(number) => give(draft, uses, number),
            None if uses.optional => {}
            None => return Err(Refusal::StockEmpty),
        }
    }
    Ok(())
}

/// Whether the question is asked: where it is not, no number is used up.
fn is_asked(draft: &Draft<'_>, uses: &Uses) -> bool {
    let field = draft.service.form.field(uses.question.value.as_str());
    let when = field.and_then(|field| field.when.as_ref());
    when.is_none_or(|when| draft.known().holds(when, draft.context.now.day()).unwrap_or(false))
}

/// Whether a number is used up already by what is being done.
fn goes(draft: &Draft<'_>, uses: &Uses, number: &Numbered) -> bool {
    draft.uses.iter().any(|used| used.stock == uses.stock.value && used.number.is(number))
}

/// Uses up a number.
fn give(draft: &mut Draft<'_>, uses: &Uses, number: Numbered) {
    put(draft, uses, number.to_string());
    draft.uses.push(Used { stock: uses.stock.value.clone(), number });
}

/// Puts a number into its question.
fn put(draft: &mut Draft<'_>, uses: &Uses, number: String) {
    draft.case.answers.0.insert(uses.question.value.as_str().to_owned(), Value::Text(number));
}

/// The number that is named, if whoever acts holds it.
fn found(named: &str, holding: &Holding) -> Result<Numbered, Refusal> {
    let wanted = Numbered::parse(named).ok_or(Refusal::NumberNotInStock)?;
    match holding.named.iter().find(|(number, _)| number.is(&wanted)) {
        Some((number, Stands::Yours)) => Ok(number.clone()),
        Some((_, Stands::OfAnother)) => Err(Refusal::NotYours),
        Some((_, Stands::Gone)) | None => Err(Refusal::NumberNotInStock),
    }
}

/// Answers that come from a stock change only with the actions that use it up: what is saved without one leaves
/// them as they are, and may not name another number.
pub(super) fn untouched(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let (service, before) = (draft.service, draft.before);
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    for question in actions.flat_map(|action| &action.uses).map(|uses| uses.question.value.as_str()) {
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
        actions.any(|action| action.uses.iter().any(|uses| uses.question.value == *question))
    }

    /// Of which stocks a command uses up numbers where the case stands, and for each of those the number that it names,
    /// if it names one.
    pub fn stock_asked<'a>(&'a self, state: &str, command: &'a Command) -> BTreeMap<&'a Name, Vec<Option<&'a str>>> {
        let mut asked: BTreeMap<&Name, Vec<Option<&str>>> = BTreeMap::new();
        let Command::Act { action, answers, .. } = command else { return asked };
        let Some(action) = self.workflow.state(state).and_then(|state| state.action(action)) else { return asked };
        for uses in &action.uses {
            let named = answers.get(uses.question.value.as_str()).and_then(Json::as_str);
            asked.entry(&uses.stock.value).or_default().push(named.filter(|named| !named.trim().is_empty()));
        }
        asked
    }
}
