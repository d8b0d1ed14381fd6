//! One case at the desk: the bar on top, what can be done, and why the rest cannot.

use engine::case::{Case, Choice, Refusal, choices};
use engine::service::Service;
use engine::workflow::{APPLICANT, Action, End, Once, State, Trigger};
use ui_gen::view::choice::{Choice as Chosen, Look, Opt};
use ui_gen::view::common::{ActionLink, NavLink};
use ui_gen::view::desk::{Assign, Blocked, Identity};
use ui_gen::view::field::{FieldView, Input};

use super::candidates::Candidate;
use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use crate::http::{problem, slot_words};

/// The parts of a case, in the order of their tabs.
pub(crate) const TABS: [&str; 9] =
    ["summary", "form", "documents", "money", "inspection", "checks", "messages", "timeline", "audit"];

/// The state that a case stands in.
pub(crate) fn state_of<'a>(service: &'a Service, case: &Case) -> &'a State {
    service.workflow.state(&case.state).expect("a case stands in a state of its own definition")
}

/// The bar on top.
pub(crate) fn identity(reader: &Reader<'_>, opened: &Opened, case: &Case) -> Identity {
    let state = state_of(&opened.service, case);
    Identity {
        number: case.number.clone().unwrap_or_default(),
        service: reader.text(&opened.service.title).to_owned(),
        applicant: opened.applicant(reader, case),
        place: if opened.place.is_empty() { String::new() } else { reader.place(&opened.place) },
        state: reader.state(state),
        whose: whose(reader, opened, case, state),
        due: case.due_ms.filter(|_| state.end.is_none()).map(|ms| reader.due(ms)),
        clock: clock(reader, case, state),
        href: href(reader, &case.id),
    }
}

/// Who has the case, or what it waits for; empty where it has ended.
fn whose(reader: &Reader<'_>, opened: &Opened, case: &Case, state: &State) -> String {
    if state.end.is_some() {
        return String::new();
    }
    if let Some(id) = &case.assignee {
        return reader.say("desk.with", &[("who", &opened.names.officer(id))]);
    }
    let for_payment = state.actions.iter().any(|action| matches!(action.trigger, Trigger::Once(Once::Paid, _)));
    let for_officers = !state.asks_applicant() && state.officers().next().is_some();
    match (for_payment, state.asks_applicant()) {
        (true, _) if !for_officers => reader.get("desk.waits_payment"),
        (_, true) => reader.get("desk.with_applicant"),
        _ => reader.get("desk.unassigned"),
    }
}

/// Whether the promise of the law runs, is paused or is over.
fn clock(reader: &Reader<'_>, case: &Case, state: &State) -> String {
    match (case.promised_ms, state.waits_for_applicant) {
        _ if state.end.is_some() => String::new(),
        (_, true) => reader.get("due.waits"),
        (Some(promised), false) => reader.say("sla.promised", &[("day", &reader.day_of(promised))]),
        (None, false) if case.due_ms.is_some() => reader.get("sla.runs"),
        (None, false) => String::new(),
    }
}

/// What the reader can do now, and what not.
pub(crate) fn actions(reader: &Reader<'_>, opened: &Opened, case: &Case) -> (Vec<ActionLink>, Vec<Blocked>) {
    let all = choices(&opened.service, case, &opened.actor, opened.context(reader));
    let mut open: Vec<ActionLink> = Vec::new();
    let mut blocked = Vec::new();
    for Choice { action, refused } in &all {
        match refused {
            None => {
                let danger = is_danger(&opened.service, action);
                let primary = !danger && open.iter().all(|other| !other.primary);
                let address = format!("{}/act/{}", href(reader, &case.id), action.name);
                open.push(ActionLink {
                    href: address,
                    text: reader.text(&action.label).to_owned(),
                    hint: String::new(),
                    primary,
                    danger,
                });
            }
            Some(why) => blocked.push(Blocked {
                text: reader.text(&action.label).to_owned(),
                why: why_not(reader, &opened.service, action, why),
            }),
        }
    }
    (open, blocked)
}

/// Why an action is not open: everything that does not fit, or the posts that it is for.
fn why_not(reader: &Reader<'_>, service: &Service, action: &Action, why: &Refusal) -> Vec<String> {
    if matches!(why, Refusal::NotYourRole) {
        return vec![reader.say("desk.only_for", &[("who", &posts(reader, service, action))])];
    }
    each_of(reader, why)
}

/// Everything that does not fit, where the author says it; else the refusal in words.
pub(crate) fn each_of(reader: &Reader<'_>, why: &Refusal) -> Vec<String> {
    match why.words_of_author() {
        [] => vec![refusal(reader, why)],
        texts => texts.iter().map(|text| reader.text(text).to_owned()).collect(),
    }
}

