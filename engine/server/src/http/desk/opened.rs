//! A case as the desk opens it: who looks, in which roles, and what happened so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors::control::holds;
use engine::base::{Money, Text};
use engine::case::{Actor, Case, Context, Pending, choices};
use engine::registry::Record;
use engine::reserve::Slots;
use engine::service::{ChildService, Service};

use super::names::Names;
use super::reader::Reader;
use super::{scope, view_answers};
use crate::act;
use crate::around::known_as;
use crate::finding;
use crate::http::ask::Ask;
use crate::http::looks::{self, Purpose};
use crate::problem::Problem;
use crate::store::events::{self, Event};
use crate::store::tills::{self, Till};

/// How long personal answers stay open after somebody said why they are needed, in milliseconds.
const UNMASKED_MS: i64 = 15 * 60_000;

/// A case with what its pages need.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The definition it began with.
    pub(crate) service: Arc<Service>,
    /// The record it is about or has made.
    pub(crate) record: Option<Record>,
    /// What is owed on it in other cases, if the service asks.
    pub(crate) dues: Money,
    /// The records that answers name.
    pub(crate) named: Vec<Record>,
    /// What is under way on each of those in other cases, if the service asks.
    pub(crate) pending: Vec<Pending>,
    /// What is taken in the calendars that the case asks about.
    pub(crate) slots: Slots,
    /// The till that whoever looks has open.
    pub(crate) till: Option<Till>,
    /// The code of the place it concerns; empty for none.
    pub(crate) place: String,
    /// The codes of the department whose work it is, and of those above it; none if it is anybody's.
    pub(crate) departments: Vec<String>,
    /// Who looks.
    pub(crate) actor: Actor,
    /// The citizen who that is.
    pub(crate) citizen: Option<String>,
    /// What happened, in order.
    pub(crate) history: Vec<Event>,
    /// The people it speaks of.
    pub(crate) names: Names,
    /// The files that were answered with, and the questions.
    pub(crate) asked: Vec<(String, String)>,
    /// The services of which it can open cases, by the names of their folders, and what they are called.
    pub(crate) opens: BTreeMap<String, Text>,
    /// Whether personal answers are masked.
    pub(crate) masked: bool,
    /// Whether the reader is not to know whose case it is: then nothing opens what is masked.
    pub(crate) hidden: bool,
    /// Whether papers, files and messages, which nothing masks, are kept from the reader: where the applicant is
    /// not to be known, and where answers are masked until the reader says why they are needed.
    pub(crate) sealed: bool,
    /// Why the reader may read what is personal, if that may be.
    pub(crate) purpose: Option<Purpose>,
}

impl Opened {
    /// Opens the case in the address, and writes down who reads what is personal in it. For whoever may not see it
    /// there is no such case.
    pub(crate) async fn load(ask: &Ask) -> Result<Self, Problem> {
        let opened = Self::of(ask, ask.case()).await?;
        if !opened.masked {
            opened.note(ask, ask.case()).await?;
        }
        Ok(opened)
    }

    /// Writes down that the reader is shown what is personal, where there is anything.
    pub(crate) async fn note(&self, ask: &Ask, case: &Case) -> Result<(), Problem> {
        match self.purpose.filter(|_| self.tells_of_somebody(case)) {
            Some(purpose) => looks::note(ask, (&case.id, &self.history), &self.actor, purpose).await,
            None => Ok(()),
        }
    }

    /// Whether it is known whose the case is, or something personal was answered.
    fn tells_of_somebody(&self, case: &Case) -> bool {
        let applicant = self.names.person(&case.applicant);
        let mut fields = self.service.form.all_pages().flat_map(|page| &page.fields);
        applicant.is_some_and(|person| !person.name.is_empty() || person.mobile.is_some())
            || fields.any(|field| field.is_personal() && case.answers.get(&field.name).is_some())
    }

    /// Opens a case.
    pub(crate) async fn of(ask: &Ask, case: &Case) -> Result<Self, Problem> {
        let (tenant, employee) = (ask.tenant(), ask.employee()?);
        let service = ask.app.service_of(tenant, &case.definition).await?;
        let place = finding::place(&service.form, &case.answers);
        let actor = scope::actor(tenant, employee, &case.service, place);
        if !scope::may_see(case, employee, &actor) {
            return Err(Problem::NotFound);
        }
        let mut opened = Self::gather(ask, case, service, actor).await?;
        opened.purpose = opened.purpose_of(&Reader::of(ask), case);
        opened.masked = opened.hidden || (opened.purpose.is_none() && holds("priv_02_masked"));
        opened.sealed = opened.hidden || (opened.masked && (employee.audits() || holds("priv_02_sealed")));
        if opened.masked {
            let form = &opened.service.form;
            opened.asked = view_answers::asked_files(&Reader::of(ask), form, &case.answers, true);
        }
        Ok(opened)
    }

