//! An action tried on a copy: everything is decided, nothing is recorded.

use std::sync::Arc;

use engine::case::{Actor, Assignee, Case, Command, Flag, Outcome, RecordChange, Refusal, decide};
use engine::form::{Field, FieldError, Problem as Wrong};
use engine::ledger::Voucher;
use engine::notice::OFFICE_MESSAGE;
use engine::service::Service;
use engine::workflow::{Action, Assign, Comment};
use serde_json::Value as Json;
use ui_gen::view::desk::Told;

use super::opened::Opened;
use super::reader::Reader;
use super::view_case;
use super::view_tabs::channel;
use crate::auth::token;
use crate::http::ask::Ask;
use crate::powers;
use crate::problem::Problem;
use crate::work::notices;
use crate::work::story::Gathered;

/// What is known of an action that is being thought about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// What is said about it.
    pub(crate) comment: String,
    /// Answers of the page it asks.
    pub(crate) answers: Json,
    /// Who has the case next.
    pub(crate) assignee: Option<Assignee>,
    /// What the applicant is asked to correct.
    pub(crate) flags: Vec<Flag>,
}

impl Given {
    /// The command.
    pub(crate) fn command(&self, action: &Action, seen: Option<i64>) -> Command {
        Command::Act {
            action: action.name.clone(),
            comment: self.comment.clone(),
            answers: self.answers.clone(),
            assignee: self.assignee.clone(),
            seen,
            flags: self.flags.clone(),
        }
    }

    /// A mark of the answers: what is confirmed must be what was shown.
    pub(crate) fn mark(&self) -> String {
        token::stored(&self.answers.to_string()).chars().take(16).collect()
    }
}

/// Whether what an action leads to depends on what is answered with it, in money or in a record.
pub(crate) fn is_weighty(action: &Action) -> bool {
    action.asks.is_some() && (action.demand.is_some() || action.grant.is_some())
}

/// An action that was tried.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    /// What it leads to; none while that cannot be told.
    pub(crate) outcome: Option<Outcome>,
    /// What is wrong with the answers, or not answered yet.
    pub(crate) wrong: Vec<FieldError>,
}

/// What an action leads to. What is not yet written stands as a dash, and if the answers that it asks
/// are not there, what does not depend on them.
pub(crate) fn tried(
    reader: &Reader<'_>,
    opened: &Opened,
    case: &Case,
    action: &Action,
    given: &Given,
    first: Option<Assignee>,
) -> Result<Tried, Refusal> {
    let mut given = given.clone();
    if given.comment.trim().is_empty() && action.comment == Comment::Required {
        given.comment = reader.get("lead.your_words");
    }
    if given.assignee.is_none() && action.assign == Assign::Required {
        given.assignee = first;
    }
    let command = given.command(action, None);
    match decide(&opened.service, case, &opened.actor, &command, opened.context(reader)) {
        Ok(outcome) => Ok(Tried { outcome: Some(outcome), wrong: Vec::new() }),
        Err(Refusal::Answers(wrong)) => {
            let service = if is_weighty(action) {
                without_questions(&opened.service, action, &wrong)
            } else {
                Some(without_page(&opened.service, case, action))
            };
            let decided = service
                .and_then(|service| decide(&service, case, &opened.actor, &command, opened.context(reader)).ok());
            Ok(Tried { outcome: decided, wrong })
        }
        Err(
            Refusal::CommentTooLong(_)
            | Refusal::IdentityNumber(_)
            | Refusal::AssigneeMissing
            | Refusal::AssigneeCannotAct,
        ) => Ok(Tried::default()),
        Err(other) => Err(other),
    }
}

/// The same as if the action asked no page.
fn without_page(service: &Service, case: &Case, action: &Action) -> Service {
    let mut service = service.clone();
    for state in Arc::make_mut(&mut service.workflow).states.iter_mut().filter(|state| state.name == case.state) {
        for asked in state.actions.iter_mut().filter(|asked| asked.name == action.name) {
            asked.asks = None;
        }
    }
    service
}

/// The same as if what is not answered yet need not be, where answers have only just opened all of that;
/// nothing if something else is wrong.
fn without_questions(service: &Service, action: &Action, wrong: &[FieldError]) -> Option<Service> {
    let asked = action.asks.as_ref()?;
    let mut service = service.clone();
    let page = service.form.pages.iter_mut().find(|page| page.name == asked.value)?;
    for error in wrong {
        let opened = |field: &&mut Field| *field.name == *error.path && field.when.is_some();
        let field = Arc::make_mut(page).fields.iter_mut().find(opened);
        field.filter(|_| error.problem == Wrong::Missing)?.optional = true;
    }
    Some(service)
}

