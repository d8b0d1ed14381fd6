//! States, and which action a command takes.

pub(crate) mod check;
pub mod checks;
mod choose;
mod set_off;
mod sla;
pub(crate) mod yaml;

pub use sla::{ListedSpan, Sla};

use crate::base::{Name, Span, Text};
use crate::rule::Condition;
use crate::source::{At, Where};
use crate::stock::Uses;

pub use crate::form::APPLICANT;

/// The whole process of a service.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Where a case begins.
    pub start: At<Name>,
    /// All states, in the author's order.
    pub states: Vec<State>,
}

/// Where a case may stand.
#[derive(Clone, Debug)]
pub struct State {
    /// Its name.
    pub name: Name,
    /// What the desk calls it.
    pub label: Text,
    /// What the applicant reads: what is happening, in plain words.
    pub public: Option<Text>,
    /// The role that may change answers here without moving the case.
    pub edit: Option<At<Name>>,
    /// How long the state should take; colours the desk, changes nothing.
    pub sla: Option<Sla>,
    /// Whether the clock of the case stands still here, because the applicant has the case.
    pub waits_for_applicant: bool,
    /// Set if the case can go no further, or only be reopened.
    pub end: Option<End>,
    /// What can happen here.
    pub actions: Vec<Action>,
    /// Where the state is written.
    pub at: Where,
}

crate::source::scalar::words! {
    /// How a case ended.
    pub enum End {
        /// What was asked for was given.
        Granted = "granted",
        /// It was not.
        Refused = "refused",
        /// It is over without either: withdrawn, lapsed, expired, closed.
        Closed = "closed",
    }
}

/// A named transition.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name.
    pub name: Name,
    /// The words on its button.
    pub label: Text,
    /// What the history says once it was taken, if not the label.
    pub done: Option<Text>,
    /// What sets it off.
    pub trigger: Trigger,
    /// The state it leads to.
    pub to: At<Name>,
    /// Offered only if all of these hold.
    pub when: Vec<Requirement>,
    /// For an action of the clock that stays in its state: happens again every so long.
    pub again: Option<Span>,
    /// Offered only this long after the case came to the state.
    pub within: Option<Span>,
    /// Whether a comment is asked.
    pub comment: Comment,
    /// Sentences that are ready for the comment.
    pub templates: Vec<(Name, Text)>,
    /// The page that is answered with this action.
    pub asks: Option<At<Name>>,
    /// What it uses up of stocks.
    pub uses: Vec<Uses>,
    /// Whether pages and questions may be marked with it, which the applicant is then to correct.
    pub flags: bool,
    /// Whether the clocks of the next state count from when the case came to this one.
    pub counts_on: bool,
    /// Whether somebody must be named to have the case next.
    pub assign: Assign,
    /// What happens to the demand.
    pub demand: Option<DemandEffect>,
    /// What happens to money that no demand was waiting for.
    pub excess: Option<ExcessEffect>,
    /// The grant of `service.yaml` that is made.
    pub grant: Option<At<Name>>,
    /// The notices that are sent.
    pub notify: Vec<At<Name>>,
    /// The papers that are issued.
    pub issue: Vec<At<Name>>,
    /// The page that a program is asked to answer.
    pub ask: Option<At<Name>>,
    /// The children of `service.yaml` that are opened: cases of other services.
    pub opens: Vec<At<Name>>,
    /// Where it waits for a change of the record: the answers of which one must have changed; whichever, or the
    /// holder, if none is named.
    pub amended: Vec<At<Name>>,
    /// Where it waits for the end of a hold: the name under `reserves` in `service.yaml`.
    pub over: Option<At<Name>>,
    /// Where it waits for a program: the page that the program was asked to answer.
    pub answered: Option<At<Name>>,
    /// Where it waits for some of the cases that were opened: their names under `children` in `service.yaml`, and
    /// how each of them has ended.
    pub children: Vec<(At<Name>, Children)>,
    /// Where the action is written.
    pub at: Where,
}

/// Something that must hold for an action to be offered.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its name among several, by which translations find it; none where it is the only one.
    pub name: Option<At<Name>>,
    /// What must hold.
    pub that: Condition,
    /// What is said where it does not.
    pub otherwise: Option<Text>,
}

/// What sets an action off: exactly one.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// A person with one of these roles.
    By(Vec<At<Name>>),
    /// Something that happens.
    Once(Once, Where),
    /// Time since the case came to the state.
    After(Span, Where),
}

