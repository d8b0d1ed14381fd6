//! What a command leads to. Everything that changes a case goes through here.

use std::borrow::Cow;

use super::command::{Actor, ActorKind, Command};
use super::effect::Draft;
use super::flag::{self, Flag};
use super::outcome::{Event, NoticeOrder, Outcome};
use super::refusal::Refusal;
use super::{Case, child, clock, guard, migrate, money, offer, period, program, reserved, stock, takeover, turn};
use crate::base::{Answers, Day, Moment, Money, Name, limits};
use crate::form;
use crate::identity;
use crate::notice::{OFFICE_MESSAGE, Recipient};
use crate::registry::{NumberFacts, Record, RecordStatus, Serials};
use crate::reserve::Slots;
use crate::service::Service;
use crate::stock::Holdings;
use crate::tenant::Tenant;
use crate::workflow::{APPLICANT, Action, Comment, End, State};

/// Calendars in which nothing is taken.
static NOTHING_TAKEN: Slots = Slots { taken: Vec::new(), blocks: Vec::new() };

/// What is under way on a record in other cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// What is owed on it; nothing where the definition does not ask ([`Service::asks_for_named_dues`]).
    pub dues: Money,
    /// How many of those that concern it are yet to be decided ([`Service::is_undecided`]); none where the
    /// definition does not ask ([`Service::asks_for_open_cases`]).
    pub open_cases: i64,
}

/// What a decision is told besides the service, the case and the command.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// What time it is, where the tenant is.
    pub now: Moment,
    /// The tenant.
    pub tenant: &'a Tenant,
    /// The record that the case is about or has made, as it is now.
    pub record: Option<&'a Record>,
    /// What is owed on that record in other cases; nothing where the definition does not ask
    /// ([`Service::asks_for_dues`]).
    pub dues: Money,
    /// The records that answers name, as they are now.
    pub named: &'a [Record],
    /// What is under way on each of them in other cases, in the same order.
    pub pending: &'a [Pending],
    /// The citizen who an employee is, where the shell knows it: employees and citizens have keys of their own.
    pub citizen: Option<&'a str>,
    /// The till that the actor has open: its number and its day.
    pub till: Option<(&'a str, Day)>,
    /// What is taken of the places in calendars that the case asks for or has.
    pub slots: &'a Slots,
    /// What whoever acts holds of the stocks that a command uses up ([`Service::stock_asked`]); `None` where it is only
    /// tried out what follows: then nothing is used up.
    pub holdings: Option<&'a Holdings>,
    /// The series that the case may draw numbers from.
    pub serials: Serials,
}

impl<'a> Context<'a> {
    /// A decision at `now`, of a case that has no record and draws no numbers.
    pub fn new(now: Moment, tenant: &'a Tenant) -> Self {
        Self {
            now,
            tenant,
            record: None,
            dues: Money::ZERO,
            named: &[],
            pending: &[],
            citizen: None,
            till: None,
            slots: &NOTHING_TAKEN,
            holdings: None,
            serials: Serials::default(),
        }
    }

    /// The same, about a record on which so much is owed in other cases.
    #[must_use]
    pub fn about(self, record: Option<&'a Record>, dues: Money) -> Self {
        Self { record, dues, ..self }
    }

    /// The same, with the records that answers name, and what is under way on each in other cases.
    #[must_use]
    pub fn naming(self, named: &'a [Record], pending: &'a [Pending]) -> Self {
        Self { named, pending, ..self }
    }

    /// The same, by an employee who is this citizen.
    #[must_use]
    pub fn known_as(self, citizen: Option<&'a str>) -> Self {
        Self { citizen, ..self }
    }

    /// The same, by somebody who has this till open: its number and its day.
    #[must_use]
    pub fn into_till(self, till: Option<(&'a str, Day)>) -> Self {
        Self { till, ..self }
    }

    /// The same, where so much is taken in calendars.
    #[must_use]
    pub fn beside(self, slots: &'a Slots) -> Self {
        Self { slots, ..self }
    }

    /// The same, by somebody who holds so much of stocks.
    #[must_use]
    pub fn holding(self, holdings: Option<&'a Holdings>) -> Self {
        Self { holdings, ..self }
    }

    /// The same, with the series that numbers may be drawn from.
    #[must_use]
    pub fn drawing(self, serials: Serials) -> Self {
        Self { serials, ..self }
    }
}

impl Context<'_> {
    /// The records that answers name, as the form judges them.
    pub(super) fn named_today(&self) -> Vec<form::Named> {
        let stands = |record: &Record| match record.status(self.now.day()) {
            RecordStatus::NotYet | RecordStatus::Active => form::Stands::InForce,
            RecordStatus::Suspended => form::Stands::Suspended,
            RecordStatus::Expired | RecordStatus::Revoked | RecordStatus::Split | RecordStatus::Merged => {
                form::Stands::Ended
            }
        };
        let named = |record: &Record| form::Named {
            registry: record.registry.clone(),
            number: record.number.clone(),
            stands: stands(record),
        };
        self.named.iter().map(named).collect()
    }

