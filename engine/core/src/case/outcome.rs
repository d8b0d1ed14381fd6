//! Everything that a command leads to, before it is written.

use crate::base::{Answers, Name};
use crate::billing::{Demand, Receipt};
use crate::case::{Case, TakeOver};
use crate::ledger::Voucher;
use crate::notice::Recipient;
use crate::registry::{Record, Serials};
use crate::stock::Numbered;

/// What must be written down, all of it in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The case as it will be; its version is one more.
    pub case: Case,
    /// What happened, for the record of events.
    pub event: Event,
    /// Vouchers to be added to the books.
    pub vouchers: Vec<Voucher>,
    /// The versions of records to be added: first that of the record the case is about, then those of
    /// records that came of it or became part of it.
    pub records: Vec<RecordChange>,
    /// Messages to be sent afterwards.
    pub notices: Vec<NoticeOrder>,
    /// Papers to be issued afterwards.
    pub papers: Vec<PaperOrder>,
    /// The series with the numbers that were given.
    pub serials: Serials,
    /// Cases of other services to be opened.
    pub opens: Vec<ChildOrder>,
    /// Cases that this one opened and that nobody needs any more.
    pub voids: Vec<VoidOrder>,
    /// Programs to be asked afterwards.
    pub asks: Vec<ProgramOrder>,
    /// What is used up of stocks.
    pub uses: Vec<Used>,
}

/// A case of another service to be opened in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildOrder {
    /// Its name in `service.yaml` of the case that opens it.
    pub name: Name,
    /// The key that it gets.
    pub case: String,
    /// The service.
    pub service: String,
    /// What it is given to begin with.
    pub answers: Answers,
    /// The applicant's action with which it is sent at once.
    pub sends: Option<Name>,
    /// The record that is taken over by it at once, where that is what it is opened for.
    pub takes_over: Option<Box<TakeOver>>,
}

/// A number that is used up: it was held by whoever acted, and is nobody's afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The stock.
    pub stock: Name,
    /// The number.
    pub number: Numbered,
}

/// A program to be asked: with the answers of this very version of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramOrder {
    /// The page that it answers.
    pub page: Name,
    /// The program.
    pub program: Name,
}

/// A case to be ended in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidOrder {
    /// Its key.
    pub case: String,
    /// The last state to which it goes.
    pub to: Name,
}

/// What happened. Never changed afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The command's word.
    pub command: &'static str,
    /// The action taken, if one was.
    pub action: Option<Name>,
    /// The role it was taken in.
    pub role: Option<Name>,
    /// The state before.
    pub from: Name,
    /// The state after.
    pub to: Name,
    /// What was said.
    pub comment: String,
    /// Whether the applicant reads it.
    pub public: bool,
    /// Answers that changed: path, before, after, as JSON.
    pub changed: Vec<(String, serde_json::Value, serde_json::Value)>,
    /// Demands that were raised or changed, as they are afterwards.
    pub demands: Vec<Demand>,
    /// The receipt that was written or cancelled, as it is afterwards.
    pub receipt: Option<Receipt>,
}

/// A record as it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// The grant that made it.
    pub grant: Name,
    /// The new version.
    pub record: Record,
}

/// A message to be composed and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeOrder {
    /// The notice of the service.
    pub notice: Name,
    /// Who is told.
    pub to: Recipient,
}

/// A paper to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperOrder {
    /// The document of the service.
    pub document: Name,
}