/// Something that happens, for which a case can wait.
///
/// The end of a record is watched by the case that made its present version, so that a license
/// that was renewed three times is reminded of once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// The demand is settled.
    Paid,
    /// Something is owed: a receipt was taken back, a bill was changed.
    Owing,
    /// The time that the state should take is over.
    Overdue,
    /// The record's validity is over.
    Expired,
    /// The record was ended before its time.
    Revoked,
    /// The record was prolonged by another case.
    Renewed,
    /// So long before the record's validity is over.
    Expiring(Span),
    /// A period of `opens` in `service.yaml` begins.
    Period,
    /// The case was opened because something falls due for a record: a turn of `opens` in `service.yaml`.
    Due,
    /// Another case changed what the record says, or who holds it: the case takes that over.
    Amended,
    /// The cases that this one opened have ended so.
    Children(Children),
    /// Some of them have, each as it is said: [`Action::children`] says which.
    ChildrenNamed,
    /// The time is over for which the case had places in a calendar: [`Action::over`] says which.
    Over,
    /// A program has answered the page that it was asked to answer: [`Action::answered`] says which.
    Answered,
    /// It could not, however often it was tried.
    Failed,
}

crate::source::scalar::words! {
    /// What became of the cases that a case opened.
    pub enum Children {
        /// Every one of them was granted, or none was needed.
        Granted = "granted",
        /// One of them ended otherwise.
        Refused = "refused",
    }
}

crate::source::scalar::words! {
    /// Whether an action asks for a comment.
    pub enum Comment {
        /// It does not.
        None = "none",
        /// It may be left empty.
        Optional = "optional",
        /// It must be written.
        Required = "required",
    }
}

crate::source::scalar::words! {
    /// Whether an action names who has the case next.
    pub enum Assign {
        /// The case goes to the pool of the roles that can act next.
        Pool = "pool",
        /// Somebody may be named.
        Optional = "optional",
        /// Somebody must be named.
        Required = "required",
        /// Whoever has it keeps it.
        Keep = "keep",
        /// Whoever acts takes it.
        Actor = "actor",
    }
}

crate::source::scalar::words! {
    /// What an action does to the demand.
    pub enum DemandEffect {
        /// The fee is assessed and falls due; an open demand is cancelled first.
        Raise = "raise",
        /// The fee is assessed and falls due beside what is open: a further period, a further charge.
        Add = "add",
        /// The fee is assessed anew, and the difference is added to the demand or taken off.
        Revise = "revise",
        /// What `amend(answers, demand, rates)` gives is added to the demand or taken off.
        Amend = "amend",
        /// What is open is cancelled, with a reversing voucher.
        Cancel = "cancel",
    }
}

crate::source::scalar::words! {
    /// What an action does with money that no demand was waiting for.
    pub enum ExcessEffect {
        /// It is paid back.
        Refund = "refund",
        /// It is taken to another account of the same payer, whose bill an amendment lowers by it.
        SetOff = "set_off",
    }
}

impl DemandEffect {
    /// Whether what the fee is assessed at falls due by it.
    pub fn charges(self) -> bool {
        matches!(self, Self::Raise | Self::Add | Self::Revise)
    }
}

impl Workflow {
    /// The state called `name`.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| state.name == *name)
    }
}

impl State {
    /// The action called `name`.
    pub fn action(&self, name: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.name == *name)
    }
}

impl Action {
    /// Whether it is taken when another case has changed the record.
    pub fn follows_record(&self) -> bool {
        matches!(self.trigger, Trigger::Once(Once::Amended, _))
    }

    /// Whether it is taken when a period begins.
    pub fn begins_period(&self) -> bool {
        matches!(self.trigger, Trigger::Once(Once::Period, _))
    }

    /// Whether it is taken when the case is opened for a turn.
    pub fn begins_turn(&self) -> bool {
        matches!(self.trigger, Trigger::Once(Once::Due, _))
    }

    /// Whether it is taken for many records of a register at once.
    pub fn is_of_register(&self) -> bool {
        self.begins_period() || self.begins_turn() || self.follows_record()
    }

    /// The conditions that must all hold for it to be offered.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.when.iter().map(|requirement| &requirement.that)
    }

    /// The roles that may take it; none if it is not taken by people.
    pub fn roles(&self) -> &[At<Name>] {
        match &self.trigger {
            Trigger::By(roles) => roles,
            _ => &[],
        }
    }
}