    /// What numbers are made of.
    pub fn numbers(&self) -> NumberFacts<'_> {
        NumberFacts { tenant: &self.tenant.code, day: self.now.day(), calendar: &self.tenant.calendar }
    }
}

/// What `command` leads to: everything that must be written down, or why it is refused.
pub fn decide(
    service: &Service,
    case: &Case,
    actor: &Actor,
    command: &Command,
    context: Context<'_>,
) -> Result<Outcome, Refusal> {
    let state = service.workflow.state(&case.state).expect("a case stands in a state of its own definition");
    if let Some(whole) =
        command.said().into_iter().find_map(|words| identity::find(words, &context.tenant.identity_numbers))
    {
        return Err(Refusal::IdentityNumber(whole));
    }
    let draft = Draft::new(service, case, actor, command, context);
    match command {
        Command::Act { action, comment, answers, assignee, seen, flags } => {
            if seen.is_some_and(|seen| seen != case.version) {
                return Err(Refusal::ChangedMeanwhile);
            }
            let action = state.action(action).ok_or_else(|| Refusal::NoSuchAction(action.clone()))?;
            let role = guard::may_act(&draft, action)?;
            act(draft, state, action, role, (comment, answers, flags), assignee.as_ref())
        }
        Command::Save { page, answers } => save(draft, state, page, answers),
        Command::Correct { page, answers, reason } => correct(draft, state, (page, answers), reason),
        Command::Fill { answers } => fill(draft, state, answers),
        Command::Receive(payment) => money::receive(draft, state, payment),
        Command::Elapse => clock::elapse(draft, state),
        Command::Period { day } => period::begins(draft, state, *day),
        Command::Turn { day } => turn::begins(draft, state, *day),
        Command::Migrate { from } => migrate::take(draft, from),
        Command::TakeOver(taken) => takeover::take(draft, taken),
        Command::Child { case, end, record } => child::ended(draft, case, (*end, record.as_deref())),
        Command::Void { to } => child::void(draft, state, to),
        Command::Answered { page, asked, answers, .. } => program::answered(draft, (page, *asked), answers),
        Command::Failed { page, asked, why } => program::failed(draft, (page, *asked), why),
        Command::Offer { to } => offer::offer(draft, to.as_deref()),
        Command::TakeUp { mine, language } => offer::take_up(draft, *mine, language),
        Command::Assign { to } => assign(draft, state, to.as_ref()),
        Command::Note { text, to_applicant } => note(draft, text, *to_applicant),
        Command::Examine { file, fits, reason } => examine(draft, file, *fits, reason),
        Command::CancelReceipt { receipt, reason, asked_by, dishonoured } => {
            money::cancel_receipt(draft, receipt, (reason, asked_by, *dishonoured))
        }
    }
}

fn act(
    mut draft: Draft<'_>,
    state: &State,
    action: &Action,
    role: Name,
    (comment, answers, flags): (&str, &serde_json::Value, &[Flag]),
    assignee: Option<&super::Assignee>,
) -> Result<Outcome, Refusal> {
    draft.event.comment = checked_comment(action, comment)?;
    draft.event.role = Some(draft.assists().unwrap_or(&role).clone());
    match &action.asks {
        Some(page) => answer_with(&mut draft, &page.value, answers)?,
        // Answers that nobody asked for are not passed over in silence.
        None if answers.as_object().is_some_and(|answers| !answers.is_empty()) => return Err(Refusal::NotEditable),
        None => {}
    }
    // Whoever gives up an application need not complete it first.
    let next = draft.service.workflow.state(&action.to).expect("checked by unknown-state");
    let gives_up = next.end.is_some_and(|end| end != End::Granted);
    let edits = state.edit.as_ref().is_some_and(|edit| edit.value == *APPLICANT);
    let submits = role == *APPLICANT && edits && !gives_up;
    if submits || (state.name == draft.service.workflow.start.value && action.to.value != state.name) {
        draft.check_whole_form()?;
    }
    // Whoever wrote the application at the counter had a hand in it, as whoever decides has.
    let office = if role == *APPLICANT { draft.assists().cloned() } else { Some(role) };
    if let Some(office) = office {
        let acted = (office, draft.actor.person.clone());
        if !draft.case.acted.contains(&acted) {
            draft.case.acted.push(acted);
        }
    }
    draft.event.public = true;
    draft.take(action, assignee)?;
    draft.mark(action, flags)?;
    Ok(draft.finish())
}