/// A mark of what an action leads to in money, in the register, on paper and in other services: what is confirmed
/// must be what was shown.
pub(crate) fn mark(outcome: &Outcome) -> String {
    let demands: Vec<_> = outcome.event.demands.iter().map(|demand| (&demand.lines, demand.status)).collect();
    let posted: Vec<_> = outcome.vouchers.iter().map(Voucher::lines).collect();
    let told: Vec<_> = outcome.notices.iter().map(|order| &order.notice).collect();
    let records: Vec<_> = outcome
        .records
        .iter()
        .map(|RecordChange { grant, record }| {
            (grant, &record.answers, &record.holder, record.valid_from, record.valid_until)
        })
        .collect();
    let opens: Vec<_> = outcome.opens.iter().map(|order| &order.service).collect();
    let leads = format!("{:?}", (&outcome.case.state, demands, posted, records, &outcome.papers, told, opens));
    token::stored(&leads).chars().take(16).collect()
}

/// What refuses what was tried because it goes beyond the posts of whoever would do it, in words.
pub(crate) async fn beyond(
    ask: &Ask,
    actor: &Actor,
    (service, command): (&Service, &Command),
    (case, outcome): (&Case, &Outcome),
) -> Result<Option<String>, Problem> {
    let reader = Reader::of(ask);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let tried = (case, outcome, reader.now.day());
    let refusal = powers::beyond(&mut tx, ask.tenant(), actor, (service, command), tried).await?;
    Ok(refusal.map(|refusal| view_case::refusal(&reader, &refusal)))
}

/// Who will be told what: composed by what will send it.
pub(crate) async fn told(
    ask: &Ask,
    opened: &Opened,
    outcome: &Outcome,
    assignee: Option<&str>,
) -> Result<Vec<Told>, Problem> {
    let (reader, case) = (Reader::of(ask), &outcome.case);
    let gathered = gathered(ask, opened, outcome, assignee);
    let mut all = Vec::new();
    for order in &outcome.notices {
        let own = (*order.notice == *OFFICE_MESSAGE).then(|| notices::office_message(&ask.library, &gathered));
        let Some(notice) = opened.service.notice(&order.notice).or(own.as_ref()) else { continue };
        for ready in notices::composed(&ask.app, &ask.library, &gathered, notice, &order.to).await? {
            let name = if ready.person.is_empty() { opened.applicant(&reader, case) } else { ready.name.clone() };
            let to = connectors::message::masked(&ready.to);
            all.push(Told {
                whom: [name, to].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
                channel: channel(&reader, ready.channel),
                text: ready.subject.map_or_else(|| ready.body.clone(), |subject| format!("{subject}\n{}", ready.body)),
                lang: ready.language,
            });
        }
    }
    Ok(all)
}

/// What messages and papers of an outcome are made of.
pub(crate) fn gathered(ask: &Ask, opened: &Opened, outcome: &Outcome, assignee: Option<&str>) -> Gathered {
    let case = &outcome.case;
    let applicant = opened.names.person(&case.applicant);
    Gathered {
        tenant: Arc::clone(ask.tenant()),
        service: Arc::clone(&opened.service),
        case: case.clone(),
        record: outcome.records.first().map(|change| change.record.clone()).or_else(|| opened.record.clone()),
        applicant: if opened.hidden { ask.words().get("unmask.withheld") } else { applicant_name(opened, case) },
        mobile: applicant.and_then(|person| person.mobile.clone()),
        email: applicant.and_then(|person| person.email.clone()),
        assignee: assignee.map(str::to_owned),
        comment: Some(outcome.event.comment.clone()).filter(|comment| !comment.is_empty()),
        receipt: outcome.event.receipt.clone().or_else(|| case.receipts.last().cloned()),
    }
}

/// The applicant's name as messages write it: the masked number where it is not known.
fn applicant_name(opened: &Opened, case: &Case) -> String {
    match opened.names.person(&case.applicant) {
        Some(person) if !person.name.is_empty() => person.name.clone(),
        Some(person) => person.mobile.as_deref().map(connectors::message::masked).unwrap_or_default(),
        None => String::new(),
    }
}
