//! What the applicant can do next with a case, and until when. It follows from the workflow and from
//! what is owed; no service says it.

use engine::base::{Day, Moment, Money};
use engine::case::{self, Case};
use engine::service::Service;
use engine::template::format;
use engine::workflow::{APPLICANT, Action, Once, State, Trigger};

use super::tell;
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::inbox::CaseRow;
use crate::store::{Tx, cases};

/// What is to be paid for a case, and by which day.
pub(super) type ToPay = (Money, Option<Day>);

/// What is to be paid for a case of a list. It is loaded only where it stands waiting for money.
pub(super) async fn owed(ask: &Ask, tx: &mut Tx, service: &Service, row: &CaseRow) -> Result<Option<ToPay>, Problem> {
    let state = service.workflow.state(&row.state);
    if row.number.is_none() || !state.is_some_and(|state| state.actions.iter().any(waits_for_money)) {
        return Ok(None);
    }
    let case = cases::load(tx, &row.id).await?;
    Ok(case.and_then(|case| owed_on(ask, service, &case)))
}

/// What is to be paid for a case.
pub(super) fn owed_on(ask: &Ask, service: &Service, case: &Case) -> Option<ToPay> {
    let bill = case::bill(service, case, ask.now().day()).ok()?;
    (bill.total.paise() > 0).then_some((bill.total, bill.due_on))
}

fn waits_for_money(action: &Action) -> bool {
    matches!(action.trigger, Trigger::Once(Once::Paid, _))
}

/// What the applicant may do in a state whose clock began at `began`, as far as that does not depend
/// on answers.
pub(super) fn open<'a>(ask: &Ask, state: &'a State, began: Moment) -> Vec<&'a Action> {
    let calendar = &ask.tenant().calendar;
    let is_open = |action: &&Action| {
        let mine = action.roles().iter().any(|role| role.value == *APPLICANT);
        mine && action.when.is_empty() && !action.is_too_late(began, ask.now(), calendar)
    };
    state.actions.iter().filter(is_open).collect()
}

/// When the clock takes a case out of the state by itself, and where to.
pub(super) fn clock<'a>(ask: &Ask, state: &'a State, began: Moment) -> Option<(Moment, &'a Action)> {
    let leaves = state.actions.iter().filter(|action| action.to.value != state.name && action.when.is_empty());
    leaves.filter_map(|action| Some((action.due(began, &ask.tenant().calendar)?, action))).min_by_key(|(at, _)| at.ms)
}

/// Until when the applicant may take an action: its own time, or that of the state.
pub(super) fn until(ask: &Ask, state: &State, began: Moment, action: &Action) -> Option<Moment> {
    let own = action.within.map(|span| span.after(began, &ask.tenant().calendar));
    let clock = clock(ask, state, began).map(|(at, _)| at);
    own.into_iter().chain(clock).min_by_key(|at| at.ms)
}

/// The same in a few words; empty where there is no hurry.
pub(super) fn until_words(ask: &Ask, state: &State, began: Moment, action: &Action) -> String {
    let until = until(ask, state, began, action);
    until.map(|at| ask.words().say("my.until", &[("day", &format::day(at.day()))])).unwrap_or_default()
}

/// By when it is to be paid, in a few words; empty where nothing says so.
pub(super) fn pay_by_words(ask: &Ask, by: Option<Day>) -> String {
    by.map(|day| ask.words().say("my.pay_by", &[("day", &format::day(day))])).unwrap_or_default()
}

/// Until when the applicant has time, and what becomes of the case then; empty where it waits for others,
/// or for nobody.
pub(super) fn lapse_words(ask: &Ask, service: &Service, state: &State, began: Moment) -> String {
    let his = state.waits_for_applicant || !open(ask, state, began).is_empty() && state.end.is_some();
    let Some((at, action)) = clock(ask, state, began).filter(|_| his) else { return String::new() };
    let Some(to) = service.workflow.state(&action.to) else { return String::new() };
    let state = tell::state_tag(to, &ask.lang).text;
    ask.words().say("track.until", &[("day", &format::day(at.day())), ("state", &state)])
}
