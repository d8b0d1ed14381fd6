//! The counter: finding what is owed, taking money, receipts and their cancellation.

use serde::Serialize;

use super::common::{ErrorLink, Row, Tag};
use super::desk::Identity;
use super::field::FieldView;
use super::money::{Bill, BillLine, Voucher};

/// `/{tenant}/desk/collect`: one box finds a case, a person, a bill.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CollectSearch {
    /// Where the search leads (POST, parameter `q`).
    pub action: String,
    /// What was looked for.
    pub query: String,
    /// Whether a search was made.
    pub searched: bool,
    /// What was found.
    pub hits: Vec<CollectHit>,
}

/// Something found at the counter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CollectHit {
    /// The collecting page, or the case's where nothing is owed.
    pub href: String,
    /// Number of the case or bill.
    pub number: String,
    /// Whose it is.
    pub name: String,
    /// The service.
    pub service: String,
    /// What is owed; empty for nothing.
    pub amount: String,
    /// Due, overdue, paid.
    pub state: Tag,
}

/// `/{tenant}/desk/cases/{case}/collect`
#[derive(Debug, Clone, Default, Serialize)]
pub struct Collect {
    /// The bar on top.
    pub identity: Identity,
    /// What is owed.
    pub bill: Bill,
    /// Where the form posts.
    pub action: String,
    /// Mode, amount, payer, reference of cheque or card.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no field.
    pub errors: Vec<ErrorLink>,
    /// What is given back of the cash, in words; empty for nothing.
    pub change: String,
    /// What several modes are short of what is owed, or beyond it, in words; empty where they make it.
    pub missing: String,
    /// Whether a button brings the questions of another mode (`_add`).
    pub another: bool,
    /// What taking it leads to; none while that cannot be told.
    pub consequences: Option<super::desk::Consequences>,
    /// The name of the button: *Take ₹1,200.00*.
    pub submit: String,
}

/// `/{tenant}/desk/receipts/{receipt}`
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskReceipt {
    /// Its number.
    pub number: String,
    /// Good, cancellation asked for, cancelled, dishonoured.
    pub state: Tag,
    /// Payer, case, day, mode, reference, who took it.
    pub rows: Vec<Row>,
    /// What it settled.
    pub lines: Vec<BillLine>,
    /// The sum.
    pub total: String,
    /// The sum in words.
    pub in_words: String,
    /// What was posted.
    pub vouchers: Vec<Voucher>,
    /// Where the button posts that prints the receipt; a reprint is marked and counted. Empty where it
    /// cannot be printed.
    pub print: String,
    /// What comes out: *PDF, A5*.
    pub print_detail: String,
    /// How often it was printed, in words; empty for never.
    pub printed: String,
    /// The page that asks for, or decides on, its cancellation; none where that is not allowed.
    pub cancel: Option<String>,
    /// What that link says.
    pub cancel_text: String,
    /// Why it cannot be cancelled now; empty where it can.
    pub cancel_why: String,
}

/// `/{tenant}/desk/receipts/{receipt}/cancel`: asked for by one person, decided by another.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CancelReceipt {
    /// Number of the receipt.
    pub number: String,
    /// Whether this is the second person's decision.
    pub deciding: bool,
    /// The receipt; and who asked, when and why, once somebody has.
    pub rows: Vec<Row>,
    /// What would be posted.
    pub vouchers: Vec<Voucher>,
    /// What else it leads to, a sentence each.
    pub text: Vec<String>,
    /// Reason, or the decision's comment.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no field.
    pub errors: Vec<ErrorLink>,
    /// Where the form posts (`decision` = `approve` or `refuse` when deciding).
    pub action: String,
    /// The receipt's own page.
    pub receipt: String,
}
