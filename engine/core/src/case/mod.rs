//! One application on its way: what is known about it, what can be asked of it, what follows.

mod asked;
mod charge;
mod child;
mod clock;
pub mod command;
mod decide;
mod dues;
mod effect;
pub mod flag;
mod guard;
mod known;
mod migrate;
mod money;
mod note;
mod offer;
mod open;
mod period;
mod program;
mod reserved;
mod stock;
pub(crate) mod takeover;
mod turn;
pub mod outcome;
pub mod refusal;

pub use charge::{bill, owed_on, paid_at_once};
pub use clock::wake;
pub use command::{Actor, ActorKind, Assignee, Command, ProgramUsed};
pub use decide::{Context, Pending, decide};
pub use dues::{Account, RecordBill, Rise, bill_of_all, rise};
pub use effect::voucher_number;
pub use flag::Flag;
pub use guard::{Choice, choices};
pub use migrate::{Hindrance, hindrances};
pub use open::{open, open_child};
pub use outcome::{ChildOrder, Event, NoticeOrder, Outcome, PaperOrder, ProgramOrder, RecordChange, Used, VoidOrder};
pub use period::account;
pub use refusal::{Refusal, Unmet};
pub use reserved::{Look, word as reserved_word};
pub use takeover::{Owed, TakeOver, fitting as fitting_takeover};
pub use turn::turn;

use crate::base::{Answers, Name};
use crate::billing::{Demand, DemandNote, Receipt};
use crate::reserve::Reserved;
use crate::workflow::End;

/// One application, complaint or assessment on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The key of the case: unguessable, used in addresses.
    pub id: String,
    /// The number people use; given when the case leaves its start state, or is opened for a turn.
    pub number: Option<String>,
    /// The service.
    pub service: String,
    /// The digest of the definition it began with.
    pub definition: String,
    /// Where it stands.
    pub state: Name,
    /// Counts changes; two writers cannot both win.
    pub version: i64,
    /// Who applied.
    pub applicant: String,
    /// The language the applicant uses.
    pub language: String,
    /// When it was opened.
    pub opened_ms: i64,
    /// When it left its start state, or the one in which turns begin.
    pub submitted_ms: Option<i64>,
    /// When it came to its present state.
    pub entered_ms: i64,
    /// When the clock of its present state began, where it goes on from a state before that: see `counts_on`.
    pub clock_ms: Option<i64>,
    /// When the present state's SLA is over.
    pub due_ms: Option<i64>,
    /// When the statutory time is over; moves while the applicant holds the case.
    pub promised_ms: Option<i64>,
    /// When the clock must next look at it.
    pub wake_ms: Option<i64>,
    /// Who has it.
    pub assignee: Option<String>,
    /// What was answered, officers' pages included.
    pub answers: Answers,
    /// The record it is about, or that it made: registry and number.
    pub record: Option<(Name, String)>,
    /// Everything that was ever charged.
    pub demands: Vec<Demand>,
    /// Everything that was ever received.
    pub receipts: Vec<Receipt>,
    /// Who acted in which role, for duties that must be kept apart.
    pub acted: Vec<(Name, String)>,
    /// Actions of the clock that were already taken in this state and led back to it.
    pub fired: Vec<Name>,
    /// What was marked when the case was sent back: while it stands there, the applicant may change
    /// only that. Empty if nothing was marked: then everything may be changed.
    pub flags: Vec<Flag>,
    /// What was decided about the bill while nothing was owed: the next demand takes it in.
    pub waiting: Vec<DemandNote>,
    /// The case that opened it, if another one did.
    pub parent: Option<String>,
    /// The cases of other services that it opened: of each child the latest.
    pub children: Vec<Child>,
    /// What it has of the places in calendars.
    pub reserved: Vec<Reserved>,
    /// The pages that programs were asked to answer: of each the latest time.
    pub programs: Vec<Asked>,
    /// Whom somebody wrote it for who is still to take it over: until then nobody changes or sends it.
    pub offered: Option<String>,
}

impl Case {
    /// When the clock of its present state began, in milliseconds: what the times of the workflow count from.
    #[must_use]
    pub fn clock_began_ms(&self) -> i64 {
        self.clock_ms.unwrap_or(self.entered_ms)
    }
}

/// A page that a program was asked to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The page.
    pub page: Name,
    /// The version of the case that asked: an answer to an earlier one is not taken.
    pub version: i64,
    /// What became of it.
    pub stands: Answering,
}

crate::source::scalar::words! {
    /// What became of a page that a program was asked to answer.
    pub enum Answering {
        /// The program is at it.
        Waits = "waits",
        /// It has answered.
        Answered = "answered",
        /// It could not.
        Failed = "failed",
    }
}

/// A case of another service, as the case knows it that opened it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its name in `service.yaml`.
    pub name: Name,
    /// The key of the case.
    pub case: String,
    /// The service.
    pub service: String,
    /// How it ended; `None` while it is open.
    pub end: Option<End>,
    /// The number of the record that it made.
    pub record: Option<String>,
}
