//! The record an approval leaves behind: its number, its validity, and the versions it goes through.

mod check;
pub mod checks;
pub(crate) use check::grant as checked_grant;
mod grant;
mod known;
mod number;
mod turn;
mod validity;
pub(crate) mod yaml;

pub use grant::{GrantFacts, NotFit, make};
pub(crate) use known::{OPEN_CASES, SAME_HOLDER, facts_with_every_answer, named_domain, named_facts, record_domain};
pub use known::{fact_domain, facts, facts_with_answers, seen};
pub use number::{NumberFacts, TILLS, VOUCHERS};
pub use turn::turn;

use crate::base::{Answers, Day, Name, Span, Text};
use crate::source::{At, Where};

/// What an approved case leaves in a registry.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its name in `service.yaml`.
    pub name: Name,
    /// The registry.
    pub registry: At<Name>,
    /// What becomes of the record.
    pub mode: Mode,
    /// The numbers of new records.
    pub number: Option<At<NumberFormat>>,
    /// When validity begins.
    pub valid_from: Validity,
    /// When it ends; `None` for ever.
    pub valid_until: Option<Validity>,
    /// From when the new version is what holds; `None` for the day of the decision.
    pub effective: Option<Validity>,
    /// Who holds the record afterwards.
    pub holder: Holder,
    /// Answers of the record, and the questions of this form that replace them; `None` if questions
    /// replace what has the same name.
    pub set: Option<Vec<(At<Name>, At<Name>)>>,
    /// The repeated group of which each item makes a record, when a record is split.
    pub parts: Option<At<Name>>,
    /// The question that names the records that end in this one, when records are merged.
    pub merges: Option<At<Name>>,
    /// The paper that shows it.
    pub document: Option<At<Name>>,
    /// What people call such a record.
    pub title: Text,
    /// What anybody may read of such records; nothing if it is not said.
    pub public: Option<Public>,
    /// Where it is written.
    pub at: Where,
}

/// What anybody may read of the records of a grant, as long as they are in force.
#[derive(Clone, Debug)]
pub struct Public {
    /// What the list is called.
    pub title: Text,
    /// The question whose answer heads a record: one, or one for each language.
    pub heading: Vec<(Option<String>, At<Name>)>,
    /// The question whose answer stands below, in the same way.
    pub text: Vec<(Option<String>, At<Name>)>,
    /// The questions that are shown, in this order.
    pub shows: Vec<At<Name>>,
    /// Whether the newest stand first; else they stand by number.
    pub newest_first: bool,
    /// How many of the newest stand on the front page of the town.
    pub front: Option<At<i64>>,
    /// Where it is written.
    pub at: Where,
}

impl Public {
    /// Every question that it names.
    pub fn names(&self) -> impl Iterator<Item = &At<Name>> {
        let in_languages = self.heading.iter().chain(&self.text).map(|(_, name)| name);
        in_languages.chain(&self.shows)
    }

    /// The question whose answer heads a record in `language`; none where no such question was answered.
    pub fn heading(&self, answers: &Answers, language: &str) -> Option<&Name> {
        in_language(&self.heading, answers, language)
    }

    /// The question whose answer stands below it, in the same way.
    pub fn text(&self, answers: &Answers, language: &str) -> Option<&Name> {
        in_language(&self.text, answers, language)
    }
}

/// The first that was answered of the questions for `language`, and after them of the others.
fn in_language<'a>(questions: &'a [(Option<String>, At<Name>)], answers: &Answers, language: &str) -> Option<&'a Name> {
    let own = questions.iter().filter(|(of, _)| of.as_deref() == Some(language));
    own.chain(questions).map(|(_, name)| &name.value).find(|name| answers.get(name).is_some())
}

crate::source::scalar::words! {
    /// What a grant does to the registry.
    pub enum Mode {
        /// A new record.
        Create = "create",
        /// The record the case is about is prolonged.
        Renew = "renew",
        /// What is known about it is put right.
        Amend = "amend",
        /// It goes to another holder.
        Transfer = "transfer",
        /// It ends, and several new ones come of it.
        Split = "split",
        /// Others end and become part of it.
        Merge = "merge",
        /// It does not count for a while.
        Suspend = "suspend",
        /// It counts again.
        Resume = "resume",
        /// It ends.
        Revoke = "revoke",
    }
}

impl Mode {
    /// Whether the record counts less afterwards: it ends, or not for a while.
    pub fn takes_away(self) -> bool {
        matches!(self, Self::Suspend | Self::Revoke)
    }

    /// Whether it only changes whether the record counts.
    pub(crate) fn only_standing(self) -> bool {
        matches!(self, Self::Suspend | Self::Resume | Self::Revoke)
    }
}

crate::source::scalar::words! {
    /// Who holds a record after a grant.
    pub enum Holder {
        /// Who applied.
        Applicant = "applicant",
        /// Who held it before.
        Keep = "keep",
    }
}

crate::source::scalar::words! {
    /// What was decided of a record last, whatever day it is.
    pub enum Standing {
        /// It counts while it is valid.
        Active = "active",
        /// It does not count until it is resumed.
        Suspended = "suspended",
        /// It was ended before its time.
        Revoked = "revoked",
        /// It ended, and others came of it.
        Split = "split",
        /// It ended and became part of another.
        Merged = "merged",
    }
}

impl Standing {
    /// Whether nothing can become of the record any more.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Revoked | Self::Split | Self::Merged)
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

/// A record of a registry, in one of its versions.
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
    /// The case that gave it its validity: the one that made or prolonged it.
    pub validity_by: String,
    /// The person whose act made this version; `system` for the clock and the gateway.
    pub actor: String,
    /// The role of that act, if it was done in one.
    pub role: Option<Name>,
    /// The day from which this version is what holds.
    pub from: Day,
    /// Who holds it.
    pub holder: String,
    /// What is known about it.
    pub answers: Answers,
    /// First day of validity.
    pub valid_from: Day,
    /// Last day; `None` for ever.
    pub valid_until: Option<Day>,
    /// What was decided of it.
    pub standing: Standing,
    /// The numbers of the records it came of: the one that was split, those that were merged into it.
    pub came_of: Vec<String>,
    /// The numbers of the records that it became, if it ended as split or merged.
    pub became: Vec<String>,
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
    /// It does not count for a while.
    Suspended,
    /// It was ended before its time.
    Revoked,
    /// Others came of it.
    Split,
    /// It became part of another.
    Merged,
}

impl RecordStatus {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::NotYet, Self::Active, Self::Expired, Self::Suspended, Self::Revoked, Self::Split, Self::Merged];

    /// Its name, as scenarios and the API write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Split => "split",
            Self::Merged => "merged",
        }
    }
}

impl Record {
    /// Where it stands on `day`, which is a day on which this version holds.
    pub fn status(&self, day: Day) -> RecordStatus {
        match self.standing {
            Standing::Suspended => RecordStatus::Suspended,
            Standing::Revoked => RecordStatus::Revoked,
            Standing::Split => RecordStatus::Split,
            Standing::Merged => RecordStatus::Merged,
            Standing::Active if self.valid_until.is_some_and(|last| last < day) => RecordStatus::Expired,
            Standing::Active if self.valid_from > day => RecordStatus::NotYet,
            Standing::Active => RecordStatus::Active,
        }
    }

    /// Whether it was ended.
    pub fn has_ended(&self) -> bool {
        self.standing.is_end()
    }

    /// Of the `versions` of one record, the first first: the one that holds on `day`.
    pub fn as_on(versions: &[Self], day: Day) -> Option<&Self> {
        versions.iter().rev().find(|version| version.from <= day)
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
