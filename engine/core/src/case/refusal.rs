//! Why a command is refused: the person's doing, or the moment's. A closed set; the names are sentences.

use crate::base::{Day, Money, Name, Text};
use crate::billing::InstrumentWrong;
use crate::form::FieldError;
use crate::identity::Whole;
use crate::reserve::{Blocked, Occupied, Wrong};
use crate::rule::RuleFailed;

/// The reasons, each with the name that scenarios and the API write.
macro_rules! refusals {
    ($(#[doc = $about:literal] $reason:ident $(($carries:ty))? = $word:literal,)*) => {
        /// Why nothing happens.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $(#[doc = $about] $reason $(($carries))?,)*
        }

        impl Refusal {
            /// Its name, as scenarios and the API write it.
            pub fn word(&self) -> &'static str {
                match self {
                    $(Self::$reason { .. } => $word,)*
                }
            }

            /// Every name, with what it means; reasons that are told apart only inside have one name.
            pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
                [$(($word, $about)),*].into_iter().map(|(word, about)| (word, about.trim()))
            }
        }
    };
}

refusals! {
    /// No action of this name leaves the present state.
    NoSuchAction(Name) = "no_such_action",
    /// The action is for other roles.
    NotYourRole = "not_your_role",
    /// The case is another person's.
    NotYourCase = "not_your_case",
    /// The same person did an earlier step that must be kept apart.
    SamePersonActedBefore = "same_person_acted_before",
    /// Nobody decides on an own application.
    OwnCase = "own_case",
    /// The action's condition does not hold.
    NotInThisCase = "not_in_this_case",
    /// The time for it is over.
    TooLate = "too_late",
    /// Its time has not come.
    NotYet = "not_yet",
    /// The period was billed before.
    BilledBefore = "billed_before",
    /// The case changed since it was looked at.
    ChangedMeanwhile = "changed_meanwhile",
    /// A comment is needed.
    CommentMissing = "comment_missing",
    /// The comment is too long; the most characters.
    CommentTooLong(usize) = "comment_too_long",
    /// What was said has a whole number by which a person is known; which, and how it may be written.
    IdentityNumber(Whole) = "identity_number",
    /// Somebody must be named.
    AssigneeMissing = "assignee_missing",
    /// The named person cannot act next.
    AssigneeCannotAct = "assignee_cannot_act",
    /// Answers will not do.
    Answers(Vec<FieldError>) = "answers",
    /// Answers cannot be changed here.
    NotEditable = "not_editable",
    /// No page of this name is asked.
    NoSuchPage(Name) = "no_such_page",
    /// The rule gave no amount.
    FeeNotComputed(RuleFailed) = "fee_not_computed",
    /// Less than is owed came over a counter that takes only the whole; what is owed.
    NotTheWholeAmount(Money) = "not_the_whole_amount",
    /// Less came over a counter than may be paid at once; how much that is.
    LessThanTheLeast(Money) = "less_than_the_least",
    /// No file of this key was answered with.
    NoSuchFile = "no_such_file",
    /// No receipt of this number, or it is cancelled already.
    NoSuchReceipt = "no_such_receipt",
    /// Who asked for a cancellation cannot agree to it.
    SamePersonAsked = "same_person_asked",
    /// The record is not there or not in a state that allows this.
    RecordNotFit = "record_not_fit",
    /// The register has a record of this number, or a record may not have such a number; the number.
    NumberNotFree(String) = "number_not_free",
    /// No case is opened on the record as it is; what the author says to that.
    NotOnThisRecord(Text) = "record_not_fit",
    /// The mode of payment is not known, or the service does not take it.
    UnknownMode = "unknown_mode",
    /// The service charges nothing, so no money can be received for it.
    NothingToPay = "nothing_to_pay",
    /// The amount is nothing, or less; the modes of a payment do not make it, or name one cheque twice; or an amendment that adds and takes off at once.
    NotAnAmount = "not_an_amount",
    /// A new assessment may not lower this demand.
    MayNotBeLowered = "may_not_be_lowered",
    /// The cheque or draft is not complete, dated later than today, or too old.
    InstrumentNotFit(InstrumentWrong) = "instrument_not_fit",
    /// The number is missing by which money of this mode is found again.
    ReferenceMissing = "reference_missing",
    /// Only a cheque or a draft can be dishonoured.
    NoInstrument = "no_instrument",
    /// A later receipt of the same demand stands: that one is taken back first.
    LaterReceipt = "later_receipt",
    /// The money of this receipt was paid back.
    RefundedBefore = "refunded_before",
    /// Money is taken over the counter only into a till, and the clerk has opened none.
    NoTill = "no_till",
    /// The clerk's till is of another day: it is counted first.
    TillOfAnotherDay = "till_of_another_day",
    /// The books are closed for the day of which a voucher would be written.
    BooksClosed = "books_closed",
    /// The amount is beyond what the person may decide; up to which that is.
    AbovePower(Money) = "above_power",
    /// No money waits that could be paid back.
    NothingToRefund = "nothing_to_refund",
    /// What the author says where conditions of the action do not hold.
    NotOffered(Unmet) = "not_in_this_case",
    /// What the author says to the code with which the rule refused.
    Declined(Text) = "fee_not_computed",
    /// Another case has it on one of these days; which, and when it is free.
    SlotTaken(Occupied) = "slot_taken",
    /// It is closed on one of these days; which.
    SlotClosed(Day) = "slot_closed",
    /// It was closed by the office on one of these days; which, and why.
    SlotBlocked(Blocked) = "slot_blocked",
    /// So soon it cannot be had any more; the first day on which it can.
    SlotTooEarly(Day) = "slot_too_early",
    /// So far ahead it cannot be had yet; the last day on which it can.
    SlotTooFar(Day) = "slot_too_far",
    /// The answers name nothing, no days, a last day before the first, or too much at once.
    SlotUnknown = "slot_unknown",
    /// Whoever acts holds nothing of the stock of which the action uses up one.
    StockEmpty = "stock_empty",
    /// The number that was named is held by somebody else, or is on its way.
    NotYours = "not_yours",
    /// There is no such number in the stock, or it was used or written off.
    NumberNotInStock = "number_not_in_stock",
}

/// The conditions of an action that do not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// Their names, one for each of the words; none where the action has a single condition, which has no name.
    pub names: Vec<Name>,
    /// What the author says to each.
    pub words: Vec<Text>,
}

impl Refusal {
    /// The names of the conditions that do not hold, where the action has several.
    pub fn conditions(&self) -> &[Name] {
        match self {
            Self::NotOffered(unmet) => &unmet.names,
            _ => &[],
        }
    }

    /// What the author of the service says to it, each thing that does not hold for itself; nothing where that is
    /// left to the words of pages.
    pub fn words_of_author(&self) -> &[Text] {
        match self {
            Self::NotOffered(unmet) => &unmet.words,
            Self::NotOnThisRecord(text) | Self::Declined(text) => std::slice::from_ref(text),
            _ => &[],
        }
    }

    /// The same in `language`, one sentence after the other; nothing where the author says nothing.
    pub fn said_by_author(&self, language: &str) -> Option<String> {
        let said: Vec<&str> = self.words_of_author().iter().map(|text| text.in_language(language)).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Taken(occupied) => Self::SlotTaken(occupied),
            Wrong::Closed(day) => Self::SlotClosed(day),
            Wrong::Blocked(blocked) => Self::SlotBlocked(blocked),
            Wrong::TooEarly(first) => Self::SlotTooEarly(first),
            Wrong::TooFar(last) => Self::SlotTooFar(last),
            Wrong::Unknown => Self::SlotUnknown,
        }
    }
}
