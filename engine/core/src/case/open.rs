//! Opening a case.

use super::known::{Known, Others};
use super::outcome::ChildOrder;
use super::refusal::Refusal;
use super::{Case, Context};
use crate::base::{Answers, Moment};
use crate::form::Kind;
use crate::registry::Record;
use crate::service::{OnRecord, Service};

/// An empty case in the start state, opened by `applicant`; on a record, where the service asks
/// for one. `id` is the shell's: unguessable.
pub fn open(
    service: &Service,
    id: &str,
    applicant: &str,
    language: &str,
    context: &Context<'_>,
) -> Result<Case, Refusal> {
    let mut answers = Answers::default();
    let mut about = None;
    if let Some(on_record) = &service.on_record {
        let record =
            context.record.filter(|record| record.registry == on_record.registry).ok_or(Refusal::RecordNotFit)?;
        fits(service, on_record, record, applicant, context)?;
        about = Some((record.registry.clone(), record.number.clone()));
        if on_record.prefill.unwrap_or(record.holder == applicant) {
            answers = known_answers(service, record);
        }
    }
    let mut case = Case { answers, record: about, ..empty(service, id, applicant, language, context.now) };
    case.wake_ms = super::wake(service, &case, context.record, context.now, context.tenant);
    Ok(case)
}

/// What a record knows of what the applicant is asked, without what was declared: whoever declares something does so
/// each time, having read it.
pub(super) fn known_answers(service: &Service, record: &Record) -> Answers {
    let known = record.answers.0.iter().filter(|(name, _)| asked(service, name));
    let mut answers = Answers(known.map(|(name, value)| (name.clone(), value.clone())).collect());
    undeclare(service, &mut answers);
    answers
}

/// Takes out what was declared.
pub(super) fn undeclare(service: &Service, answers: &mut Answers) {
    for field in service.form.pages_by(None).flat_map(|page| &page.fields) {
        if matches!(field.kind, Kind::Declaration) {
            answers.0.remove(field.name.as_str());
        }
    }
}

/// Whether the applicant is asked this.
fn asked(service: &Service, name: &str) -> bool {
    service.form.pages_by(None).flat_map(|page| &page.fields).any(|field| field.name == *name)
}

/// A case in the start state, of which nothing is known yet.
pub(super) fn empty(service: &Service, id: &str, applicant: &str, language: &str, now: Moment) -> Case {
    Case {
        id: id.to_owned(),
        number: None,
        service: service.id.clone(),
        definition: service.digest.clone(),
        state: service.workflow.start.value.clone(),
        version: 0,
        applicant: applicant.to_owned(),
        language: language.to_owned(),
        opened_ms: now.ms,
        submitted_ms: None,
        entered_ms: now.ms,
        clock_ms: None,
        due_ms: None,
        promised_ms: None,
        wake_ms: None,
        assignee: None,
        answers: Answers::default(),
        record: None,
        demands: Vec::new(),
        receipts: Vec::new(),
        acted: Vec::new(),
        fired: Vec::new(),
        flags: Vec::new(),
        waiting: Vec::new(),
        parent: None,
        children: Vec::new(),
        reserved: Vec::new(),
        programs: Vec::new(),
        offered: None,
    }
}

/// A case that another one opens: for the same applicant, with the answers that it was given.
pub fn open_child(service: &Service, order: &ChildOrder, parent: &Case, context: &Context<'_>) -> Case {
    let empty = empty(service, &order.case, &parent.applicant, &parent.language, context.now);
    let mut case = Case { answers: order.answers.clone(), parent: Some(parent.id.clone()), ..empty };
    case.wake_ms = super::wake(service, &case, None, context.now, context.tenant);
    case
}

/// Whether a case may be opened on this record by this applicant.
pub(super) fn fits(
    service: &Service,
    on_record: &OnRecord,
    record: &Record,
    applicant: &str,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if on_record.holder_only && record.holder != applicant {
        return Err(Refusal::NotYourCase);
    }
    if record.has_ended() {
        return Err(Refusal::RecordNotFit);
    }
    let Some(when) = &on_record.when else { return Ok(()) };
    let nothing = Answers::default();
    let (dues, named) = (context.dues, Others::default());
    let known = Known { service, answers: &nothing, record: Some(record), dues, named, reserved: None, children: &[] };
    match known.holds(when, context.now.day()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(on_record.otherwise.clone().map_or(Refusal::RecordNotFit, Refusal::NotOnThisRecord)),
        Err(failed) => Err(Refusal::FeeNotComputed(failed)),
    }
}