/// Keeps what is answered with an action. Where all that was marked is elsewhere, a page of the application stays as it
/// is, and the action is taken without it.
fn answer_with(draft: &mut Draft<'_>, page: &Name, answers: &serde_json::Value) -> Result<(), Refusal> {
    let form = &draft.service.form;
    let page = form.page(page).ok_or_else(|| Refusal::NoSuchPage(page.clone()))?;
    let silent = answers.as_object().is_none_or(serde_json::Map::is_empty);
    if silent && page.by.is_none() && !flag::is_open(form, page, &draft.case.flags, &draft.asking()) {
        return Ok(());
    }
    answer(draft, page, answers)
}

/// Keeps what is answered on a page: of a page of the application what may be answered beside what was marked.
fn answer(draft: &mut Draft<'_>, page: &form::Page, answers: &serde_json::Value) -> Result<(), Refusal> {
    let answers = if page.by.is_none() { draft.within_flags(page, answers)? } else { Cow::Borrowed(answers) };
    draft.answer_page(&page.name, &answers)
}

/// Trims the comment and holds it to what the action asks.
fn checked_comment(action: &Action, comment: &str) -> Result<String, Refusal> {
    let comment = comment.trim();
    if comment.is_empty() && action.comment == Comment::Required {
        return Err(Refusal::CommentMissing);
    }
    if comment.chars().count() > limits::COMMENT_CHARS {
        return Err(Refusal::CommentTooLong(limits::COMMENT_CHARS));
    }
    Ok(comment.to_owned())
}

fn save(mut draft: Draft<'_>, state: &State, page: &Name, answers: &serde_json::Value) -> Result<Outcome, Refusal> {
    let editor = state.edit.as_ref().ok_or(Refusal::NotEditable)?;
    let roles = guard::roles_on(&draft, draft.actor)?;
    if !roles.contains(&editor.value) {
        return Err(Refusal::NotEditable);
    }
    let asked = draft.service.form.page(page).ok_or_else(|| Refusal::NoSuchPage(page.clone()))?;
    if !draft.service.edits(asked, &editor.value) {
        return Err(Refusal::NotEditable);
    }
    draft.event.role = Some(editor.value.clone());
    answer(&mut draft, asked, answers)?;
    stock::untouched(&mut draft)?;
    reserved::settle(&mut draft)?;
    Ok(draft.finish())
}

/// What an officer answers on a page of the office; whoever changes what was answered before says why.
fn correct(
    draft: Draft<'_>,
    state: &State,
    (page, answers): (&Name, &serde_json::Value),
    reason: &str,
) -> Result<Outcome, Refusal> {
    let mut outcome = save(draft, state, page, answers)?;
    let reason = reason.trim();
    if reason.is_empty() && outcome.event.changed.iter().any(|(_, before, _)| !before.is_null()) {
        return Err(Refusal::CommentMissing);
    }
    if reason.chars().count() > limits::COMMENT_CHARS {
        return Err(Refusal::CommentTooLong(limits::COMMENT_CHARS));
    }
    reason.clone_into(&mut outcome.event.comment);
    Ok(outcome)
}

fn fill(mut draft: Draft<'_>, state: &State, answers: &serde_json::Value) -> Result<Outcome, Refusal> {
    let editable = state.edit.as_ref().is_some_and(|editor| editor.value == *APPLICANT);
    if !editable || !guard::roles_on(&draft, draft.actor)?.iter().any(|role| *role == *APPLICANT) {
        return Err(Refusal::NotEditable);
    }
    draft.event.role = Some(draft.assists().cloned().unwrap_or_else(|| Name::new(APPLICANT)));
    draft.held_to_flags(answers)?;
    draft.answer_form(answers)?;
    reserved::settle(&mut draft)?;
    Ok(draft.finish())
}

