//! A case as it is seen by whoever has a role on it by holding a record that it names. What tells of a person is
//! covered, except on the pages that are answered in that role; money, messages and papers are the applicant's alone.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Case, Choice, choices};
use engine::form::{self, Page as Asked, Row};
use engine::registry::Record;
use engine::service::Service;
use engine::workflow::{End, State};
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, Section};
use ui_gen::view::follow::{CaseCard, Track};

use super::my::Stand;
use super::{form as pages_of_form, next, tell, track};
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::desk::reader::Reader;
use crate::http::desk::view_answers;
use crate::http::when;
use crate::problem::Problem;
use crate::store::events::{self, Event};
use crate::store::{Tx, cases, found};

/// `GET /{tenant}/cases/{case}` for whoever has a role on the case by a record.
pub(super) async fn page(ask: &Ask, service: &Service) -> Answer {
    let case = ask.case();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let around = act::Around::load(&ask.app, ask.tenant(), &mut tx, (service, case), None).await?;
    let history = events::history(&mut tx, &case.id).await?;
    drop(tx);
    let state = tell::state_of(service, case);
    let context = around.context(ask.now(), ask.tenant());
    let open = offered(choices(service, case, &actor(ask)?, context));
    let (findings, sections) = answers(ask, service);
    let public = track::public(ask).await?;
    let mut happenings = public.happenings.clone();
    for happening in &mut happenings {
        // What is said between the applicant and the office is theirs; what there is to do stands above.
        happening.text = String::new();
    }
    let view = Track {
        text: std::iter::once(seen_as(ask, service)).chain(public.text.iter().cloned()).collect(),
        remark: if service.is_with_holder(state) { remark(case, &history) } else { String::new() },
        actions: pages(ask, service)
            .into_iter()
            .chain(open.iter().map(|choice| link(ask, service, state, choice)))
            .collect(),
        happenings,
        findings,
        sections,
        ..public
    };
    ask.page(Page::Track(view)).back(ask.at("/my")).answer()
}

/// In which role the case is seen, and by which record.
fn seen_as(ask: &Ask, service: &Service) -> String {
    let roles: Vec<&str> =
        ask.held.iter().filter_map(|role| service.role(role)).map(|role| role.label.in_language(&ask.lang)).collect();
    let giving = service.giving(&ask.case().answers).filter(|(role, ..)| ask.held.contains(role));
    let mut numbers: Vec<&str> = giving.map(|(.., number)| number).collect();
    numbers.dedup();
    ask.words().say("track.as_holder", &[("role", &roles.join(", ")), ("number", &numbers.join(", "))])
}

fn actor(ask: &Ask) -> Result<Actor, Problem> {
    let citizen = ask.citizen()?;
    Ok(Actor { person: citizen.id.clone(), kind: ActorKind::Citizen, roles: Vec::new() })
}