/// The posts that may take an action.
pub(crate) fn posts(reader: &Reader<'_>, service: &Service, action: &Action) -> String {
    let label = |role: &engine::source::At<engine::base::Name>| {
        if role.value == *APPLICANT {
            return reader.get("event.applicant");
        }
        service.role(&role.value).map_or_else(|| role.value.to_string(), |role| reader.text(&role.label).to_owned())
    };
    action.roles().iter().map(label).collect::<Vec<_>>().join(", ")
}

/// A refusal in words.
pub(crate) fn refusal(reader: &Reader<'_>, why: &Refusal) -> String {
    if let Some(said) = why.said_by_author(reader.words.lang()) {
        return said;
    }
    if let Refusal::FeeNotComputed(_) = why {
        return reader.get("rule_failed.officer");
    }
    if let Some(text) = slot_words::refusal(reader.words, why) {
        return text;
    }
    if let Some(text) = problem::whole_number(reader.words, why) {
        return text;
    }
    let n = match why {
        Refusal::CommentTooLong(most) => most.to_string(),
        Refusal::NotTheWholeAmount(owed) | Refusal::LessThanTheLeast(owed) | Refusal::AbovePower(owed) => {
            reader.money(*owed)
        }
        Refusal::NumberNotFree(number) => number.clone(),
        _ => String::new(),
    };
    reader.say(&format!("refusal.{}", why.word()), &[("n", &n)])
}

/// Whether an action refuses, ends or revokes.
pub(crate) fn is_danger(service: &Service, action: &Action) -> bool {
    let refuses = service.workflow.state(&action.to).is_some_and(|state| state.end == Some(End::Refused));
    let revokes =
        action.grant.as_ref().and_then(|name| service.grant(&name.value)).is_some_and(|grant| grant.mode.takes_away());
    refuses || revokes
}

/// To whom the case can be given; none where the reader may not give it.
pub(crate) fn assign(
    reader: &Reader<'_>,
    opened: &Opened,
    case: &Case,
    candidates: &[Candidate],
    (to, wrong): (&str, &str),
) -> Option<Assign> {
    let state = state_of(&opened.service, case);
    if opened.actor.roles.iter().all(|role| opened.service.role(role).is_none()) || state.officers().next().is_none() {
        return None;
    }
    let me = &opened.actor.person;
    let has = |person: &str| case.assignee.as_deref() == Some(person);
    let can_take = candidates.iter().any(|candidate| candidate.id == *me) && !has(me);
    let others: Vec<Opt> = candidates
        .iter()
        .filter(|other| other.id != *me && !has(&other.id))
        .map(|other| Opt::new(&other.id, other.label(reader, &opened.service)))
        .collect();
    let people = (!others.is_empty()).then(|| {
        // One line under the button: a page of a case is dense, so even a short list is a box.
        let choice = Chosen { look: Look::Select, ..Chosen::one(others, to, "") };
        let hint = opened.department(reader).map(|name| reader.say("give.department", &[("department", name)]));
        FieldView::new("to", reader.get("give.colleague"), Input::Choice(choice))
            .hint(hint.unwrap_or_default())
            .error(wrong)
    });
    let mut leads = vec![match &case.assignee {
        Some(id) => reader.say("give.now", &[("who", &opened.names.officer(id))]),
        None => reader.get("give.now_nobody"),
    }];
    if let Some(me) = candidates.iter().find(|candidate| can_take && candidate.id == *me) {
        leads.push(reader.say("give.claimed", &[("who", &me.label(reader, &opened.service))]));
    }
    if case.assignee.is_some() {
        let labels = state.officers().filter_map(|role| opened.service.role(role)).map(|role| reader.text(&role.label));
        let labels: std::collections::BTreeSet<&str> = labels.collect();
        let who = labels.into_iter().collect::<Vec<_>>().join(", ");
        leads.push(reader.say("give.released", &[("who", &who)]));
    }
    if people.is_some() {
        leads.push(reader.get("give.given"));
    }
    Some(Assign {
        leads,
        action: format!("{}/assign", href(reader, &case.id)),
        claim: can_take.then(|| me.clone()),
        release: case.assignee.is_some(),
        people,
    })
}

/// The tabs, with counts where there is something to count.
pub(crate) fn tabs(
    reader: &Reader<'_>,
    case: &Case,
    current: &str,
    counts: &[(&str, usize)],
    hidden: &[&str],
) -> Vec<NavLink> {
    let shown = TABS.iter().filter(|tab| !hidden.contains(tab));
    shown
        .map(|tab| {
            let count = counts.iter().find(|(known, _)| known == tab).map_or(0, |(_, count)| *count);
            NavLink {
                href: format!("{}?tab={tab}", href(reader, &case.id)),
                text: reader.get(&format!("tab.{tab}")),
                count: if count > 0 { count.to_string() } else { String::new() },
                current: *tab == current,
            }
        })
        .collect()
}
