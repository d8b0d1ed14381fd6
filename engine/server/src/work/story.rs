//! What is told about a case in messages and on papers: gathered once, for both.

use std::collections::BTreeMap;

use engine::base::{Answers, Name, Text};
use engine::billing::{Demand, Receipt};
use engine::case::Case;
use engine::registry::Record;
use engine::service::Service;
use engine::template::{Look, Story};
use engine::tenant::Tenant;
use serde_json::Value as Json;

use crate::app::App;
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::events::Event;
use crate::store::{self, cases, events, json, people, records};
use std::sync::Arc;

/// A case with everything that may be told about it.
#[derive(Debug)]
pub struct Gathered {
    /// The tenant.
    pub tenant: Arc<Tenant>,
    /// The definition the case began with.
    pub service: Arc<Service>,
    /// The case.
    pub case: Case,
    /// The record it is about or that it made.
    pub record: Option<Record>,
    /// The applicant's name; the number where it is not known.
    pub applicant: String,
    /// The applicant's mobile number.
    pub mobile: Option<String>,
    /// The applicant's mail address.
    pub email: Option<String>,
    /// Who has the case.
    pub assignee: Option<String>,
    /// What was said with the event it is about.
    pub comment: Option<String>,
    /// The receipt that the event is about.
    pub receipt: Option<Receipt>,
}

/// Gathers what may be told about the event `seq` of a case.
pub async fn gather(app: &App, library: &Loaded, tenant: &str, id: &str, seq: i64) -> Result<Gathered, Problem> {
    let tenant = Arc::clone(library.tenant(tenant).ok_or(Problem::NotFound)?);
    let mut tx = app.store.read(&tenant.id).await?;
    let mut case = cases::load(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    let mut record = crate::act::subject(&mut tx, &case).await?;
    let history = events::history(&mut tx, id).await?;
    let event = history.iter().find(|event| event.seq == seq);
    if let Some(event) = event {
        as_it_was(&mut case, &history, event)?;
        if let Some(now) = record {
            let versions = records::history(&mut tx, &now.registry, &now.number).await?;
            record = versions.into_iter().rev().find(|(_, at_ms)| *at_ms <= event.at_ms).map(|(record, _)| record);
        }
    }
    let assignee = match &case.assignee {
        Some(person) => people::find(&mut tx, person).await?.map(|person| person.name),
        None => None,
    };
    drop(tx);
    let mut tx = app.store.read(&tenant.state).await?;
    let person = people::find(&mut tx, &case.applicant).await?;
    let comment = event
        .and_then(|event| event.outcome["comment"].as_str())
        .filter(|comment| !comment.is_empty())
        .map(str::to_owned);
    let number = event.and_then(|event| event.outcome["receipt"]["number"].as_str().map(str::to_owned));
    let receipt = case
        .receipts
        .iter()
        .rev()
        .find(|receipt| number.as_ref().is_none_or(|number| receipt.number == *number))
        .cloned();
    let service = app.service_of(&tenant, &case.definition).await?;
    let (mobile, email) = person.as_ref().map_or((None, None), |person| (person.mobile.clone(), person.email.clone()));
    let name = person.map(|person| person.name).filter(|name| !name.is_empty());
    let applicant = name.or_else(|| mobile.as_deref().map(connectors::message::masked)).unwrap_or_default();
    Ok(Gathered { tenant, service, case, record, applicant, mobile, email, assignee, comment, receipt })
}

/// Puts a case back to where `event` brought it: what is told about an event is what was so then,
/// however late it is told.
fn as_it_was(case: &mut Case, history: &[Event], event: &Event) -> Result<(), store::Error> {
    let mut answers = case.answers.to_json();
    for change in history.iter().rev().filter(|later| later.seq > event.seq).flat_map(|later| changes(later, "changed"))
    {
        if let Some(name) = change[0].as_str() {
            answers[name] = change[1].clone();
        }
    }
    case.answers = Answers::from_json(&answers);
    let told = || history.iter().filter(|earlier| earlier.seq <= event.seq);
    let mut demands = BTreeMap::new();
    for demand in told().flat_map(|earlier| changes(earlier, "demands")) {
        let demand = json::read_demand(demand)?;
        demands.insert(demand.seq, demand);
    }
    case.demands = demands.into_values().collect();
    let mut receipts: Vec<Receipt> = Vec::new();
    for receipt in told().map(|earlier| &earlier.outcome["receipt"]).filter(|receipt| !receipt.is_null()) {
        let receipt = json::read_receipt(receipt)?;
        receipts.retain(|known| known.number != receipt.number);
        receipts.push(receipt);
    }
    case.receipts = receipts;
    if let Some(state) = event.outcome["to"].as_str() {
        case.state = Name::new(state);
    }
    let facts = &event.outcome["case"];
    if facts.is_object() {
        case.assignee = facts["assignee"].as_str().map(str::to_owned);
        case.due_ms = facts["due_ms"].as_i64();
        case.promised_ms = facts["promised_ms"].as_i64();
    }
    Ok(())
}

fn changes<'a>(event: &'a Event, what: &str) -> impl Iterator<Item = &'a Json> {
    event.outcome[what].as_array().into_iter().flatten()
}

/// Addresses that are told.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// Of the case.
    pub case: &'a str,
    /// At which the paper can be verified.
    pub verify: &'a str,
}

impl Gathered {
    /// The words that are asked for while telling, in a language.
    pub fn words(library: &Loaded, language: &str) -> BTreeMap<String, String> {
        let words = library.words(language);
        let mut map: BTreeMap<String, String> = words.keys().map(|key| (key.to_owned(), words.get(key))).collect();
        map.extend(ui_gen::from_engine::rows::yes_and_no(words));
        // What papers ask for stands under `paper.` among the product's words.
        let paper: Vec<(String, String)> =
            map.iter().filter_map(|(key, text)| Some((key.strip_prefix("paper.")?.to_owned(), text.clone()))).collect();
        map.extend(paper);
        map
    }

    /// What is told, to a reader.
    pub fn story<'a>(&'a self, app: &App, look: Look<'a>, links: Links<'a>) -> Story<'a> {
        let now = app.clock.now(&self.tenant);
        let day = |ms: Option<i64>| ms.map(|ms| now.with_ms(ms).day());
        let state =
            self.service.workflow.state(&self.case.state).expect("a case stands in a state of its own definition");
        let state: &Text = state.public.as_ref().unwrap_or(&state.label);
        let demand: Option<&Demand> = self.case.demands.last();
        Story {
            look,
            tenant: &self.tenant,
            service: &self.service.title,
            department: &self.service.department,
            form: &self.service.form,
            answers: &self.case.answers,
            billing: self.service.billing.as_ref(),
            number: self.case.number.as_deref().unwrap_or_default(),
            state,
            link: links.case,
            verify_link: links.verify,
            comment: self.comment.as_deref(),
            applicant: &self.applicant,
            assignee: self.assignee.as_deref(),
            demand,
            authority: demand.and_then(|demand| self.service.fees.as_ref()?.authority(&demand.authority)),
            receipt: self.receipt.as_ref(),
            record: self.record.as_ref(),
            statute: self.service.statute.as_ref().map(|statute| (&statute.law, &statute.officer)),
            promised_on: day(self.case.promised_ms),
            submitted_on: day(self.case.submitted_ms),
            today: now.day(),
        }
    }
}
