//! The variables of messages and papers, as data: the checks, the manual and the samples read
//! this list, so none of them can say something else.

use super::facts::Fact;

/// One variable, apart from `answers.…`, which follow from the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name: `demand.total`.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// What kind of value.
    pub kind: VariableKind,
    /// What must have happened for it to be there; `None` if it always is.
    pub needs: Option<Need>,
    /// Whether only papers have it.
    pub papers_only: bool,
    /// Characters it may fill in a short message; longer values are cut there.
    pub room: usize,
}

/// Kinds of values. Messages get all of them as words; papers format them with helpers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// Words.
    Words,
    /// An address of the web, never cut.
    Link,
    /// A day: `{{date …}}` in papers.
    Day,
    /// An amount: `{{money …}}` or `{{words …}}` in papers.
    Money,
    /// Several rows, for `{{#each …}}`.
    Rows(&'static [Variable]),
}

/// What must have happened for a variable to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The action asks for a comment that must be written.
    Comment,
    /// A demand was raised.
    Demand,
    /// Money was received.
    Receipt,
    /// It is a bill.
    Bill,
    /// It is the sheet of a till.
    Till,
    /// It is about a case.
    Case,
    /// A record was granted, or the case is about one.
    Record,
    /// The same, and anybody may pay what is owed on it.
    Payable,
    /// That record ends on a day.
    Expiry,
    /// Somebody was named to have the case.
    Assignee,
    /// The service states what the law promises.
    Statute,
    /// Nothing that could be proved: guard it with `{{#if}}`.
    Luck,
}

impl Need {
    /// The fact that answers it.
    pub(crate) fn fact(self) -> Option<Fact> {
        Some(match self {
            Self::Comment => Fact::Comment,
            Self::Demand => Fact::Demand,
            Self::Receipt => Fact::Receipt,
            Self::Bill => Fact::Bill,
            Self::Till => Fact::Till,
            Self::Record => Fact::Record,
            Self::Payable => Fact::Payable,
            Self::Expiry => Fact::Expiry,
            Self::Assignee => Fact::Assignee,
            Self::Statute => Fact::Statute,
            Self::Case | Self::Luck => return None,
        })
    }

    /// When a variable that needs this is there, in words for authors.
    pub fn present(self) -> &'static str {
        match self {
            Self::Comment => "where the action says `comment: required`",
            Self::Demand => "after an action with `demand: raise`",
            Self::Receipt => "after `once: paid`, and on receipts",
            Self::Bill => "on `bill`, the paper about what is owed on a record",
            Self::Till => "on `day_sheet`, the paper about a till that is closed",
            Self::Case => "on papers about an application",
            Self::Record => "after an action with `grant`, and in services opened on a record",
            Self::Payable => "as `record.number`, where billing.yaml says `pay: public`",
            Self::Expiry => "as `record.number`, where the grant says `valid_until`",
            Self::Assignee => "after an action with `assign: required` or `assign: actor`",
            Self::Statute => "where service.yaml has a `statute`",
            Self::Luck => "sometimes",
        }
    }
}

const fn variable(name: &'static str, kind: VariableKind, room: usize, meaning: &'static str) -> Variable {
    Variable { name, meaning, kind, needs: None, papers_only: false, room }
}

const fn needs(need: Need, of: Variable) -> Variable {
    Variable { needs: Some(need), ..of }
}

const fn paper(of: Variable) -> Variable {
    Variable { papers_only: true, ..of }
}

use VariableKind::{Day, Link, Money, Rows, Words};

const AMOUNTS: &[Variable] =
    &[variable("label", Words, 30, "What the line is"), variable("amount", Money, 12, "How much")];

const MODES: &[Variable] = &[
    variable("mode", Words, 20, "How it was paid"),
    variable("reference", Words, 30, "The cheque, card slip or gateway reference"),
    variable("amount", Money, 12, "How much"),
];

const SHOWN: &[Variable] =
    &[variable("label", Words, 30, "The question"), variable("value", Words, 30, "The answer, as people write it")];

const PAGES: &[Variable] = &[
    variable("title", Words, 30, "The heading of the page"),
    variable("rows", Rows(SHOWN), 0, "The questions of the page that were answered"),
];

const STEPS: &[Variable] =
    &[variable("label", Words, 30, "What was reckoned"), variable("value", Words, 12, "What came out")];

