//! Paying: a bill and why it is what it is, the payment page, what became of it.

use serde::Serialize;

use super::common::{Due, ErrorLink, Paper, Tag};
use super::field::FieldView;

/// A bill as it is read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Bill {
    /// Number of the demand; empty for a reckoning that is not yet one.
    pub number: String,
    /// What it is made of, in printed order.
    pub lines: Vec<BillLine>,
    /// The sum.
    pub total: String,
    /// Why it is that, step by step.
    pub steps: Vec<Step>,
}

/// One line of a bill.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BillLine {
    /// The head.
    pub label: String,
    /// A few words more; empty for none.
    pub note: String,
    /// The amount, formatted; a rebate with its sign.
    pub amount: String,
}

impl BillLine {
    /// A line without a note.
    pub fn new(label: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { label: label.into(), note: String::new(), amount: amount.into() }
    }
}

/// One step of a reckoning.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Step {
    /// What was reckoned.
    pub name: String,
    /// The result.
    pub value: String,
    /// The rate or rule used; empty for none.
    pub rate: String,
    /// Who set it; empty for none.
    pub authority: String,
    /// Rounding before and after; empty for none.
    pub rounding: String,
}

/// `/{tenant}/cases/{case}/pay`
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pay {
    /// The service.
    pub service: String,
    /// Number of the case.
    pub number: String,
    /// What is owed.
    pub bill: Bill,
    /// By when.
    pub due: Option<Due>,
    /// Where the form posts.
    pub action: String,
    /// Ways to pay: a choice; and an amount, where part may be paid.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no field.
    pub errors: Vec<ErrorLink>,
    /// Where it can be paid in person, a line each.
    pub counter: Vec<String>,
    /// The case's own page.
    pub case: String,
}

/// `/{tenant}/cases/{case}/pay/return`
#[derive(Debug, Clone, Default, Serialize)]
pub struct PayResult {
    /// What became of it.
    pub outcome: PayOutcome,
    /// The service.
    pub service: String,
    /// Number of the case.
    pub number: String,
    /// How much.
    pub amount: String,
    /// The gateway's own reference; empty for none.
    pub reference: String,
    /// When, formatted.
    pub when: String,
    /// The receipt of this payment, once the money came.
    pub receipt: Option<Bill>,
    /// Whether the receipt as a file is still being made.
    pub soon: bool,
    /// The receipt as a file, and what was issued with it.
    pub papers: Vec<Paper>,
    /// Why it failed, in words; empty for unknown.
    pub reason: String,
    /// The page to try again.
    pub retry: String,
    /// This page, asked again while the payment is pending.
    pub here: String,
    /// Seconds after which a page that waits for something asks again by itself; 0 for never.
    pub refresh: u32,
    /// What else the payer should know; while the payment is pending, why, if not for the bank. Empty for nothing.
    pub note: String,
    /// The case's own page, or the bill of the record.
    pub case: String,
    /// What that is called.
    pub case_text: String,
}

/// What became of a payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PayOutcome {
    /// The money came.
    Success,
    /// It did not.
    Failed,
    /// Not yet known.
    #[default]
    Pending,
}

/// A bill with its state, as the desk sees it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Demand {
    /// The bill.
    pub bill: Bill,
    /// Open, paid, cancelled.
    pub state: Tag,
    /// By when.
    pub due: Option<Due>,
}

/// One voucher, as it is posted or would be.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Voucher {
    /// Its number; empty for one that would be posted.
    pub number: String,
    /// Day and occasion.
    pub title: String,
    /// Its lines.
    pub lines: Vec<VoucherLine>,
}

/// One line of a voucher; exactly one of the two amounts is there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct VoucherLine {
    /// Code of the account.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Debit, formatted; empty for a credit.
    pub debit: String,
    /// Credit, formatted; empty for a debit.
    pub credit: String,
}

/// A receipt in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReceiptLine {
    /// Its page.
    pub href: String,
    /// Its number.
    pub number: String,
    /// When.
    pub when: String,
    /// How: cash, cheque, online.
    pub mode: String,
    /// How much.
    pub amount: String,
    /// Good, cancelled, dishonoured.
    pub state: Tag,
}