fn assign(mut draft: Draft<'_>, state: &State, to: Option<&super::Assignee>) -> Result<Outcome, Refusal> {
    let service = draft.service;
    let can_act = |roles: &[Name]| state.officers().any(|role| roles.contains(role) && !service.is_held(role));
    let roles = guard::offices_on(&draft)?;
    if !can_act(&roles) && !roles.iter().any(|role| draft.service.role(role).is_some()) {
        return Err(Refusal::NotYourRole);
    }
    if let Some(assignee) = to
        && (!can_act(&assignee.roles) || assignee.person == draft.case.applicant)
    {
        return Err(Refusal::AssigneeCannotAct);
    }
    draft.case.assignee = to.map(|assignee| assignee.person.clone());
    draft.event.comment = draft.case.assignee.clone().unwrap_or_default();
    Ok(draft.finish())
}

fn note(mut draft: Draft<'_>, text: &str, to_applicant: bool) -> Result<Outcome, Refusal> {
    let roles = guard::roles_on(&draft, draft.actor)?;
    let has_it = draft.case.assignee.as_deref() == Some(&draft.actor.person);
    let works_here = has_it || roles.iter().any(|role| draft.service.role(role).is_some());
    let by_applicant = draft.actor.person == draft.case.applicant;
    let may = match draft.actor.kind {
        ActorKind::Employee => works_here,
        // Whoever has a role by a record speaks with an action.
        ActorKind::Citizen => by_applicant,
        ActorKind::Counter | ActorKind::System => true,
    };
    if !may {
        return Err(Refusal::NotYourRole);
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::CommentMissing);
    }
    if text.chars().count() > limits::COMMENT_CHARS {
        return Err(Refusal::CommentTooLong(limits::COMMENT_CHARS));
    }
    text.clone_into(&mut draft.event.comment);
    draft.event.public = to_applicant || by_applicant;
    if to_applicant && !by_applicant {
        draft.tell(NoticeOrder { notice: Name::new(OFFICE_MESSAGE), to: Recipient::Applicant });
    }
    Ok(draft.finish())
}

/// Whoever works on the case says of a file whether it bears out what was answered.
fn examine(mut draft: Draft<'_>, file: &str, fits: bool, reason: &str) -> Result<Outcome, Refusal> {
    let roles = guard::offices_on(&draft)?;
    let works_here = roles.iter().any(|role| draft.service.role(role).is_some());
    if !works_here {
        return Err(Refusal::NotYourRole);
    }
    if !names_file(&draft.case.answers.to_json(), file) {
        return Err(Refusal::NoSuchFile);
    }
    let reason = reason.trim();
    if reason.is_empty() && !fits {
        return Err(Refusal::CommentMissing);
    }
    if reason.chars().count() > limits::COMMENT_CHARS {
        return Err(Refusal::CommentTooLong(limits::COMMENT_CHARS));
    }
    reason.clone_into(&mut draft.event.comment);
    Ok(draft.finish())
}

/// Whether an answer is this file.
fn names_file(answers: &serde_json::Value, file: &str) -> bool {
    match answers {
        serde_json::Value::Object(map) => {
            map.get("id").is_some_and(|id| id == file) || map.values().any(|value| names_file(value, file))
        }
        serde_json::Value::Array(items) => items.iter().any(|item| names_file(item, file)),
        _ => false,
    }
}

impl Event {
    /// An event in which nothing has happened yet.
    pub(super) fn new(command: &'static str, state: &Name) -> Self {
        Self {
            command,
            action: None,
            role: None,
            from: state.clone(),
            to: state.clone(),
            comment: String::new(),
            public: false,
            changed: Vec::new(),
            demands: Vec::new(),
            receipt: None,
        }
    }
}

/// What changed between two sets of answers: path, before, after. Only the first level is
/// compared; a changed group or list is given whole.
pub(super) fn changed(before: &Answers, after: &Answers) -> Vec<(String, serde_json::Value, serde_json::Value)> {
    if before == after {
        return Vec::new();
    }
    let json = |value: Option<&crate::base::Value>| value.map_or(serde_json::Value::Null, crate::base::Value::to_json);
    let new = after.0.iter().filter(|(name, value)| before.get(name) != Some(*value)).map(|(name, _)| name);
    let gone = before.0.keys().filter(|name| after.get(name).is_none());
    let told = |name: &String| (name.clone(), json(before.get(name)), json(after.get(name)));
    let mut changed: Vec<_> = new.chain(gone).map(told).collect();
    changed.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
    changed
}
