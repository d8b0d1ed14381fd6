//! Demands and receipts: what is owed, what came in, what it settled.

mod charge;
mod instrument;
mod law;
mod part_payment;
mod payment;
mod period;
pub(crate) mod check;
pub mod checks;
mod settle;
pub(crate) mod yaml;

pub use instrument::{Instrument, InstrumentWrong, is_instrument, needs_reference};
pub use law::{Law, Natural};
pub use part_payment::PartPayment;
pub use payment::{Part, Payment, by_mode};
pub use period::{Every, Period};
pub use settle::{close_if_settled, settle, settle_anew, unsettle};

use crate::base::money::Rounding;
use crate::base::{Answers, Day, Money, Name, Span, Text};
use crate::fees::Steps;
use crate::registry::NumberFormat;
use crate::source::{At, Where};

/// The mode of money that comes through a gateway; all others are taken at the counter.
pub const ONLINE: &str = "online";
/// The mode of notes and coins: what is counted when a till is closed.
pub const CASH: &str = "cash";
/// The modes in which money comes over the counter, in the order of its buttons; a town has those of them
/// that its accounts name, and a service may take fewer.
pub const COUNTER: [&str; 5] = [CASH, "cheque", "dd", "card", "upi"];

/// How a service bills.
#[derive(Clone, Debug)]
pub struct Billing {
    /// How long after it is raised a demand falls due.
    pub due_in: Span,
    /// What amounts are rounded to; at least a paisa.
    pub round_to: Money,
    /// How.
    pub rounding: Rounding,
    /// Whether the total is rounded, and `round_off` takes the difference, rather than each head.
    pub rounds_total: bool,
    /// The head of what is rounded: by the engine where the total is rounded, and otherwise by the rules.
    pub round_off: Option<Name>,
    /// Whether less than the whole may be paid, and how little.
    pub part_payment: PartPayment,
    /// Whether a new assessment may lower what was demanded.
    pub lowered: Lowered,
    /// Who may find what is owed on a record, and pay it; whoever applied if nothing is said.
    pub pay: Option<At<Pay>>,
    /// How money is divided over heads.
    pub settle: Settle,
    /// The day whose rates hold.
    pub rates_on: RatesOn,
    /// The least demand, where a nonzero one is smaller; zero for none.
    pub minimum: Money,
    /// What a bill is made of, in the order it is printed.
    pub heads: Vec<Head>,
    /// What is said where a rule refuses with a code.
    pub refusals: Vec<Words>,
    /// What must hold of the rules whatever is answered.
    pub laws: Vec<Law>,
    /// The numbers of receipts.
    pub receipt_number: At<NumberFormat>,
    /// Who takes money at the counter; nobody, if it comes through the gateway only.
    pub collects: Vec<At<Name>>,
    /// The modes that are taken at the counter; all, if none is named.
    pub modes: Vec<At<Name>>,
    /// Who may agree that a receipt is taken back.
    pub cancels: Vec<At<Name>>,
}

impl Billing {
    /// Whether somebody who holds `roles` takes money at the counter.
    pub fn collected_by(&self, roles: &[Name]) -> bool {
        self.collects.iter().any(|role| roles.contains(role))
    }

    /// Whether money of this mode is taken at the counter. What comes through the gateway is never refused.
    pub fn takes(&self, mode: &str) -> bool {
        self.modes.is_empty() || self.modes.iter().any(|taken| taken.value.as_str() == mode)
    }

    /// The least that is asked for at once where `owed` is owed on the day; nothing where only the whole is taken.
    pub fn least(&self, owed: Money) -> Option<Money> {
        self.part_payment.least(owed, self.round_to)
    }

    /// What is said where a rule refuses with `code`.
    pub fn words(&self, code: &str) -> Option<&Text> {
        self.refusals.iter().find(|words| words.code == *code).map(|words| &words.text)
    }

    /// Whether anybody may find what is owed on a record, and pay it.
    pub fn is_public(&self) -> bool {
        self.pay.as_ref().is_some_and(|pay| pay.value == Pay::Public)
    }

    /// Whether somebody who holds `roles` may agree that a receipt is taken back.
    pub fn cancelled_by(&self, roles: &[Name]) -> bool {
        self.cancels.iter().any(|role| roles.contains(role))
    }
}

/// What is said for a code with which a rule refuses.
#[derive(Clone, Debug)]
pub struct Words {
    /// The code.
    pub code: Name,
    /// What people read.
    pub text: Text,
    /// Where it is written.
    pub at: Where,
}

/// One line of what is charged.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its name, also in the rules and in `postings.yaml`.
    pub name: Name,
    /// What people read.
    pub label: Text,
    /// Where it is written.
    pub at: Where,
}

crate::source::scalar::words! {
    /// Who may find what is owed, and pay it.
    pub enum Pay {
        /// Whoever applied, signed in.
        Applicant = "applicant",
        /// Anybody who knows the number of the record.
        Public = "public",
    }
}

crate::source::scalar::words! {
    /// Whether a new assessment may lower what was demanded.
    pub enum Lowered {
        /// It may; what was paid beyond it waits for the next demand.
        Always = "always",
        /// As long as nothing was paid.
        Unpaid = "unpaid",
        /// It may not.
        Never = "never",
    }
}

crate::source::scalar::words! {
    /// How money is divided over the heads of a demand.
    pub enum Settle {
        /// In the order the bill is printed.
        PrintedOrder = "printed_order",
        /// The smallest amount first, as DIGIT does.
        SmallestFirst = "smallest_first",
    }
}

