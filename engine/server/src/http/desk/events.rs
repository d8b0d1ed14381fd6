//! `/{tenant}/desk/events`: the chain of the town, the latest event first. Whoever audits sees all of it; whoever
//! appoints others sees what concerns no case.

use std::collections::{BTreeMap, BTreeSet};

use engine::workflow::APPLICANT;
use ui_gen::Page;
use ui_gen::view::work::{EventLine, Events};

use super::names::Names;
use super::reader::Reader;
use super::rows;
use super::sign_in::UNKNOWN;
use super::view_history::{by_program, seconds};
use crate::http::ask::{Answer, Ask};
use crate::http::looks;
use crate::store::cases;
use crate::store::events::{self, Event};
use crate::store::inbox::CaseRow;

/// Events of a page.
const PAGE: usize = 50;

/// `GET /{tenant}/desk/events`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let (reader, all) = (Reader::of(ask), ask.employee()?.audits());
    let before = ask.query("before")?.parse::<i64>().map_or(0, |before| before.max(0));
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut found = events::latest(&mut tx, before, all, limit).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let ids: BTreeSet<String> = found.iter().filter_map(|event| event.case.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let cases: BTreeMap<String, CaseRow> =
        cases::among(&mut tx, &ids).await?.into_iter().map(|row| (row.id.clone(), row)).collect();
    drop(tx);
    let people = found.iter().flat_map(|event| [event.actor.clone(), fact(event, "person").to_owned()]).collect();
    let names = Names::load(&ask.app, ask.tenant(), people).await?;
    let here = ask.at("/desk/events");
    let view = Events {
        older: found.last().filter(|_| more).map(|last| format!("{here}?before={}", last.seq)),
        newest: (before > 0).then(|| here.clone()),
        rows: found.iter().map(|event| line(&reader, &names, &cases, event)).collect(),
    };
    ask.page(Page::Events(view)).back(ask.at("/desk")).answer()
}

fn fact<'a>(event: &'a Event, name: &str) -> &'a str {
    event.command["facts"][name].as_str().unwrap_or_default()
}

fn line(reader: &Reader<'_>, names: &Names, cases: &BTreeMap<String, CaseRow>, event: &Event) -> EventLine {
    let word = event.command["word"].as_str().unwrap_or_default();
    let known = reader.words.find(&format!("did.{word}")).map(str::to_owned);
    let case = event.case.as_ref().and_then(|id| cases.get(id));
    EventLine {
        seq: event.seq.to_string(),
        hash: event.hash.chars().take(8).collect(),
        when: seconds(reader, event.at_ms),
        who: who(reader, names, event),
        what: known.unwrap_or_else(|| word.replace('_', " ")),
        about: about(reader, names, event),
        // What was not handed in has no page at the desk.
        href: case.filter(|case| case.number.is_some()).map(|case| rows::href(reader, &case.id)).unwrap_or_default(),
        number: case.and_then(|case| case.number.clone()).unwrap_or_default(),
    }
}

/// Who did it. A citizen acts as the applicant, or in a role that follows from holding a record.
fn who(reader: &Reader<'_>, names: &Names, event: &Event) -> String {
    let role = event.outcome["role"].as_str().filter(|_| event.actor_kind == "citizen");
    match role.filter(|role| **role != *APPLICANT) {
        Some(_) => reader.get("event.holder"),
        None => by_program(reader, event, names.actor(reader, &event.actor_kind, &event.actor)),
    }
}

/// Whom it concerns, from where it came, and why: as far as that is no answer of anybody.
fn about(reader: &Reader<'_>, names: &Names, event: &Event) -> String {
    let person = fact(event, "person");
    let person = match names.person(person) {
        Some(known) if known.kind == "employee" => names.officer(person),
        Some(_) => names.applicant(person, true),
        None => String::new(),
    };
    let user = match fact(event, "user") {
        UNKNOWN => reader.get("event.unknown_user"),
        user => user.to_owned(),
    };
    let rest = ["name", "reason", "list", "route", "from"].map(|name| fact(event, name));
    let purpose = looks::purpose(reader.words, event);
    let said =
        [person.as_str(), purpose.as_str(), user.as_str()].into_iter().chain(rest).filter(|text| !text.is_empty());
    said.collect::<Vec<_>>().join(" · ")
}
