//! What is certain to have happened when a message is sent or a paper issued: a small proof over
//! the workflow, so that no variable prints an empty space.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Name;
use crate::form::Form;
use crate::registry::Grant;
use crate::workflow::{Action, Assign, Comment, Once, Trigger, Workflow};

/// Something that is certain to have happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A comment was written.
    Comment,
    /// A demand was raised.
    Demand,
    /// Money was received.
    Receipt,
    /// It is a bill: of a record, on a day.
    Bill,
    /// It is the sheet of a till that is closed, which is about no case.
    Till,
    /// There is a record.
    Record,
    /// There is a record, and anybody may pay what is owed on it.
    Payable,
    /// The record ends on a day.
    Expiry,
    /// Somebody has the case.
    Assignee,
    /// The law promises a day.
    Statute,
    /// An officer answered this page.
    Page(Name),
}

/// Facts that hold together.
pub type Facts = BTreeSet<Fact>;

/// What is certain after each action, by state and action.
pub type After = BTreeMap<(Name, Name), Facts>;

/// The other parts of the service that templates depend on.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// What is asked.
    pub form: &'a Form,
    /// What happens.
    pub workflow: &'a Workflow,
    /// What approvals leave behind.
    pub grants: &'a [Grant],
    /// Whether cases are opened on a record.
    pub on_record: bool,
    /// The state in which a case begins that is opened for a record by itself, if any is.
    pub opens: Option<&'a Name>,
    /// Whether service.yaml states what the law promises.
    pub statute: bool,
    /// Whether billing.yaml says that anybody may pay what is owed on a record.
    pub payable: bool,
    /// The names of the roles, without the applicant.
    pub roles: &'a [Name],
    /// The language the service is written in; words for it in `locales/` stand in the place of those.
    pub language: &'a str,
    /// The other languages in which words must be there, by code: `hi`.
    pub languages: &'a [String],
}

impl Around<'_> {
    /// What is certain after each action, by state and action.
    pub fn after_actions(&self) -> After {
        let arrivals = self.arrivals();
        let mut found = BTreeMap::new();
        for state in &self.workflow.states {
            let Some(before) = arrivals.get(&state.name) else { continue };
            for action in &state.actions {
                let mut facts = self.after(before, action);
                if action.comment == Comment::Required {
                    facts.insert(Fact::Comment);
                }
                found.insert((state.name.clone(), action.name.clone()), facts);
            }
        }
        found
    }

    /// What is certain in every state that can be reached: what holds on all ways to it.
    fn arrivals(&self) -> BTreeMap<Name, Facts> {
        let known = self.reached(BTreeMap::from([(self.workflow.start.value.clone(), self.always())]));
        match self.opens {
            // Applications come there too, and what is certain for them was proved.
            Some(state) if known.contains_key(state) => known,
            Some(state) => self.reached(known.into_iter().chain([(state.clone(), self.of_record())]).collect()),
            None => known,
        }
    }

    /// What is certain in every state that can be reached from those that are `known`.
    fn reached(&self, mut known: BTreeMap<Name, Facts>) -> BTreeMap<Name, Facts> {
        loop {
            let mut next = known.clone();
            for state in &self.workflow.states {
                let Some(before) = known.get(&state.name) else { continue };
                for action in &state.actions {
                    let after = self.after(before, action);
                    next.entry(action.to.value.clone())
                        .and_modify(|facts| *facts = facts.intersection(&after).cloned().collect())
                        .or_insert(after);
                }
            }
            if next == known {
                return known;
            }
            known = next;
        }
    }

    /// What holds from the first moment on.
    pub fn always(&self) -> Facts {
        let mut facts = Facts::new();
        if self.on_record {
            facts.extend([Fact::Record, Fact::Expiry]);
        }
        if self.on_record && self.payable {
            facts.insert(Fact::Payable);
        }
        if self.statute {
            facts.insert(Fact::Statute);
        }
        facts
    }

    /// What holds from the first moment on of a case that is opened for a record by itself.
    fn of_record(&self) -> Facts {
        let mut facts = self.always();
        facts.insert(Fact::Record);
        if self.payable {
            facts.insert(Fact::Payable);
        }
        facts
    }

    fn after(&self, before: &Facts, action: &Action) -> Facts {
        let mut facts = before.clone();
        match action.assign {
            Assign::Required | Assign::Actor => facts.insert(Fact::Assignee),
            Assign::Keep => false,
            Assign::Pool | Assign::Optional => facts.remove(&Fact::Assignee),
        };
        if action.demand.is_some_and(crate::workflow::DemandEffect::charges) {
            facts.insert(Fact::Demand);
        }
        if matches!(action.trigger, Trigger::Once(Once::Paid, _)) {
            facts.insert(Fact::Receipt);
        }
        let answered = action.answered.as_ref().filter(|_| matches!(action.trigger, Trigger::Once(Once::Answered, _)));
        for page in action.asks.iter().chain(answered) {
            facts.insert(Fact::Page(page.value.clone()));
        }
        if let Some(name) = &action.grant {
            facts.insert(Fact::Record);
            if self.payable {
                facts.insert(Fact::Payable);
            }
            if self.grants.iter().any(|grant| grant.name == name.value && grant.valid_until.is_some()) {
                facts.insert(Fact::Expiry);
            }
        }
        facts
    }

    /// What is certain whenever `notice` is sent; `None` if no action sends it. `after` is what
    /// [`Around::after_actions`] gives: all messages and papers of a service ask for the same.
    pub fn when_told(&self, after: &After, notice: &Name) -> Option<Facts> {
        self.whenever(after, |action| action.notify.iter().any(|name| name.value == *notice))
    }

    /// The same whenever `paper` is issued; `None` if nothing issues it.
    pub fn when_issued(&self, after: &After, paper: &Name) -> Option<Facts> {
        let shows = |grant: &Grant| grant.document.as_ref().is_some_and(|name| name.value == *paper);
        let granted: Vec<&Name> = self.grants.iter().filter(|grant| shows(grant)).map(|grant| &grant.name).collect();
        self.whenever(after, |action| {
            action.issue.iter().any(|name| name.value == *paper)
                || action.grant.as_ref().is_some_and(|name| granted.contains(&&name.value))
        })
    }

    fn whenever(&self, after: &After, takes_part: impl Fn(&Action) -> bool) -> Option<Facts> {
        let mut common: Option<Facts> = None;
        for state in &self.workflow.states {
            for action in state.actions.iter().filter(|action| takes_part(action)) {
                let Some(facts) = after.get(&(state.name.clone(), action.name.clone())) else { continue };
                common = Some(match common {
                    None => facts.clone(),
                    Some(known) => known.intersection(facts).cloned().collect(),
                });
            }
        }
        common
    }
}
