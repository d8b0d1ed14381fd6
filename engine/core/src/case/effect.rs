//! Effects: what an action does to the case, to money, to the registry, and whom it tells.
//!
//! They happen in one fixed order: stock, demand, grant, children, programs, papers, notices; then the case moves.

use std::sync::LazyLock;

use super::asked::drop_unasked;
use super::command::{Actor, ActorKind, Command};
use super::decide::{Context, changed};
use super::known::{Known, Others};
use super::outcome::{
    ChildOrder, Event, NoticeOrder, Outcome, PaperOrder, ProgramOrder, RecordChange, Used, VoidOrder,
};
use super::refusal::{Refusal, Unmet};
use super::{Case, child, clock, money, note, period, program, reserved, stock};
use crate::base::{Answers, Day, Name, Text};
use crate::billing::Period;
use crate::document::RECEIPT;
use crate::form;
use crate::ledger::{Voucher, VoucherKind};
use crate::registry::{self, GrantFacts, Mode, NumberFormat, Record};
use crate::rule::RuleFailed;
use crate::service::Service;
use crate::workflow::{Action, Assign, DemandEffect};

/// An outcome in the making.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) service: &'a Service,
    pub(super) before: &'a Case,
    pub(super) actor: &'a Actor,
    pub(super) context: Context<'a>,
    named: Vec<form::Named>,
    pub(super) case: Case,
    pub(super) event: Event,
    pub(super) vouchers: Vec<Voucher>,
    pub(super) records: Vec<RecordChange>,
    /// The period that began, where that is what happens.
    pub(super) period: Option<Period>,
    notices: Vec<NoticeOrder>,
    papers: Vec<PaperOrder>,
    pub(super) opens: Vec<ChildOrder>,
    pub(super) voids: Vec<VoidOrder>,
    pub(super) asks: Vec<ProgramOrder>,
    pub(super) uses: Vec<Used>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        service: &'a Service,
        case: &'a Case,
        actor: &'a Actor,
        command: &Command,
        context: Context<'a>,
    ) -> Self {
        Self {
            service,
            before: case,
            actor,
            named: context.named_today(),
            context,
            case: case.clone(),
            event: Event::new(command.word(), &case.state),
            vouchers: Vec::new(),
            records: Vec::new(),
            period: None,
            notices: Vec::new(),
            papers: Vec::new(),
            opens: Vec::new(),
            voids: Vec::new(),
            asks: Vec::new(),
            uses: Vec::new(),
        }
    }

    /// The record as it will be, or as it is.
    pub(super) fn present_record(&self) -> Option<&Record> {
        self.records.first().map(|change| &change.record).or(self.context.record)
    }

    /// The role in which an employee at the counter stands in for the applicant.
    pub(super) fn assists(&self) -> Option<&Name> {
        let assists = |role: &&Name| self.service.assists(std::slice::from_ref(*role));
        self.actor.roles.iter().find(assists).filter(|_| self.actor.kind == ActorKind::Counter)
    }

    /// Whether everything holds on which the action depends. All that does not hold is told at once, so that nobody
    /// puts one thing right and is then told of the next. A condition that cannot be reckoned does not matter behind
    /// one that does not hold: written in one with `&&`, it would not have been come to.
    pub(super) fn holds(&self, action: &Action) -> Result<(), Refusal> {
        if action.when.is_empty() {
            return Ok(());
        }
        let (known, today) = (self.known(), self.context.now.day());
        let mut unmet = Vec::new();
        for requirement in &action.when {
            match known.holds(&requirement.that, today) {
                Ok(false) => unmet.push(requirement),
                Err(failed) if unmet.is_empty() => return Err(Refusal::FeeNotComputed(failed)),
                Ok(true) | Err(_) => {}
            }
        }
        if unmet.is_empty() {
            return Ok(());
        }
        let names = unmet.iter().filter_map(|requirement| requirement.name.as_ref()).map(|name| name.value.clone());
        let names: Vec<Name> = names.collect();
        let words: Vec<Text> = unmet.into_iter().filter_map(|requirement| requirement.otherwise.clone()).collect();
        Err(if words.is_empty() { Refusal::NotInThisCase } else { Refusal::NotOffered(Unmet { names, words }) })
    }

    /// What rules may look at.
    pub(super) fn known(&self) -> Known<'_> {
        let dues = self.context.dues + money::owed(&self.case);
        let record = self.present_record();
        let named = Others {
            records: self.context.named,
            pending: self.context.pending,
            holder: record.map_or(&*self.case.applicant, |record| &*record.holder),
        };
        let reserved = Some(self.standing());
        let (service, answers, children) = (self.service, &self.case.answers, self.case.children.as_slice());
        Known { service, answers, record, dues, named, reserved, children }
    }

    /// Judges and keeps the answers of a page.
    pub(super) fn answer_page(&mut self, page: &Name, answers: &serde_json::Value) -> Result<(), Refusal> {
        let form = &self.service.form;
        let page = form.page(page).ok_or_else(|| Refusal::NoSuchPage(page.clone()))?;
        let accepted = form::accept_page(form, page, answers, &self.asking()).map_err(Refusal::Answers)?;
        let before = std::mem::take(&mut self.case.answers);
        self.case.answers = form::merge(before, page, accepted);
        Ok(())
    }

    /// Judges and keeps the answers to all of the applicant's pages.
    pub(super) fn answer_form(&mut self, answers: &serde_json::Value) -> Result<(), Refusal> {
        let accepted =
            form::accept_form(&self.service.form, None, answers, &self.asking()).map_err(Refusal::Answers)?;
        self.replace_applicants_answers(accepted);
        Ok(())
    }

    /// Judges everything the applicant is asked, as if it were answered anew.
    pub(super) fn check_whole_form(&mut self) -> Result<(), Refusal> {
        let form = &self.service.form;
        let complete = form::complete(form, None, &self.case.answers, &self.asking()).map_err(Refusal::Answers)?;
        self.replace_applicants_answers(complete);
        Ok(())
    }

    fn replace_applicants_answers(&mut self, complete: Answers) {
        let form = &self.service.form;
        for field in form.pages_by(None).flat_map(|page| &page.fields) {
            self.case.answers.0.remove(field.name.as_str());
        }
        self.case.answers.0.extend(complete.0);
    }

    pub(super) fn asking(&self) -> form::Ctx<'_> {
        form::Ctx {
            today: self.context.now.day(),
            lists: &self.service.lists,
            places: &self.context.tenant.places,
            known: &self.case.answers,
            named: Some(&self.named),
            identity: &self.context.tenant.identity_numbers,
        }
    }

    /// Does what `action` does, and moves the case.
    pub(super) fn take(&mut self, action: &Action, assignee: Option<&super::Assignee>) -> Result<(), Refusal> {
        self.event.action = Some(action.name.clone());
        self.number_if_submitted(action);
        stock::use_up(self, action)?;
        if action.follows_record() {
            period::follow(self);
        }
        match action.demand {
            Some(DemandEffect::Raise) => money::raise(self)?,
            Some(DemandEffect::Add) => money::add(self)?,
            Some(DemandEffect::Revise) => note::revise(self, action.follows_record())?,
            Some(DemandEffect::Amend) => note::amend(self)?,
            Some(DemandEffect::Cancel) => money::cancel_demands(self),
            None => {}
        }
        if let Some(effect) = action.excess {
            note::take_out(self, effect)?;
        }
        if let Some(grant) = &action.grant {
            self.grant(&grant.value)?;
        }
        child::open(self, action)?;
        program::ask(self, action);
        self.papers.extend(action.issue.iter().map(|name| PaperOrder { document: name.value.clone() }));
        for name in &action.notify {
            let notice = self.service.notice(name).expect("checked by unknown-notice");
            self.notices.push(NoticeOrder { notice: notice.name.clone(), to: notice.to.clone() });
        }
        self.assign(action, assignee)?;
        clock::move_to(self, action);
        reserved::settle(self)
    }

    /// Takes the first of `actions` whose conditions hold, in sight of the applicant; nothing if none does. One that
    /// the record does not fit any more holds up no other: the case would stay where it is for ever.
    pub(super) fn take_first<'b>(
        mut self,
        actions: impl Iterator<Item = &'b Action>,
    ) -> Result<Option<Outcome>, Refusal> {
        self.event.public = true;
        let mut unfit = None;
        for action in actions {
            match self.holds(action) {
                Ok(()) => {}
                Err(Refusal::NotInThisCase) => continue,
                Err(other) => return Err(other),
            }
            let mut tried = self.clone();
            match tried.take(action, None) {
                Ok(()) => return Ok(Some(tried.finish())),
                Err(Refusal::RecordNotFit) => unfit = Some(Refusal::RecordNotFit),
                Err(other) => return Err(other),
            }
        }
        unfit.map_or(Ok(None), Err)
    }

    /// Gives the case its number, if it has none: it is sent by that.
    pub(super) fn number(&mut self) {
        if self.case.number.is_none() {
            self.call();
            self.case.submitted_ms = Some(self.context.now.ms);
        }
    }

    /// Gives the case its number, if it has none.
    pub(super) fn call(&mut self) {
        if self.case.number.is_none() {
            let number = self.draw(&self.service.number);
            self.case.number = Some(number);
        }
    }

    fn number_if_submitted(&mut self, action: &Action) {
        if action.to.value == self.case.state {
            return;
        }
        if self.case.state == self.service.workflow.start.value {
            self.number();
        }
        // A turn has its number from the beginning; it is sent when it goes on, and not when it is given up.
        let next = self.service.workflow.state(&action.to);
        if self.service.is_where_turns_begin(&self.case.state) && next.is_some_and(|next| next.end.is_none()) {
            self.case.submitted_ms = self.case.submitted_ms.or(Some(self.context.now.ms));
        }
    }

    fn grant(&mut self, name: &Name) -> Result<(), Refusal> {
        self.make_records(name, (None, None))?;
        let grant = self.service.grant(name).expect("checked by unknown-grant");
        self.papers.extend(grant.document.iter().map(|document| PaperOrder { document: document.value.clone() }));
        Ok(())
    }

    /// Makes what the grant leaves behind; `known` is the number that a new record has already, and `since` the day
    /// since which it holds.
    pub(super) fn make_records(
        &mut self,
        name: &Name,
        (known, since): (Option<&str>, Option<Day>),
    ) -> Result<(), Refusal> {
        let grant = self.service.grant(name).expect("checked by unknown-grant");
        let mut serials = std::mem::take(&mut self.context.serials);
        let facts = GrantFacts {
            service: &self.service.id,
            case: &self.case.id,
            actor: &self.actor.person,
            role: self.event.role.as_ref(),
            applicant: &self.case.applicant,
            answers: &self.case.answers,
            named: self.context.named,
            known,
            since,
            number: self.context.numbers(),
        };
        let made = registry::make(grant, self.context.record, facts, &mut serials);
        self.context.serials = serials;
        let mut records = made.map_err(|_| Refusal::RecordNotFit)?;
        if grant.mode != Mode::Create && !grant.mode.only_standing() {
            for record in &mut records {
                drop_unasked(self.service, &mut record.answers, self.context.now.day());
            }
        }
        self.case.record = records.first().map(|record| (record.registry.clone(), record.number.clone()));
        self.records = records.into_iter().map(|record| RecordChange { grant: name.clone(), record }).collect();
        Ok(())
    }

    fn assign(&mut self, action: &Action, assignee: Option<&super::Assignee>) -> Result<(), Refusal> {
        let named = match (action.assign, assignee) {
            (Assign::Required, None) => return Err(Refusal::AssigneeMissing),
            (Assign::Required | Assign::Optional, Some(assignee)) => Some(assignee),
            _ => None,
        };
        if let Some(assignee) = named {
            let next = self.service.workflow.state(&action.to).expect("checked by unknown-state");
            let is_office = |role: &Name| !self.service.is_held(role);
            let fits = next.officers().any(|role| assignee.roles.contains(role) && is_office(role));
            if !fits || assignee.person == self.case.applicant {
                return Err(Refusal::AssigneeCannotAct);
            }
        }
        self.case.assignee = match action.assign {
            Assign::Keep => self.case.assignee.take(),
            Assign::Actor => Some(self.actor.person.clone()),
            Assign::Pool if action.to.value == self.case.state => self.case.assignee.take(),
            Assign::Pool | Assign::Optional | Assign::Required => named.map(|assignee| assignee.person.clone()),
        };
        Ok(())
    }

    /// Adds a message to be sent.
    pub(super) fn tell(&mut self, order: NoticeOrder) {
        self.notices.push(order);
    }

    /// The next number of a format.
    pub(super) fn draw(&mut self, format: &NumberFormat) -> String {
        let mut serials = std::mem::take(&mut self.context.serials);
        let number = format.draw(self.context.numbers(), &mut serials);
        self.context.serials = serials;
        number
    }

    /// Adds a voucher, unless nothing moves: what is added and taken off on one account may be the same.
    pub(super) fn post(&mut self, kind: VoucherKind, lines: &[crate::ledger::Line]) {
        if !crate::ledger::moves(lines) {
            return;
        }
        let number = self.draw(&VOUCHERS);
        let postings = self.service.postings.as_ref().expect("checked: billing comes with postings");
        let voucher = Voucher::new(number, self.context.now.day(), postings.fund.value.clone(), kind, lines);
        self.vouchers.push(voucher.expect("postings balance: checked by cannot-balance"));
    }

    /// The outcome, with everything that changed.
    pub(super) fn finish(mut self) -> Outcome {
        child::give_up(&mut self);
        let record = self.records.first().map(|change| &change.record).or(self.context.record);
        self.case.wake_ms =
            clock::wake_of(self.service, &self.case, record, self.context.now, &self.context.tenant.calendar);
        self.case.version = self.before.version + 1;
        self.event.to = self.case.state.clone();
        self.event.changed = changed(&self.before.answers, &self.case.answers);
        // Whoever pays is given a receipt; no definition has to say so.
        let paid = self.event.receipt.as_ref().is_some_and(|receipt| !receipt.cancelled);
        if let Some(receipt) = self.service.document(RECEIPT).filter(|_| paid) {
            self.papers.push(PaperOrder { document: receipt.name.clone() });
        }
        Outcome {
            case: self.case,
            event: self.event,
            vouchers: self.vouchers,
            records: self.records,
            notices: self.notices,
            papers: self.papers,
            serials: self.context.serials,
            opens: self.opens,
            voids: self.voids,
            asks: self.asks,
            uses: self.uses,
        }
    }
}

