//! What happened to a case: in words for those who work on it, and as the chain of events.

use engine::base::{Money, Name};
use engine::service::Service;
use engine::workflow::Action;
use serde_json::Value as Json;
use ui_gen::view::common::Happening;
use ui_gen::view::desk::AuditLine;

use super::opened::{Opened, comment, word};
use super::reader::Reader;
use super::view_documents;
use crate::http::citizen::{sent_back, tell};
use crate::http::{copies, looks, taken_back};
use crate::store::events::Event;

/// What happened, the latest first.
pub(crate) fn happenings(reader: &Reader<'_>, opened: &Opened) -> Vec<Happening> {
    let mut all: Vec<Happening> = opened.history.iter().filter_map(|event| happening(reader, opened, event)).collect();
    all.reverse();
    all
}

fn happening(reader: &Reader<'_>, opened: &Opened, event: &Event) -> Option<Happening> {
    // It stands beside the paper, and would hide what was done among who looked.
    if word(event) == copies::WORD {
        return None;
    }
    let title = title(reader, opened, event)?;
    let internal = match word(event) {
        "note" => event.outcome["public"] != true,
        "assign"
        | "correct"
        | "failed"
        | "unmask"
        | "print"
        | "examine"
        | "ask_cancellation"
        | "decide_cancellation"
        | "mismatch"
        | "ask_mismatch"
        | "decide_mismatch" => true,
        _ => false,
    };
    Some(Happening {
        title,
        when: reader.moment(event.at_ms),
        iso: reader.iso(event.at_ms),
        who: who(reader, opened, event),
        text: text(reader, opened, event),
        internal,
        papers: Vec::new(),
    })
}

/// What happened, in a few words; nothing for what only the chain of events keeps.
pub(crate) fn title(reader: &Reader<'_>, opened: &Opened, event: &Event) -> Option<String> {
    if let Some(action) = action(&opened.service, event) {
        return Some(reader.text(action.done.as_ref().unwrap_or(&action.label)).to_owned());
    }
    let fact = |name: &str| event.command["facts"][name].as_str().unwrap_or_default().to_owned();
    Some(match word(event) {
        "open" => reader.get("event.open"),
        "receive" => {
            let paise = event.command["payment"]["amount"].as_i64().and_then(Money::from_paise).unwrap_or_default();
            reader.say("event.received", &[("amount", &reader.money(paise))])
        }
        "correct" => {
            let page = opened.service.form.page(event.command["page"].as_str().unwrap_or_default());
            let title = page.map(|page| reader.text(&page.title)).unwrap_or_default();
            reader.say("event.correct", &[("page", title)])
        }
        "examine" => view_documents::judged(reader, opened, event),
        "note" if event.outcome["public"] == true => reader.get("event.message"),
        "note" => reader.get("event.remark"),
        "assign" => match comment(event) {
            "" => reader.get("event.released"),
            id => reader.say("event.assigned", &[("who", &opened.names.officer(id))]),
        },
        "cancel_receipt" if event.outcome["receipt"]["cancelled"] == false => reader.get("event.part_returned"),
        "cancel_receipt" => reader.get("event.cancel_receipt"),
        "child" => match event.command["record"].as_str() {
            Some(number) => reader.say("event.child_granted", &[("number", number)]),
            None if event.command["end"] == "granted" => reader.get("event.child_given"),
            None => reader.get("event.child_ended"),
        },
        "void" => reader.get("event.void"),
        "offer" if event.command["to"].is_null() => reader.get("event.offered_back"),
        "offer" => reader.get("event.offered"),
        "take_up" if event.command["mine"] == true => reader.get("event.taken_up"),
        "take_up" => reader.get("event.not_mine"),
        "answered" | "failed" => {
            let page = opened.service.form.page(event.command["page"].as_str().unwrap_or_default());
            let title = page.map(|page| reader.text(&page.title)).unwrap_or_default();
            let by = |name: &str| event.command["by"][name].as_str().unwrap_or_default();
            let program = format!("{} {}", by("program"), by("version"));
            if word(event) == "answered" {
                reader.say("event.answered", &[("page", title), ("program", &program)])
            } else {
                reader.say("event.program_failed", &[("page", title)])
            }
        }
        "issue" => reader.say("event.issue", &[("paper", &document(reader, opened, event))]),
        copies::WORD => reader.say("event.fetch", &[("paper", &document(reader, opened, event))]),
        "unmask" => reader.get("event.unmask"),
        "erase" => reader.get("event.erase"),
        "erase_files" => reader.get("event.erase_files"),
        "print" => reader.say("event.print", &[("receipt", &fact("receipt"))]),
        "ask_cancellation" => reader.say("event.ask_cancellation", &[("receipt", &fact("receipt"))]),
        "decide_cancellation" if fact("state") == "refused" => {
            reader.say("event.cancellation_refused", &[("receipt", &fact("receipt"))])
        }
        "mismatch" => reader.get("did.mismatch"),
        "ask_mismatch" if fact("decision") == "return" => reader.get("event.ask_return"),
        "ask_mismatch" => reader.get("event.ask_accept"),
        "decide_mismatch" if fact("state") == "refused" => reader.get("event.mismatch_refused"),
        "decide_mismatch" => reader.get("event.mismatch_agreed"),
        _ => return None,
    })
}

/// What the document is called whose paper was issued or fetched.
fn document(reader: &Reader<'_>, opened: &Opened, event: &Event) -> String {
    let document = event.command["facts"]["document"].as_str().unwrap_or_default();
    let found = opened.service.document(document);
    found.map_or_else(|| document.replace('_', " "), |found| reader.text(&found.title).to_owned())
}

