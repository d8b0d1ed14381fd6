//! What is told about a case in messages and on papers: gathered once, for both.

use std::collections::BTreeMap;

use engine::base::Text;
use engine::billing::{Demand, Receipt};
use engine::case::Case;
use engine::registry::Record;
use engine::service::Service;
use engine::template::{Look, Story};
use engine::tenant::Tenant;

use crate::app::App;
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::{cases, events, known, people, records};
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
        // What is told about an event is what was so then, however late it is told.
        known::put_back(&mut case, &history, event)?;
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

/// Addresses that are told.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// Of the case.
    pub case: &'a str,
    /// At which the paper can be verified.
    pub verify: &'a str,
    /// At which anybody may pay what is owed on the record, if anybody may.
    pub pay: Option<&'a str>,
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

    /// The record, if anybody may pay what is owed on it.
    pub fn payable(&self) -> Option<&Record> {
        self.record.as_ref().filter(|_| self.service.is_paid_by_anybody())
    }

    /// The address at which anybody may pay what is owed on the record, if anybody may.
    pub fn pay_link(&self, app: &App) -> Option<String> {
        self.payable().map(|record| app.link(&format!("/{}{}", self.tenant.id, crate::bills::path(record))))
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
            pay_link: links.pay,
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