fn offered(choices: Vec<Choice<'_>>) -> Vec<Choice<'_>> {
    choices.into_iter().filter(|choice| choice.refused.is_none()).collect()
}

/// The way to an action.
fn link(ask: &Ask, service: &Service, state: &State, choice: &Choice<'_>) -> ActionLink {
    let (action, began) = (choice.action, ask.now().with_ms(ask.case().clock_began_ms()));
    let to = service.workflow.state(&action.to).expect("checked by unknown-state");
    ActionLink {
        href: ask.at_case(&format!("/act/{}", action.name)),
        text: action.label.in_language(&ask.lang).to_owned(),
        hint: next::until_words(ask, state, began, action),
        danger: matches!(to.end, Some(End::Closed | End::Refused)) && action.asks.is_none(),
        ..ActionLink::default()
    }
}

/// The ways to the pages that whoever holds the record may answer now; none where the case is not with him.
pub(super) fn pages(ask: &Ask, service: &Service) -> Vec<ActionLink> {
    let case = ask.case();
    if !service.is_with_holder(tell::state_of(service, case)) || !pages_of_form::may_edit(ask, service) {
        return Vec::new();
    }
    let link = |(at, page): (usize, &Asked)| ActionLink {
        href: ask.at_case(&format!("/form/{}", page.name)),
        text: page.title.in_language(&ask.lang).to_owned(),
        primary: at == 0,
        ..ActionLink::default()
    };
    pages_of_form::open_pages(ask, service, case).into_iter().enumerate().map(link).collect()
}

/// What the office asked for when it last moved the case, and what the applicant said when it was handed over.
fn remark(case: &Case, history: &[Event]) -> String {
    let moved = |event: &&Event| event.outcome["public"] == true && event.outcome["from"] != event.outcome["to"];
    let by_office = history.iter().rev().find(|event| moved(event) && event.actor_kind != "citizen");
    let arrived = history.iter().rev().find(moved);
    let handed = arrived.filter(|event| {
        event.actor_kind == "citizen"
            && event.actor == case.applicant
            && event.outcome["to"].as_str() == Some(&case.state)
    });
    let said = |event: &Event| event.outcome["comment"].as_str().unwrap_or_default().to_owned();
    let all = by_office.into_iter().chain(handed).map(said);
    all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What the office found as far as the applicant reads it, and what the applicant answered; with files only of the
/// pages that are answered in a role of the reader.
fn answers(ask: &Ask, service: &Service) -> (Vec<Section>, Vec<Section>) {
    let (reader, case, files) = (Reader::of(ask), ask.case(), ask.at_case("/files/"));
    let own = |page: &Asked| ask.held.iter().any(|role| service.edits(page, role));
    let of = |role: Option<&str>| {
        let open = form::sections(&service.form, role, &case.answers, &reader.style(false));
        let mut sections = Vec::new();
        for mut covered in form::sections(&service.form, role, &case.answers, &reader.style(true)) {
            let Some(page) = service.form.page(&covered.page) else { continue };
            if own(page) {
                sections.extend(open.iter().find(|section| section.page == covered.page).cloned());
            } else if page.by.is_none() || page.public {
                covered.rows.iter_mut().for_each(close);
                sections.push(covered);
            }
        }
        sections
    };
    let by_others = view_answers::officers(&service.form).into_iter().flat_map(of);
    (view_answers::drawn(by_others, &files), view_answers::drawn(of(None).into_iter(), &files))
}

/// Takes the way to a file away.
fn close(row: &mut Row) {
    row.file = None;
    row.inner.iter_mut().for_each(close);
}

/// Whether a file may be opened by whoever has a role by a record: it answers a question of a page that is answered
/// in that role, or was sent for one by the very person.
pub(super) fn may_open(ask: &Ask, service: &Service, file: &crate::store::files::File) -> bool {
    let own = service.form.all_pages().filter(|page| ask.held.iter().any(|role| service.edits(page, role)));
    let mut answers = own.flat_map(|page| &page.fields).filter_map(|field| ask.case().answers.get(&field.name));
    ask.who.person() == Some(file.person.as_str())
        || answers.any(|value| super::files::names(&value.to_json(), &file.id))
}

/// The cases on which the reader has a role by one of the records that he holds, as they stand to him.
pub(super) async fn cards(ask: &Ask, tx: &mut Tx, held: &[Record]) -> Result<Vec<(Stand, CaseCard)>, Problem> {
    let citizen = ask.citizen()?;
    let mut ids: Vec<String> = Vec::new();
    for record in held {
        for row in found::cases_naming(tx, &record.registry, &record.number).await? {
            if row.number.is_some() && row.applicant != citizen.id && !ids.contains(&row.id) {
                ids.push(row.id);
            }
        }
    }
    let mut cards = Vec::new();
    for id in ids {
        let Some(case) = cases::load(tx, &id).await? else { continue };
        let service = ask.app.service_in(tx, ask.tenant(), &case.definition).await?;
        if !service.has_holders() {
            continue;
        }
        let around = act::Around::load(&ask.app, ask.tenant(), tx, (&service, &case), None).await?;
        let roles = service.held_by(&citizen.id, &case.answers, &around.named, ask.now().day());
        let context = around.context(ask.now(), ask.tenant());
        let open = offered(choices(&service, &case, &actor(ask)?, context));
        cards.extend(card(ask, &service, &case, &roles, &open));
    }
    Ok(cards)
}

fn card(ask: &Ask, service: &Service, case: &Case, roles: &[Name], open: &[Choice<'_>]) -> Option<(Stand, CaseCard)> {
    let role = roles.iter().find_map(|role| service.role(role))?;
    let (lang, words, now) = (ask.lang.as_str(), ask.words(), ask.now());
    let state = tell::state_of(service, case);
    let has_it = state.edit.as_ref().is_some_and(|edit| roles.contains(&edit.value));
    let href = ask.at(&format!("/cases/{}", case.id));
    let to_do = has_it || !open.is_empty();
    let stand = match (state.end.is_some(), has_it) {
        (_, true) => Stand::ForMe,
        (true, false) => Stand::Closed,
        (false, false) => Stand::Open,
    };
    let clock = next::clock(ask, state, now.with_ms(case.clock_began_ms())).map(|(at, _)| at.ms).filter(|_| has_it);
    let do_it =
        || ActionLink { href: href.clone(), text: words.get("my.do"), primary: has_it, ..ActionLink::default() };
    // What the applicant calls it may be a name.
    let about = [service.title.in_language(lang), role.label.in_language(lang)];
    let card = CaseCard {
        number: case.number.clone().unwrap_or_default(),
        service: about.join(" · "),
        state: tell::state_tag(state, lang),
        text: tell::meaning(state, lang),
        due: clock.map(|ms| when::due(words, ms, now)),
        updated: when::moment(words, now.with_ms(case.entered_ms)),
        acts: to_do.then(do_it).into_iter().collect(),
        href,
    };
    Some((stand, card))
}