/// The action that an event took.
pub(crate) fn action<'a>(service: &'a Service, event: &Event) -> Option<&'a Action> {
    let (action, from) = event.outcome["action"].as_str().zip(event.outcome["from"].as_str())?;
    service.workflow.state(from)?.action(action)
}

fn who(reader: &Reader<'_>, opened: &Opened, event: &Event) -> String {
    // Whoever said that it is none of theirs has not applied.
    if word(event) == "take_up" && event.command["mine"] != true {
        return String::new();
    }
    let name = opened.names.actor(reader, &event.actor_kind, &event.actor);
    let role = event.outcome["role"].as_str().and_then(|role| opened.service.role(role));
    match role {
        Some(role) if matches!(event.actor_kind.as_str(), "employee" | "counter") => {
            format!("{name}, {}", reader.text(&role.label))
        }
        // Not the applicant, but whoever holds a record that the case names.
        Some(role) if event.actor_kind == "citizen" => reader.text(&role.label).to_owned(),
        _ => name,
    }
}

/// What of money came by each mode, where it came by more than one.
fn parts(reader: &Reader<'_>, event: &Event) -> Vec<String> {
    let parts = event.command["payment"]["parts"].as_array().into_iter().flatten();
    let line = |part: &Json| {
        let amount = part["amount"].as_i64().and_then(Money::from_paise).unwrap_or_default();
        format!("{}: {}", reader.mode(part["mode"].as_str().unwrap_or_default()), reader.money(amount))
    };
    parts.map(line).collect()
}

fn text(reader: &Reader<'_>, opened: &Opened, event: &Event) -> String {
    match word(event) {
        "assign" => String::new(),
        "unmask" | "ask_mismatch" | "decide_mismatch" => {
            event.command["facts"]["reason"].as_str().unwrap_or_default().to_owned()
        }
        "ask_cancellation" => {
            taken_back::shown(reader.words, event.command["facts"]["reason"].as_str().unwrap_or_default())
        }
        _ => {
            let mut lines = tell::answered_with(reader.words, reader.tenant, &opened.service, event);
            lines.extend(parts(reader, event));
            lines.push(taken_back::comment(reader.words, event));
            lines.extend(sent_back::said(&opened.service, event, reader.words.lang()));
            lines.join("\n").trim().to_owned()
        }
    }
}

/// The chain of events, the latest first.
pub(crate) fn audit(reader: &Reader<'_>, opened: &Opened) -> Vec<AuditLine> {
    let state = |name: Option<&str>| {
        let found = name.and_then(|name| opened.service.workflow.state(name));
        found.map(|state| reader.text(&state.label).to_owned()).unwrap_or_default()
    };
    let line = |event: &Event| {
        let (from, to) = (state(event.outcome["from"].as_str()), state(event.outcome["to"].as_str()));
        AuditLine {
            seq: event.seq.to_string(),
            when: seconds(reader, event.at_ms),
            who: who(reader, opened, event),
            what: what(reader, opened, event),
            moved: if from == to || from.is_empty() { to } else { format!("{from} → {to}") },
            hash: event.hash.chars().take(8).collect(),
        }
    };
    opened.history.iter().rev().map(line).collect()
}

/// What was done, with the questions whose answers it changed, and to what purpose somebody looked.
fn what(reader: &Reader<'_>, opened: &Opened, event: &Event) -> String {
    let word = word(event);
    let known = || reader.words.find(&format!("did.{word}")).map(str::to_owned);
    let what = title(reader, opened, event).or_else(known).unwrap_or_else(|| word.replace('_', " "));
    let mut more = changed(reader, opened, std::iter::once(event));
    more.extend(Some(looks::purpose(reader.words, event)).filter(|purpose| !purpose.is_empty()));
    if more.is_empty() { what } else { format!("{what}: {}", more.join(", ")) }
}

/// An instant to the second, on a clock of twenty-four hours, as auditors write it.
pub(super) fn seconds(reader: &Reader<'_>, ms: i64) -> String {
    let at = reader.now.with_ms(ms);
    let second = ms.div_euclid(1_000).rem_euclid(60);
    format!("{}, {:02}:{:02}:{second:02}", reader.day(at.day()), at.minute() / 60, at.minute() % 60)
}

/// What happened since a version of the case was looked at: who did what, and when.
pub(crate) fn since(reader: &Reader<'_>, opened: &Opened, version: i64) -> Vec<String> {
    let later = opened.history.iter().filter(|event| event.version.is_some_and(|made| made > version));
    later
        .filter_map(|event| {
            let (what, who) = (title(reader, opened, event)?, who(reader, opened, event));
            Some(reader.say("desk.meanwhile", &[("who", &who), ("what", &what), ("when", &reader.moment(event.at_ms))]))
        })
        .collect()
}

/// The names of questions whose answers changed since a version, by their labels.
pub(crate) fn changed_since(reader: &Reader<'_>, opened: &Opened, version: i64) -> Vec<String> {
    let later = opened.history.iter().filter(|event| event.version.is_some_and(|made| made > version));
    changed(reader, opened, later)
}

/// The questions whose answers these events changed, each once.
fn changed<'a>(reader: &Reader<'_>, opened: &Opened, events: impl Iterator<Item = &'a Event>) -> Vec<String> {
    let changes = events.filter_map(|event| event.outcome["changed"].as_array()).flatten();
    let mut labels: Vec<String> = Vec::new();
    for path in changes.filter_map(|change| change[0].as_str()) {
        let question = path.split('.').next().unwrap_or(path);
        let label = opened
            .service
            .form
            .field(&Name::new(question))
            .map_or_else(|| path.to_owned(), |field| reader.text(&field.label).to_owned());
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}
