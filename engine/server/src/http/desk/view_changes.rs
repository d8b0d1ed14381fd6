//! What was corrected after an application was handed in, question by question, and what that does
//! to the fee.

use std::collections::BTreeMap;

use engine::base::{Answers, Money, Name};
use engine::billing::RatesOn;
use engine::case::Case;
use engine::form::{self, Form};
use engine::{fees, registry};
use serde_json::{Map, Value as Json};
use ui_gen::view::desk::{Change, Changes};

use super::opened::Opened;
use super::reader::Reader;
use super::view_answers;
use crate::store::events::Event;

/// An answer that is not what was handed in.
struct Changed<'a> {
    before: &'a Json,
    after: &'a Json,
    /// The event that changed it last.
    last: &'a Event,
}

/// Everything that was changed since it was handed in, or since an officer first answered it; none if
/// all stands as it came.
pub(crate) fn changes(reader: &Reader<'_>, opened: &Opened, case: &Case) -> Option<Changes> {
    let changed = changed(opened);
    if changed.is_empty() {
        return None;
    }
    let (before, after) = (answers(&changed, |one| one.before), answers(&changed, |one| one.after));
    let form = &opened.service.form;
    let (old, new) = (lines(reader, opened, form, &before), lines(reader, opened, form, &after));
    let row = |(name, one): (&String, &Changed<'_>)| Change {
        key: form.field(name).map_or_else(|| name.clone(), |field| reader.text(&field.label).to_owned()),
        before: old.get(name).cloned().unwrap_or_default(),
        after: new.get(name).cloned().unwrap_or_default(),
        by: format!(
            "{}, {}",
            opened.names.actor(reader, &one.last.actor_kind, &one.last.actor),
            reader.moment(one.last.at_ms)
        ),
    };
    let mut earlier = case.answers.clone();
    for name in changed.keys() {
        earlier.0.remove(name);
    }
    earlier.0.extend(before.0);
    let fee = fee(reader, opened, case, &earlier).zip(fee(reader, opened, case, &case.answers));
    Some(Changes {
        title: reader.get("changes.title"),
        told_by: true,
        rows: changed.iter().map(row).collect(),
        fee: fee.map(|(old, new)| (reader.money(old), reader.money(new))),
    })
}

/// What the case says otherwise than the record that it is about, of the questions that it would write there;
/// nothing where it agrees with the record, or has come to its end.
pub(crate) fn against_record(reader: &Reader<'_>, opened: &Opened, case: &Case) -> Option<Changes> {
    let goes_on = opened.service.workflow.state(&case.state).is_some_and(|state| state.end.is_none());
    let record = opened.record.as_ref().filter(|record| goes_on && record.case != case.id)?;
    let form = &opened.service.form;
    let grants = opened.service.grants.iter().filter(|grant| grant.registry.value == record.registry);
    let written: Vec<&str> = grants
        .flat_map(|grant| grant.set.iter().flatten())
        .filter(|(set, question)| set.value == question.value && form.field(&question.value).is_some())
        .map(|(set, _)| set.value.as_str())
        .collect();
    // A question that was not answered yet says nothing.
    let differs = |name: &&str| case.answers.get(name).is_some_and(|now| record.answers.get(name) != Some(now));
    let differing: Vec<&str> = written.into_iter().filter(differs).collect();
    let (old, new) = (lines(reader, opened, form, &record.answers), lines(reader, opened, form, &case.answers));
    let row = |name: &&str| Change {
        key: form.field(name).map_or_else(|| (*name).to_owned(), |field| reader.text(&field.label).to_owned()),
        before: old.get(*name).cloned().unwrap_or_default(),
        after: new.get(*name).cloned().unwrap_or_default(),
        by: String::new(),
    };
    let rows: Vec<Change> = differing.iter().map(row).collect();
    let title = reader.say("changes.record", &[("number", &record.number)]);
    (!rows.is_empty()).then_some(Changes { title, told_by: false, rows, fee: None })
}