crate::source::scalar::words! {
    /// The day whose rates hold for a demand.
    pub enum RatesOn {
        /// The day the case was submitted.
        Application = "application",
        /// The day the demand is raised.
        Demand = "demand",
    }
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Counted from 1 within the case.
    pub seq: u32,
    /// The day it was raised.
    pub raised_on: Day,
    /// The last day to pay without consequence.
    pub due_on: Day,
    /// What it is for, where it comes round.
    pub period: Option<Period>,
    /// Whether it was taken over from another register, when its period was over.
    pub opening: bool,
    /// By head, in the order of the bill. Never empty of meaning: a demand of nothing is settled at once.
    pub lines: Vec<DemandLine>,
    /// Where it stands.
    pub status: DemandStatus,
    /// How the amounts came about.
    pub steps: Steps,
    /// The first day of the schedule that was used.
    pub rates_from: Day,
    /// Who set the rates.
    pub authority: String,
    /// What was added to it after it was raised, in order; contained in `lines`.
    pub notes: Vec<DemandNote>,
    /// The answers that charges of the day of payment look at, as they were when it was assessed; nothing
    /// where the rules look at none, or where it was taken over.
    pub answers: Option<Answers>,
}

/// What was added to a demand after it was raised: a debit note where it is more, a credit note where
/// it is less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandNote {
    /// Why.
    pub kind: NoteKind,
    /// The day it was decided.
    pub on: Day,
    /// Head, difference; never zero.
    pub heads: Vec<(Name, Money)>,
    /// How the amounts came about.
    pub steps: Steps,
}

/// Why a demand is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// It was assessed anew: the difference to what was assessed before.
    Revision,
    /// Somebody decided on an amount: a waiver, a write-off, a charge that was forgotten.
    Amendment,
    /// The bank did not honour a cheque.
    Dishonour,
}

/// One head of a demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandLine {
    /// The head.
    pub head: Name,
    /// What is charged; a rebate is negative.
    pub amount: Money,
    /// What has been settled of it, with the same sign.
    pub paid: Money,
}

/// Where a demand stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandStatus {
    /// Money is owed.
    Open,
    /// Nothing is owed any more.
    Settled,
    /// It was taken back.
    Cancelled,
}

impl Demand {
    /// What is settled first: the older period, the older demand.
    pub fn age(&self) -> (Day, u32) {
        (self.period.map_or(self.raised_on, |period| period.from), self.seq)
    }

    /// What was charged without what notes added, by head.
    pub fn before_notes(&self) -> Vec<(Name, Money)> {
        let noted = |head: &Name| {
            let heads = self.notes.iter().flat_map(|note| &note.heads);
            heads.filter(|(name, _)| name == head).map(|(_, amount)| *amount).sum::<Money>()
        };
        let lines = self.lines.iter().map(|line| (line.head.clone(), line.amount - noted(&line.head)));
        lines.filter(|(_, amount)| !amount.is_zero()).collect()
    }

    /// What was charged in all.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// What has been paid.
    pub fn paid(&self) -> Money {
        self.lines.iter().map(|line| line.paid).sum()
    }

    /// What is still owed; nothing once it is settled or cancelled.
    pub fn owed(&self) -> Money {
        if self.status == DemandStatus::Open { self.total() - self.paid() } else { Money::ZERO }
    }
}

/// A receipt: what came in and what it settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub number: String,
    /// The payment it acknowledges.
    pub payment: Payment,
    /// The day on it.
    pub on: Day,
    /// The number of the till that the money was put in, if it came over a counter with one.
    pub till: Option<String>,
    /// The charges of the day of payment that it fixed, by demand.
    pub charged: Vec<Charged>,
    /// What it settled: demand, head, amount.
    pub applied: Vec<(u32, Name, Money)>,
    /// What no demand was waiting for: owed back to the payer.
    pub unapplied: Money,
    /// What of it was paid back, or set off against another account.
    pub refunded: Money,
    /// The places of the parts of its payment that the bank sent back, while others stand.
    pub returned: Vec<usize>,
    /// Set once it is cancelled.
    pub cancelled: bool,
}

impl Receipt {
    /// Whether it gave something for the demand with this number.
    pub fn gave_for(&self, seq: u32) -> bool {
        self.applied.iter().any(|(demand, ..)| *demand == seq)
    }
}

/// Charges of a day of payment, once money came: they stand in the demand for as long as the receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    /// The demand they were added to.
    pub demand: u32,
    /// The day of payment.
    pub on: Day,
    /// Head, amount; a rebate is negative.
    pub heads: Vec<(Name, Money)>,
    /// How they came about.
    pub steps: Steps,
}

/// What is due on a day: open demands with the charges of that day. A view, never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The day.
    pub day: Day,
    /// One part for each open demand, the oldest first.
    pub parts: Vec<BillPart>,
    /// Head, amount: of all parts together.
    pub lines: Vec<(Name, Money)>,
    /// The sum.
    pub total: Money,
    /// How the amounts came about.
    pub steps: Steps,
    /// The earliest due day.
    pub due_on: Option<Day>,
}

/// What is due on a day of one demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillPart {
    /// The demand.
    pub demand: u32,
    /// What it is for, where it comes round.
    pub period: Option<Period>,
    /// The first day of that, or else the day it was raised: the older is settled first.
    pub since: Day,
    /// The last day to pay it without consequence.
    pub due_on: Day,
    /// Head, amount; charges of the day included.
    pub lines: Vec<(Name, Money)>,
    /// What of it only the day charges: interest, a penalty, a rebate.
    pub of_day: Vec<(Name, Money)>,
    /// The sum.
    pub total: Money,
    /// How the amounts came about.
    pub steps: Steps,
}
