//! Why a command is refused: the person's doing, or the moment's. A closed set; the names are sentences.

use crate::base::{Money, Name, Text};
use crate::form::FieldError;
use crate::rule::RuleFailed;

/// Why nothing happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No action of this name leaves the present state.
    NoSuchAction(Name),
    /// The action is for other roles.
    NotYourRole,
    /// The case is another person's.
    NotYourCase,
    /// The same person did an earlier step that must be kept apart.
    SamePersonActedBefore,
    /// Nobody decides on an own application.
    OwnCase,
    /// The action's condition does not hold.
    NotInThisCase,
    /// The time for it is over.
    TooLate,
    /// Its time has not come.
    NotYet,
    /// The period was billed before.
    BilledBefore,
    /// The case changed since it was looked at.
    ChangedMeanwhile,
    /// A comment is needed.
    CommentMissing,
    /// The comment is too long; the most characters.
    CommentTooLong(usize),
    /// Somebody must be named.
    AssigneeMissing,
    /// The named person cannot act next.
    AssigneeCannotAct,
    /// Answers will not do.
    Answers(Vec<FieldError>),
    /// Answers cannot be changed here.
    NotEditable,
    /// No page of this name is asked.
    NoSuchPage(Name),
    /// The rule gave no amount.
    FeeNotComputed(RuleFailed),
    /// Less than is owed came over a counter that takes only the whole; what is owed.
    NotTheWholeAmount(Money),
    /// No file of this key was answered with.
    NoSuchFile,
    /// No receipt of this number, or it is cancelled already.
    NoSuchReceipt,
    /// Who asked for a cancellation cannot agree to it.
    SamePersonAsked,
    /// The record is not there or not in a state that allows this.
    RecordNotFit,
    /// No case is opened on the record as it is; what the author says to that.
    NotOnThisRecord(Text),
    /// The mode of payment is not known.
    UnknownMode,
    /// The service charges nothing, so no money can be received for it.
    NothingToPay,
    /// The amount is nothing, or less.
    NotAnAmount,
}

impl Refusal {
    /// Its name, as scenarios and the API write it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoSuchAction(_) => "no_such_action",
            Self::NotYourRole => "not_your_role",
            Self::NotYourCase => "not_your_case",
            Self::SamePersonActedBefore => "same_person_acted_before",
            Self::OwnCase => "own_case",
            Self::NotInThisCase => "not_in_this_case",
            Self::TooLate => "too_late",
            Self::NotYet => "not_yet",
            Self::BilledBefore => "billed_before",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::CommentMissing => "comment_missing",
            Self::CommentTooLong(_) => "comment_too_long",
            Self::AssigneeMissing => "assignee_missing",
            Self::AssigneeCannotAct => "assignee_cannot_act",
            Self::Answers(_) => "answers",
            Self::NotEditable => "not_editable",
            Self::NoSuchPage(_) => "no_such_page",
            Self::FeeNotComputed(_) => "fee_not_computed",
            Self::NotTheWholeAmount(_) => "not_the_whole_amount",
            Self::NoSuchFile => "no_such_file",
            Self::NoSuchReceipt => "no_such_receipt",
            Self::SamePersonAsked => "same_person_asked",
            Self::RecordNotFit | Self::NotOnThisRecord(_) => "record_not_fit",
            Self::UnknownMode => "unknown_mode",
            Self::NothingToPay => "nothing_to_pay",
            Self::NotAnAmount => "not_an_amount",
        }
    }
}
