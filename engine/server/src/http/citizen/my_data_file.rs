//! What is kept about a person as a document for programs: the rows as they stand, town by town.
//!
//! Left out is what officers wrote for each other: notes that are not for the applicant, answers to pages that a
//! definition keeps from him, and why a case is held for a court. That something was left out is said where it stood.
//! Left out is also to whom he offered what he wrote for another: of that person he knows the number and nothing else,
//! and a key tells when somebody was first heard of.

use std::collections::{BTreeMap, BTreeSet};

use engine::notice::OFFER_MESSAGE;
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::{Map, Value as Json, json};

use crate::http::ask::Ask;
use crate::http::when;
use crate::problem::Problem;
use crate::store::{devices, own, sessions};

/// What stands in the place of what is left out.
const WITHHELD: &str = "withheld";

/// Everything that is kept about the reader.
pub(super) async fn told(ask: &Ask) -> Result<Json, Problem> {
    let citizen = ask.citizen()?;
    let mut towns = Map::new();
    for tenant in ask.library.catalogue.tenants.values().filter(|tenant| tenant.state == citizen.state) {
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let mut rows = own::rows(&mut tx, &citizen.id).await?;
        drop(tx);
        withhold(ask, tenant, &mut rows).await?;
        if !rows.is_empty() {
            towns.insert(tenant.id.clone(), by_table(rows));
        }
    }
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.read(&citizen.state).await?;
    let mut own = by_table(own::rows(&mut tx, &citizen.id).await?);
    let session = |one: sessions::Session| json!({ "created_ms": one.created_ms, "seen_ms": one.seen_ms, "expires_ms": one.expires_ms, "data": one.data });
    let device =
        |one: devices::Device| json!({ "agent": one.agent, "trusted_ms": one.trusted_ms, "seen_ms": one.seen_ms });
    own["sessions"] = sessions::by_person(&mut tx, &citizen.id, now_ms).await?.into_iter().map(session).collect();
    own["devices"] = devices::of_person(&mut tx, &citizen.id, now_ms).await?.into_iter().map(device).collect();
    drop(tx);
    Ok(json!({
        "v": 1,
        "made": when::iso(ask.now()),
        "person": citizen.id,
        "state": { "id": citizen.state, "rows": own },
        "towns": towns,
    }))
}

fn by_table(rows: Vec<(&'static str, Vec<Json>)>) -> Json {
    rows.into_iter().map(|(table, rows)| (table.to_owned(), Json::Array(rows))).collect::<Map<_, _>>().into()
}

/// Takes out of the rows of a town what is not for the applicant.
async fn withhold(ask: &Ask, tenant: &Tenant, rows: &mut [(&'static str, Vec<Json>)]) -> Result<(), Problem> {
    let mut inner: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (case, definition) in began_with(rows) {
        let service = ask.app.service_of(tenant, &definition).await?;
        inner.insert(case, inner_answers(&service));
    }
    let (nothing, reader) = (BTreeSet::new(), ask.citizen()?.id.as_str());
    for (table, rows) in rows {
        if *table == "notices" {
            // In which language, and by which ways, would tell of the other person too.
            rows.retain(|row| row["notice"] != OFFER_MESSAGE);
        }
        for row in rows {
            let case = row[if *table == "cases" { "id" } else { "case_id" }].as_str();
            let hidden = case.and_then(|case| inner.get(case)).unwrap_or(&nothing);
            match *table {
                "cases" => {
                    take(row.pointer_mut("/body/answers"), hidden);
                    withhold_other(row.pointer_mut("/body/offered"), reader);
                }
                "events" => withhold_event(row, hidden, reader),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The cases among these rows, each with the definition it began with.
fn began_with(rows: &[(&'static str, Vec<Json>)]) -> Vec<(String, String)> {
    let cases = rows.iter().filter(|(table, _)| *table == "cases").flat_map(|(_, rows)| rows);
    let text = |row: &Json, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    cases.map(|row| (text(row, "id"), text(row, "definition"))).collect()
}

/// The questions that officers answer and the applicant does not read.
fn inner_answers(service: &Service) -> BTreeSet<String> {
    let pages = service.form.all_pages().filter(|page| !page.public && !page.is_applicants());
    pages.flat_map(|page| &page.fields).map(|field| field.name.to_string()).collect()
}

/// Puts a word in the place of each of these answers that is there.
fn take(answers: Option<&mut Json>, hidden: &BTreeSet<String>) {
    let Some(answers) = answers.and_then(Json::as_object_mut) else { return };
    for (_, answer) in answers.iter_mut().filter(|(name, _)| hidden.contains(name.as_str())) {
        *answer = WITHHELD.into();
    }
}

/// Puts a word in the place of what says who another person is than the reader.
fn withhold_other(person: Option<&mut Json>, reader: &str) {
    if let Some(person) = person.filter(|person| person.as_str().is_some_and(|key| key != reader)) {
        *person = WITHHELD.into();
    }
}

fn withhold_event(row: &mut Json, hidden: &BTreeSet<String>, reader: &str) {
    match row["command"]["word"].as_str() {
        Some("offer") => withhold_other(row.pointer_mut("/command/to"), reader),
        Some("take_up") if row["actor"] != reader => {
            withhold_other(row.get_mut("actor"), reader);
            withhold_other(row.pointer_mut("/command/language"), reader);
            // The key of a form names whoever sent it.
            withhold_other(row.get_mut("idempotency_key"), reader);
        }
        _ => {}
    }
    let inner = row["command"]["word"] == "note" && row["outcome"]["public"] != true;
    for said in ["/command/text", "/outcome/comment"] {
        if let Some(said) = row.pointer_mut(said).filter(|_| inner) {
            *said = WITHHELD.into();
        }
    }
    let held = row["command"]["word"] == "hold";
    if let Some(why) = row.pointer_mut("/command/facts/reason").filter(|_| held) {
        *why = WITHHELD.into();
    }
    take(row.pointer_mut("/command/answers"), hidden);
    let Some(changes) = row.pointer_mut("/outcome/changed").and_then(Json::as_array_mut) else { return };
    for change in changes {
        let question = change[0].as_str().and_then(|path| path.split('.').next()).unwrap_or_default();
        if hidden.contains(question) {
            change[1] = WITHHELD.into();
            change[2] = WITHHELD.into();
        }
    }
}
