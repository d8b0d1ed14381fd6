//! The record an approval leaves behind: its number and its validity.

mod check;
pub mod checks;
pub(crate) use check::grant as checked_grant;
mod grant;
mod number;
pub(crate) mod yaml;

pub use grant::{GrantFacts, NotFit, fact_domain, facts, facts_with_answers, make};
pub use number::NumberFacts;

use crate::base::{Answers, Day, Name, Span, Text};
use crate::source::{At, Where};

/// What an approved case leaves in a registry.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its name in `service.yaml`.
    pub name: Name,
    /// The registry.
    pub registry: At<Name>,
    /// Whether the record is made, prolonged or ended.
    pub mode: Mode,
    /// The numbers of new records.
    pub number: Option<NumberFormat>,
    /// When validity begins.
    pub valid_from: Validity,
    /// When it ends; `None` for ever.
    pub valid_until: Option<Validity>,
    /// The paper that shows it.
    pub document: Option<At<Name>>,
    /// What people call such a record.
    pub title: Text,
    /// Where it is written.
    pub at: Where,
}

crate::source::scalar::words! {
    /// What a grant does to the registry.
    pub enum Mode {
        /// A new record.
        Create = "create",
        /// The record the case is about is prolonged.
        Renew = "renew",
        /// The record the case is about ends.
        Revoke = "revoke",
    }
}

/// A day that depends on the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// The day of the decision.
    Today,
    /// The answer to a date question.
    Field(Name),
    /// So long after the first day, less one day.
    For(Span),
    /// The end of the financial year in which the first day falls, plus so many further years.
    FinancialYearEnd(i64),
    /// The end of the financial year written in this answer (`2026-27`).
    FinancialYearOf(Name),
    /// The end of the financial year of the first day, or of a later one: this many financial
    /// years in all, as answered.
    FinancialYears(Name),
    /// This many days in all, as answered.
    Days(Name),
    /// The day after the record's present last day, or today if that is later.
    AfterPresent,
    /// That day, or today if that is later or nothing was answered.
    NotBeforeToday(Box<Validity>),
    /// That day, or the end of the financial year of the first day if that is earlier.
    WithinFinancialYear(Box<Validity>),
}

impl Validity {
    /// The day itself, without what limits it.
    pub fn bare(&self) -> &Self {
        match self {
            Self::NotBeforeToday(day) | Self::WithinFinancialYear(day) => day.bare(),
            other => other,
        }
    }
}

/// A record of a registry, as it is on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The registry.
    pub registry: Name,
    /// Its number.
    pub number: String,
    /// Counted from 1; each grant makes a version.
    pub version: i64,
    /// The service whose form its answers fit.
    pub service: String,
    /// The case that made this version.
    pub case: String,
    /// Who holds it.
    pub holder: String,
    /// What is known about it.
    pub answers: Answers,
    /// First day of validity.
    pub valid_from: Day,
    /// Last day; `None` for ever.
    pub valid_until: Option<Day>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// Where a record stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordStatus {
    /// Its first day is yet to come.
    NotYet,
    /// In force.
    Active,
    /// Its last day is past.
    Expired,
    /// It was ended before its time.
    Revoked,
}

impl Record {
    /// Where it stands on `day`.
    pub fn status(&self, day: Day) -> RecordStatus {
        if self.revoked {
            RecordStatus::Revoked
        } else if self.valid_until.is_some_and(|last| last < day) {
            RecordStatus::Expired
        } else if self.valid_from > day {
            RecordStatus::NotYet
        } else {
            RecordStatus::Active
        }
    }
}

/// How numbers are written: `TL/{tenant}/{fy}/{serial:6}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Fixed text and holes, in order.
    pub parts: Vec<NumberPart>,
}

/// A part of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberPart {
    /// As it stands.
    Text(String),
    /// The tenant's capital letters.
    Tenant,
    /// The financial year: `2026-27`.
    FinancialYear,
    /// The calendar year.
    Year,
    /// The next number of the series, with leading zeros to this width.
    Serial(usize),
}

/// The next number of each series that a case may need. Loaded before a decision and written back
/// in the same transaction, so that numbers have no gaps and are never used twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serials {
    /// By series, the number that was given last; 0 if none was.
    pub last: std::collections::BTreeMap<String, u64>,
}