static VOUCHERS: LazyLock<NumberFormat> = LazyLock::new(|| NumberFormat::by_year(registry::VOUCHERS, 7));

/// Vouchers are numbered alike in every service of a tenant.
pub fn voucher_number() -> NumberFormat {
    VOUCHERS.clone()
}

impl Service {
    /// Every format that a case of this service may draw a number from: their series are loaded
    /// before a decision.
    pub fn number_formats(&self) -> Vec<NumberFormat> {
        let receipts = self.billing.iter().map(|billing| billing.receipt_number.value.clone());
        let grants = self.grants.iter().filter_map(|grant| Some(grant.number.as_ref()?.value.clone()));
        let vouchers = self.postings.iter().map(|_| voucher_number());
        std::iter::once(self.number.value.clone()).chain(receipts).chain(grants).chain(vouchers).collect()
    }
}

/// A rule's failure as a refusal: in the author's words, where the rule refused with a code.
pub(super) fn not_computed(service: &Service, failed: RuleFailed) -> Refusal {
    let said = service.billing.as_ref().and_then(|billing| billing.words(&failed.reason)).cloned();
    said.map_or_else(|| Refusal::FeeNotComputed(failed), Refusal::Declined)
}

/// A rule's failure in words, for refusals that come from elsewhere than a rule.
pub(super) fn failed(reason: impl Into<String>) -> Refusal {
    Refusal::FeeNotComputed(RuleFailed { reason: reason.into(), line: 0, column: 0 })
}
