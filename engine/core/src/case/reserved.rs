//! What a case has of the places in calendars: it follows from where the case stands and what was answered.

use std::collections::BTreeSet;

use rhai::{Dynamic, ImmutableString};
use serde_json::Value as Json;

use super::Case;
use super::effect::Draft;
use super::refusal::Refusal;
use crate::base::Day;
use crate::base::date::{add_days, parse_day};
use crate::base::limits::NEAREST_DAYS;
use crate::reserve::{Choosing, FREE, HELD, Hold, KEPT, LOST, Reserved, Slot, Slots};
use crate::rule::{Facts, Seen};
use crate::service::Service;
use crate::workflow::Action;

/// What a case has, beside what others have, at an instant.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    case: &'a Case,
    slots: &'a Slots,
    now_ms: i64,
}

impl<'a> Standing<'a> {
    /// As conditions look at it.
    pub(super) fn seen(self, service: &'a Service) -> Seen<'a> {
        let one = |name: &'a str| (name, Seen::Text(word(self.case, name, self.slots, self.now_ms)));
        Seen::Group(service.reserves.iter().map(|reserve| one(reserve.name.as_str())).collect())
    }

    /// As rules look at it.
    pub(super) fn facts(self, service: &Service) -> Dynamic {
        let of = |name: &str| Dynamic::from(ImmutableString::from(word(self.case, name, self.slots, self.now_ms)));
        let names = service.reserves.iter().map(|reserve| reserve.name.as_str());
        let all: Facts = names.map(|name| (name.into(), of(name))).collect();
        Dynamic::from_map(all)
    }
}

impl Draft<'_> {
    /// What the case has as it will be.
    pub(super) fn standing(&self) -> Standing<'_> {
        Standing { case: &self.case, slots: self.context.slots, now_ms: self.context.now.ms }
    }
}

/// How a case stands to what it asks for under this name: `free`, `held`, `kept` or `lost`.
pub fn word(case: &Case, name: &str, slots: &Slots, now_ms: i64) -> &'static str {
    let Some(has) = case.reserved.iter().find(|has| has.name == *name) else { return FREE };
    let by_another = |has: &Reserved| {
        let mut live = slots.taken.iter().filter(|taken| taken.case != case.id && taken.is_live(now_ms));
        live.any(|taken| has.slots.contains(&taken.slot))
    };
    match has.until_ms {
        None => KEPT,
        Some(_) if by_another(has) => LOST,
        Some(_) => HELD,
    }
}

/// When the time is over that `action` waits for.
pub(super) fn over_ms(case: &Case, action: &Action) -> Option<i64> {
    let name = &action.over.as_ref()?.value;
    case.reserved.iter().find(|has| has.name == *name)?.until_ms
}

/// Takes what the case has where it stands now, and gives back what it does not: all of it, or nothing
/// happens. What it has already stays; who comes to another state has it for the time of that. Who was not
/// asked for a day takes nothing.
pub(super) fn settle(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let service = draft.service;
    if service.reserves.is_empty() {
        return Ok(());
    }
    let came = draft.case.state != draft.before.state || draft.case.entered_ms != draft.before.entered_ms;
    let mut reserved: Vec<Reserved> = Vec::new();
    for reserve in &service.reserves {
        let asks = draft.case.answers.get(&reserve.from.value).is_some();
        let Some(hold) = reserve.hold_in(&draft.case.state).filter(|_| asks) else { continue };
        let had = draft.case.reserved.iter().find(|has| has.name == reserve.name);
        let unchanged = !came && draft.case.answers == draft.before.answers;
        if let Some(had) = had.filter(|_| unchanged) {
            reserved.push(had.clone());
            continue;
        }
        let (now, calendar) = (draft.context.now, &draft.context.tenant.calendar);
        let also: Vec<Slot> = reserved.iter().flat_map(|one| &one.slots).cloned().collect();
        let choosing = Choosing {
            reserve,
            list: reserve.list(&service.form),
            slots: draft.context.slots,
            case: &draft.case.id,
            has: had.map(|had| had.slots.as_slice()).unwrap_or_default(),
            also: &also,
            now,
            calendar,
        };
        let slots = choosing.choose(&reserve.asked(&service.form, &draft.case.answers)?)?;
        let until_ms = match (hold, had.and_then(|had| had.until_ms)) {
            (Hold::Kept, _) => None,
            (Hold::For(_), Some(until)) if !came => Some(until),
            (Hold::For(span), _) => Some(span.after(now, calendar).ms),
        };
        reserved.push(Reserved { name: reserve.name.clone(), until_ms, slots });
    }
    draft.case.reserved = reserved;
    Ok(())
}

/// Something in a calendar of which a decision must know what is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    /// The calendar.
    pub calendar: String,
    /// The code of what is looked at.
    pub resource: String,
    /// The first day that matters; all of them if that cannot be said.
    pub since: Option<Day>,
}

impl Service {
    /// What in calendars a decision about a case must know of: what its answers name, what a command brings, and
    /// what the case has.
    pub fn looks_at(&self, case: &Case, given: Option<&Json>) -> Vec<Look> {
        let mut all = Vec::new();
        for reserve in &self.reserves {
            let calendar = reserve.calendar.value.as_str();
            let brought = |name: &str| given.and_then(|given| given.get(name)).and_then(Json::as_str);
            let (resource, from) = (reserve.resource.value.as_str(), reserve.from.value.as_str());
            let has = || case.reserved.iter().flat_map(|has| &has.slots).filter(move |slot| slot.calendar == *calendar);
            let days = case.answers.text(from).into_iter().chain(brought(from)).map(parse_day);
            // A day that is written in another way may be any.
            let first = days.chain(has().map(|slot| Some(slot.day))).min().flatten();
            let since = first.map(|day| add_days(day, -NEAREST_DAYS));
            let named = case.answers.text(resource).into_iter().chain(brought(resource));
            let codes: BTreeSet<&str> = named.chain(has().map(|slot| slot.resource.as_str())).collect();
            let look = |code: &str| Look { calendar: calendar.to_owned(), resource: code.to_owned(), since };
            all.extend(codes.into_iter().map(look));
        }
        all.sort();
        all.dedup();
        all
    }
}
