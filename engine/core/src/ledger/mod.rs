//! Double entry: one balanced voucher for each event.

pub(crate) mod check;
pub mod checks;
mod post;
pub(crate) mod yaml;

pub use post::reversed;

use std::collections::BTreeMap;

use crate::base::{Day, Money, Name, Text};
use crate::source::{At, Where};

/// The chart of accounts, shared by all services of a tenant.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Accounts by code.
    pub accounts: BTreeMap<String, Text>,
    /// Funds by name.
    pub funds: BTreeMap<Name, Text>,
    /// What kind of account a code is, by the digits it begins with.
    pub classes: BTreeMap<String, AccountClass>,
    /// The account of each mode of payment.
    pub collection: BTreeMap<String, String>,
    /// Where it is booked that a till has another sum in it than it ought to; nowhere, if nothing is said.
    pub cash_difference: Option<CashDifference>,
}

/// Where it is booked that a till has another sum in it than it ought to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashDifference {
    /// The fund.
    pub fund: Name,
    /// The account of what is missing.
    pub short: String,
    /// The account of what is there beyond it.
    pub over: String,
}

crate::source::scalar::words! {
    /// What kind of account it is.
    pub enum AccountClass {
        /// What the body owns or is owed.
        Assets = "assets",
        /// What it owes.
        Liabilities = "liabilities",
        /// What comes in for good.
        Income = "income",
        /// What goes out for good.
        Expenses = "expenses",
        /// What is left of the years before.
        Equity = "equity",
    }
}

impl Chart {
    /// What kind of account `code` is: by the longest beginning that is known.
    pub fn class(&self, code: &str) -> Option<AccountClass> {
        self.classes
            .iter()
            .filter(|(start, _)| code.starts_with(start.as_str()))
            .max_by_key(|(start, _)| start.len())
            .map(|(_, class)| *class)
    }
}

/// Which accounts the money of a service moves between.
#[derive(Clone, Debug)]
pub struct Postings {
    /// The fund.
    pub fund: At<Name>,
    /// The account of each head.
    pub heads: BTreeMap<Name, At<String>>,
    /// The fee falls due.
    pub demand: Pair,
    /// What was owed in a register that is taken over.
    pub opening: Option<Pair>,
    /// The money arrives.
    pub receipt: Pair,
    /// Money that no demand was waiting for.
    pub unapplied: Pair,
    /// A cheque was not honoured; a receipt the other way round if nothing is said.
    pub dishonour: Option<Pair>,
    /// Money that no demand was waiting for is paid back.
    pub refund: Option<Pair>,
    /// Money that no demand was waiting for is taken to another account of the same payer.
    pub set_off: Option<Pair>,
    /// Where the file begins.
    pub at: Where,
}

/// Where an event posts.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Debit side.
    pub debit: At<Side>,
    /// Credit side.
    pub credit: At<Side>,
}

/// One side of a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// The account of each head.
    Heads,
    /// The account of the mode of payment.
    Collection,
    /// This account.
    Account(String),
}

/// One balanced entry. It can only be made by [`Voucher::new`], which refuses what does not balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    number: String,
    on: Day,
    fund: Name,
    kind: VoucherKind,
    lines: Vec<Line>,
}

/// An account and a signed amount: debit is plus, credit is minus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The account's code.
    pub account: String,
    /// The amount.
    pub amount: Money,
}

/// What a voucher records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherKind {
    /// A fee fell due.
    Demand,
    /// What was owed in a register was taken over.
    Opening,
    /// A demand was taken back.
    DemandCancelled,
    /// Money arrived.
    Receipt,
    /// A receipt was taken back.
    ReceiptCancelled,
    /// Charges of the day of payment were fixed.
    Charge,
    /// A demand was assessed anew.
    Revision,
    /// Somebody decided on an amount that was added to a demand, or taken off.
    Amendment,
    /// A cheque was not honoured.
    Dishonour,
    /// Money that waited was paid back.
    Refund,
    /// Money that waited was taken to another account of the same payer.
    SetOff,
    /// A till had another sum in it than it ought to.
    CashDifference,
}

impl VoucherKind {
    /// Its name in the store and in journals.
    pub fn word(self) -> &'static str {
        match self {
            Self::Demand => "demand",
            Self::Opening => "opening",
            Self::DemandCancelled => "demand_cancelled",
            Self::Receipt => "receipt",
            Self::ReceiptCancelled => "receipt_cancelled",
            Self::Charge => "charge",
            Self::Revision => "revision",
            Self::Amendment => "amendment",
            Self::Dishonour => "dishonour",
            Self::Refund => "refund",
            Self::SetOff => "set_off",
            Self::CashDifference => "cash_difference",
        }
    }
}

/// Whether lines move anything once those of one account are put together.
pub(crate) fn moves(lines: &[Line]) -> bool {
    lines.iter().any(|line| {
        let same = lines.iter().filter(|other| other.account == line.account);
        same.map(|other| i128::from(other.amount.paise())).sum::<i128>() != 0
    })
}

impl Voucher {
    /// A voucher of these lines, sorted by account and merged; `None` if they do not balance or
    /// if nothing moves.
    pub fn new(number: String, on: Day, fund: Name, kind: VoucherKind, lines: &[Line]) -> Option<Self> {
        let mut by_account: BTreeMap<&str, Money> = BTreeMap::new();
        for line in lines {
            let sum = by_account.entry(&line.account).or_default();
            *sum = sum.checked_add(line.amount)?;
        }
        let lines: Vec<Line> = by_account
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| Line { account: account.to_owned(), amount })
            .collect();
        let balanced = lines.iter().map(|line| line.amount).sum::<Money>().is_zero();
        (balanced && !lines.is_empty()).then_some(Self { number, on, fund, kind, lines })
    }

    /// Its number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The day it counts for.
    pub fn on(&self) -> Day {
        self.on
    }

    /// The fund.
    pub fn fund(&self) -> &Name {
        &self.fund
    }

    /// What it records.
    pub fn kind(&self) -> VoucherKind {
        self.kind
    }

    /// Its lines: they sum to nothing.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}