const PARTS: &[Variable] = &[
    variable("title", Words, 40, "The service, and the period"),
    variable("due", Day, 10, "The last day to pay without consequence"),
    variable("lines", Rows(AMOUNTS), 0, "What it is made of, charges of the day included"),
    variable("total", Money, 12, "How much in all"),
    variable("steps", Rows(STEPS), 0, "How the amounts came about"),
];

const SUMS: &[Variable] = &[
    variable("mode", Words, 20, "How it was paid"),
    variable("receipts", Words, 6, "How many receipts stand"),
    variable("expected", Money, 12, "What ought to be there"),
    variable("counted", Money, 12, "What was counted"),
    variable("difference", Money, 12, "What is there beyond what ought to be; less than nothing if some is missing"),
];

const PIECES: &[Variable] = &[
    variable("worth", Words, 20, "What a note is worth, or that these are the coins"),
    variable("number", Words, 6, "How many notes"),
    variable("amount", Money, 12, "How much together"),
];

const CHEQUES: &[Variable] = &[
    variable("number", Words, 12, "The number of the cheque"),
    variable("bank", Words, 12, "The bank"),
    variable("dated", Day, 10, "The day on it"),
    variable("receipt", Words, 24, "The receipt it was taken for"),
    variable("amount", Money, 12, "How much"),
];

const TAKEN: &[Variable] = &[
    variable("number", Words, 24, "The number of the receipt"),
    variable("mode", Words, 20, "How it was paid"),
    variable("reference", Words, 30, "The slip, transaction or cheque"),
    variable("state", Words, 30, "Whether it counts"),
    variable("amount", Money, 12, "How much"),
];