    /// Opens a draft that is being written at the counter, for those who may write there.
    pub(crate) async fn draft(ask: &Ask) -> Result<Self, Problem> {
        let case = ask.case();
        let service = ask.service_of_case().await?;
        let actor = scope::clerk(ask.employee()?, &case.service);
        let at_counter = case.number.is_none() && case.assignee.is_some() && actor.person != case.applicant;
        if !at_counter || !service.assists(&actor.roles) {
            return Err(Problem::NotFound);
        }
        let mut opened = Self::gather(ask, case, service, actor).await?;
        if opened.is_own(case) {
            return Err(Problem::NotFound);
        }
        (opened.masked, opened.hidden, opened.sealed) = (false, false, false);
        Ok(opened)
    }

    async fn gather(ask: &Ask, case: &Case, service: Arc<Service>, actor: Actor) -> Result<Self, Problem> {
        let tenant = ask.tenant();
        let place = finding::place(&service.form, &case.answers).to_owned();
        let departments = service.departments_of(&case.answers);
        let hidden = service.hides_applicant(&case.answers, &actor.roles, ask.now().day());
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let around = act::Around::load(&ask.app, tenant, &mut tx, (&service, case), None).await?;
        let act::Around { record, dues, named, pending, slots, .. } = around;
        let citizen = known_as(&mut tx, tenant, &actor).await?;
        let till = tills::open_of(&mut tx, &actor.person).await?;
        let history = events::history(&mut tx, &case.id).await?;
        drop(tx);
        let mut people: Vec<String> = history.iter().map(|event| event.actor.clone()).collect();
        people.push(case.applicant.clone());
        people.extend(case.assignee.clone());
        people.extend(history.iter().filter(|event| word(event) == "assign").map(|event| comment(event).to_owned()));
        let names = Names::load(&ask.app, tenant, people).await?;
        let asked = view_answers::asked_files(&Reader::of(ask), &service.form, &case.answers, false);
        let called = |child: &ChildService| {
            let opened = ask.library.catalogue.service(&tenant.id, &child.service.value)?;
            Some((opened.id.clone(), opened.title.clone()))
        };
        let opens = service.children.iter().filter_map(called).collect();
        Ok(Self {
            service,
            record,
            dues,
            named,
            pending,
            slots,
            till,
            place,
            departments,
            actor,
            citizen,
            history,
            names,
            asked,
            opens,
            masked: true,
            hidden,
            sealed: true,
            purpose: None,
        })
    }

    /// Whether the reader has to say why before papers, files and messages are shown.
    pub(crate) fn asks_why(&self) -> bool {
        self.sealed && !self.hidden
    }

    /// Whether a file answers a sensitive question, and is kept from the reader until the reader says why.
    pub(crate) fn withholds(&self, reader: &Reader<'_>, case: &Case, file: &str) -> bool {
        let is_among = |all: &[(String, String)]| all.iter().any(|(id, _)| id == file);
        let all = view_answers::asked_files(reader, &self.service.form, &case.answers, false);
        !is_among(&self.asked) && is_among(&all)
    }

    /// Whether whoever looks applied: nobody decides on an own application.
    pub(crate) fn is_own(&self, case: &Case) -> bool {
        self.citizen.as_deref() == Some(case.applicant.as_str())
    }

    /// What decisions about the case are told; numbers are drawn from a copy of nothing.
    pub(crate) fn context<'a>(&'a self, reader: &Reader<'a>) -> Context<'a> {
        let till = self.till.as_ref().map(|till| (till.number.as_str(), till.on));
        Context::new(reader.now, reader.tenant)
            .about(self.record.as_ref(), self.dues)
            .naming(&self.named, &self.pending)
            .beside(&self.slots)
            .known_as(self.citizen.as_deref())
            .into_till(till)
    }

    /// What the department is called whose work it is.
    pub(crate) fn department(&self, reader: &Reader<'_>) -> Option<&str> {
        let entry = self.service.department_list()?.get(self.departments.first()?)?;
        Some(reader.text(&entry.label))
    }

    /// Whoever has something to do with the case now sees whom it concerns; everybody else says why first.
    fn purpose_of(&self, reader: &Reader<'_>, case: &Case) -> Option<Purpose> {
        if case.assignee.as_deref() == Some(&self.actor.person) {
            return Some(Purpose::HasIt);
        }
        let open = choices(&self.service, case, &self.actor, self.context(reader));
        if open.iter().any(|choice| choice.refused.is_none()) {
            return Some(Purpose::CanAct);
        }
        let said_why = |event: &Event| {
            word(event) == "unmask" && event.actor == self.actor.person && reader.now.ms - event.at_ms < UNMASKED_MS
        };
        self.history.iter().any(said_why).then_some(Purpose::SaidWhy)
    }

    /// The applicant, as far as the reader may see.
    pub(crate) fn applicant(&self, reader: &Reader<'_>, case: &Case) -> String {
        if self.hidden {
            return reader.get("unmask.withheld");
        }
        self.names.applicant(&case.applicant, self.masked)
    }
}

/// The word that names an event.
pub(crate) fn word(event: &Event) -> &str {
    event.command["word"].as_str().unwrap_or_default()
}

/// What was said with an event.
pub(crate) fn comment(event: &Event) -> &str {
    event.outcome["comment"].as_str().unwrap_or_default()
}