/// What an event would change, a sentence for each question: before and after.
pub(crate) fn told(reader: &Reader<'_>, opened: &Opened, event: &engine::case::Event) -> Vec<String> {
    let form = &opened.service.form;
    let side = |which: fn(&(String, Json, Json)) -> &Json| {
        let values = event.changed.iter().map(|change| (change.0.clone(), which(change).clone()));
        let known = values.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>();
        lines(reader, opened, form, &Answers::from_json(&Json::Object(known)))
    };
    let (before, after) = (side(|change| &change.1), side(|change| &change.2));
    let text = |side: &BTreeMap<String, Vec<String>>, name: &str| {
        side.get(name).filter(|lines| !lines.is_empty()).map_or_else(|| "–".to_owned(), |lines| lines.join(", "))
    };
    let told = event.changed.iter().map(|(name, ..)| {
        let label = form.field(name).map_or(name.as_str(), |field| reader.text(&field.label));
        let said = [("what", label), ("before", &text(&before, name)), ("after", &text(&after, name))];
        reader.say("lead.changed", &said)
    });
    told.collect()
}

/// The first answer and the last, by question, of what happened after the case had left its start.
fn changed(opened: &Opened) -> BTreeMap<String, Changed<'_>> {
    let start = opened.service.workflow.start.value.as_str();
    let left = |event: &&Event| event.outcome["from"] == start && event.outcome["to"] != start;
    let Some(at) = opened.history.iter().position(|event| left(&event)) else { return BTreeMap::new() };
    let page_of = |name: &str| {
        let mut pages = opened.service.form.all_pages();
        pages.find(|page| page.fields.iter().any(|field| field.name.as_str() == name))
    };
    // What an officer answers first corrects nothing.
    let corrects = |name: &str, before: &Json| page_of(name).is_some_and(|page| page.by.is_none() || !before.is_null());
    let mut found: BTreeMap<String, Changed<'_>> = BTreeMap::new();
    for event in &opened.history[at + 1..] {
        for change in event.outcome["changed"].as_array().into_iter().flatten() {
            let Some(name) = change[0].as_str().filter(|name| corrects(name, &change[1])) else { continue };
            let before = found.get(name).map_or(&change[1], |known| known.before);
            found.insert(name.to_owned(), Changed { before, after: &change[2], last: event });
        }
    }
    found.retain(|_, one| one.before != one.after);
    found
}

fn answers<'a>(changed: &BTreeMap<String, Changed<'a>>, which: impl Fn(&Changed<'a>) -> &'a Json) -> Answers {
    let values = changed.iter().map(|(name, one)| (name.clone(), which(one).clone()));
    Answers::from_json(&Json::Object(values.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>()))
}

/// Answers as they are read, by question.
fn lines(reader: &Reader<'_>, opened: &Opened, form: &Form, answers: &Answers) -> BTreeMap<String, Vec<String>> {
    let roles = std::iter::once(None).chain(view_answers::officers(form));
    let sections = roles.flat_map(|role| form::sections(form, role, answers, &reader.style(opened.masked)));
    let rows = sections.flat_map(|section| section.rows);
    rows.map(|row| (row.path.clone(), view_answers::lines(&row))).collect()
}

/// What the fee is with these answers, where it follows from what is known.
fn fee(reader: &Reader<'_>, opened: &Opened, case: &Case, answers: &Answers) -> Option<Money> {
    let service = &*opened.service;
    let (rule, billing) = (service.fees.as_ref()?, service.billing.as_ref()?);
    let today = reader.now.day();
    let day = match billing.rates_on {
        RatesOn::Application => case.submitted_ms.map_or(today, |ms| reader.now.with_ms(ms).day()),
        RatesOn::Demand => today,
    };
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let mut facts = service.facts(answers);
    if let Some(record) = &opened.record {
        facts.insert("record".into(), registry::facts(record, opened.dues).into());
    }
    let assessed = fees::assess(rule, &facts, today, day, &service.lists, &heads).ok()?;
    let charges = billing.charges(&assessed.heads, assessed.steps).ok()?;
    Some(charges.heads.iter().map(|(_, amount)| *amount).sum())
}