/// Every variable but `answers.…`. Files, photos and points are not words, so messages and papers
/// cannot print them.
pub const VARIABLES: &[Variable] = &[
    variable("number", Words, 24, "The number of the application"),
    variable("service", Words, 40, "The title of the service"),
    variable("state", Words, 40, "Where the application stands, in the applicant's words"),
    variable("link", Link, 48, "The address of the application's page"),
    needs(Need::Comment, variable("comment", Words, 40, "What was said with the action")),
    needs(Need::Assignee, variable("assignee", Words, 30, "Who has the application now")),
    needs(Need::Statute, variable("promised_on", Day, 10, "The day by which the law promises a decision")),
    variable("tenant.name", Words, 40, "The full name of the local body"),
    variable("applicant.name", Words, 30, "The name of whoever applied"),
    needs(Need::Demand, variable("demand.total", Money, 12, "What was charged in all")),
    needs(Need::Demand, variable("demand.due", Day, 10, "The last day to pay")),
    needs(Need::Receipt, variable("receipt.number", Words, 24, "The number of the latest receipt")),
    needs(Need::Receipt, variable("receipt.amount", Money, 12, "What was received with it")),
    needs(
        Need::Record,
        variable("record.number", Words, 24, "The number of the record: license, connection, registration"),
    ),
    needs(
        Need::Payable,
        variable("pay_link", Link, 48, "The address at which anybody sees what is owed on the record, and pays it"),
    ),
    needs(Need::Expiry, variable("record.valid_until", Day, 10, "The last day on which the record is valid")),
    paper(variable("today", Day, 10, "The day the paper is made")),
    paper(variable("submitted_on", Day, 10, "The day the application was handed in")),
    paper(variable("verify_link", Link, 48, "The address at which anybody can check the paper")),
    paper(variable("tenant.short", Words, 30, "The short name of the place")),
    paper(variable("tenant.state", Words, 30, "The name of the state")),
    paper(variable("tenant.district", Words, 30, "The name of the district")),
    paper(variable("department", Words, 30, "The department that answers for the service")),
    paper(needs(Need::Statute, variable("statute.law", Words, 40, "The law that promises a decision"))),
    paper(needs(Need::Statute, variable("statute.officer", Words, 30, "The post that answers for the decision"))),
    paper(needs(Need::Record, variable("record.valid_from", Day, 10, "The first day on which the record is valid"))),
    paper(needs(
        Need::Record,
        variable("record.verify_link", Link, 48, "The address at which anybody can check the record"),
    )),
    paper(needs(Need::Demand, variable("demand.raised_on", Day, 10, "The day it was charged"))),
    paper(needs(Need::Demand, variable("demand.authority", Words, 40, "Who set the rates"))),
    paper(needs(Need::Demand, variable("demand.owed", Money, 12, "What is still to be paid"))),
    paper(needs(Need::Demand, variable("demand.lines", Rows(AMOUNTS), 0, "What was charged, line by line"))),
    paper(needs(Need::Receipt, variable("receipt.date", Day, 10, "The day on the receipt"))),
    paper(needs(Need::Receipt, variable("receipt.mode", Words, 20, "How it was paid"))),
    paper(needs(Need::Luck, variable("receipt.reference", Words, 30, "The cheque, card slip or gateway reference"))),
    paper(needs(
        Need::Receipt,
        variable("receipt.parts", Rows(MODES), 0, "What came by each mode, where it came by more than one"),
    )),
    paper(needs(Need::Receipt, variable("receipt.lines", Rows(AMOUNTS), 0, "What the money settled, line by line"))),
    paper(needs(Need::Bill, variable("bill.number", Words, 24, "The number of the record that is billed"))),
    paper(needs(Need::Bill, variable("bill.what", Words, 30, "What such a record is called"))),
    paper(needs(Need::Bill, variable("bill.holder", Words, 30, "The name of whoever holds it; masked for strangers"))),
    paper(needs(Need::Luck, variable("bill.place", Words, 30, "Where it is"))),
    paper(needs(Need::Bill, variable("bill.day", Day, 10, "The day of the bill"))),
    paper(needs(Need::Bill, variable("bill.due", Day, 10, "The earliest day by which something is due"))),
    paper(needs(Need::Bill, variable("bill.parts", Rows(PARTS), 0, "What is owed, period by period"))),
    paper(needs(Need::Bill, variable("bill.total", Money, 12, "What is owed in all"))),
    paper(needs(Need::Luck, variable("bill.until", Day, 10, "The last day on which no more is owed"))),
    paper(needs(Need::Luck, variable("bill.more", Money, 12, "How much more it is on the day after"))),
    paper(needs(Need::Luck, variable("bill.credit", Money, 12, "What was paid in advance"))),
    paper(needs(Need::Bill, variable("bill.pay_link", Link, 48, "The address at which anybody can pay it"))),
    paper(needs(Need::Till, variable("till.number", Words, 24, "The number of the till"))),
    paper(needs(Need::Till, variable("till.owner", Words, 30, "Whose it is"))),
    paper(needs(Need::Luck, variable("till.counter", Words, 30, "The counter it stood at"))),
    paper(needs(Need::Till, variable("till.day", Day, 10, "The day whose money it holds"))),
    paper(needs(Need::Till, variable("till.opened", Words, 20, "When it was opened"))),
    paper(needs(Need::Till, variable("till.float", Money, 12, "The cash that was in it at first"))),
    paper(needs(Need::Till, variable("till.counted", Words, 20, "When it was counted"))),
    paper(needs(Need::Till, variable("till.counted_by", Words, 30, "Who counted it"))),
    paper(needs(Need::Luck, variable("till.absent", Words, 40, "Why another person than the owner counted it"))),
    paper(needs(
        Need::Luck,
        variable("till.reason", Words, 40, "Why what was counted differs from what ought to be there"),
    )),
    paper(needs(
        Need::Till,
        variable("till.sums", Rows(SUMS), 0, "What ought to be there and what was counted, by mode"),
    )),
    paper(needs(Need::Till, variable("till.pieces", Rows(PIECES), 0, "The notes and coins that were counted"))),
    paper(needs(Need::Till, variable("till.cash", Money, 12, "The cash that was counted and handed over"))),
    paper(needs(Need::Till, variable("till.taken", Money, 12, "What came in by all modes"))),
    paper(needs(Need::Till, variable("till.cheques", Rows(CHEQUES), 0, "The cheques and drafts in it"))),
    paper(needs(Need::Till, variable("till.receipts", Rows(TAKEN), 0, "The receipts, those taken back among them"))),
    paper(needs(Need::Till, variable("till.confirmed", Words, 20, "When the count was confirmed"))),
    paper(needs(Need::Till, variable("till.confirmed_by", Words, 30, "Who confirmed it"))),
    paper(needs(Need::Luck, variable("till.answer", Words, 40, "What was said with that"))),
    paper(needs(Need::Luck, variable("till.voucher", Words, 24, "The voucher of the difference of cash"))),
    paper(variable("pages", Rows(PAGES), 0, "Everything that was answered, page by page")),
];

impl Variable {
    /// Whether it is known of the town, whatever is written about.
    pub(crate) fn is_of_the_town(&self) -> bool {
        self.name == "today" || self.name.starts_with("tenant.")
    }
}

/// The variable called `name`, for messages or for papers.
pub(crate) fn find(name: &str, papers: bool) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name && (papers || !variable.papers_only))
}
