//! How much: dated rates and a sandboxed function over answers and rates.
//!
//! `yaml` and `table_yaml` read `rates.yaml`, `coverage` proves its tables, `check` reads the
//! rules and holds them against answers, rates and heads, `assess` runs them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rust_decimal::Decimal;

use crate::base::{Calendar, Day, Money, Name, Text};
use crate::source::Where;

mod asks;
mod assess;
mod check;
pub mod checks;
mod coverage;
mod follow;
mod inspect;
pub mod interval;
mod looked_up;
mod lower;
mod many;
mod record;
mod runtime;
mod steps;
pub mod table;
mod table_yaml;
mod yaml;

pub use asks::asks;
pub use assess::{
    amounts, amounts_lowered, assess, assess_amendment, assess_on_dishonour, assess_on_payment, demand_facts,
};
pub use check::{Rules, Written, check, read, read_rates, read_rules};
pub(crate) use check::{check_again, check_published};
pub(crate) use follow::{ChargedCase, Followed};
pub use inspect::TABLE_FUNCTIONS;
pub use many::{Charged, Many};
pub use steps::Steps;
pub use yaml::schema;

use record::Recorded;
use table::Table;

/// The rates of a service, and the rules that use them.
#[derive(Clone, Debug)]
pub struct Fees {
    /// Schedules, the latest first.
    pub schedules: Vec<Arc<Schedule>>,
    /// The rules: `fees(answers, rates)` and, if they are there, `on_payment(demand, day, rates)` or
    /// `on_payment(answers, demand, day, rates)`, `amend(answers, demand, rates)` and
    /// `on_dishonour(demand, day, rates)`.
    pub script: Script,
    /// Words for the named steps of the rules.
    pub steps: BTreeMap<String, Text>,
    /// The calendar that `financial_year` follows.
    pub calendar: Arc<Calendar>,
    /// The rules over each schedule, lowered when somebody first asks; `None` where they are
    /// interpreted only.
    pub(crate) quick: Option<Arc<Quick>>,
}

/// The function that says what the day of payment adds or takes off.
pub(crate) const ON_PAYMENT: &str = "on_payment";
/// The function that says what an amendment adds or takes off.
pub(crate) const AMEND: &str = "amend";
/// The function that says what a cheque costs that was not honoured.
pub(crate) const ON_DISHONOUR: &str = "on_dishonour";

/// Rules lowered for speed, by the place of the schedule; `None` if one cannot be.
pub(crate) type Quick = Vec<OnceLock<Option<lower::Lowered>>>;

/// Rates as one authority notified them, in force from a day until the next schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The first day.
    pub from: Day,
    /// Who set them, and when.
    pub authority: Text,
    /// Where that is written.
    pub authority_at: Where,
    /// Whether the figures are a model that a town has yet to replace.
    pub model: bool,
    /// Rates by name.
    pub values: BTreeMap<Name, RateValue>,
    /// Where each rate is named.
    pub places: BTreeMap<Name, Where>,
    /// Where the schedule is written.
    pub at: Where,
}

/// One rate.
#[derive(Clone, Debug)]
pub enum RateValue {
    /// A number or an amount in rupees, exactly as written.
    Number(Decimal),
    /// A word that the rule compares.
    Word(String),
    /// Rates by code.
    Map(Arc<BTreeMap<String, RateValue>>),
    /// Rows found by keys; exactly one row fits every possible input.
    Table(Arc<Table>),
}

/// A compiled rule file.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its path in the bundle.
    pub file: Arc<str>,
    /// Whether it has `on_payment`.
    pub has_on_payment: bool,
    /// The answers that `on_payment` reads; none where it takes no answers.
    pub payment_reads: Option<BTreeSet<String>>,
    /// Whether it has `amend`.
    pub has_amend: bool,
    /// Whether it has `on_dishonour`.
    pub has_on_dishonour: bool,
    /// The answers that `fees` reads.
    pub reads: BTreeSet<String>,
    /// Every name and text in it: what it does not name, it cannot read.
    pub(crate) words: BTreeSet<String>,
    pub(crate) ast: Arc<rhai::AST>,
    pub(crate) recorded: Arc<Recorded>,
    /// Set where scenarios follow what is tried of it.
    pub(crate) followed: Option<Arc<Followed>>,
}

/// What the rules say is due, before the engine rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Exact rupees by head, in the order of the bill. Heads the rule left out are zero and absent.
    pub heads: Vec<(Name, Decimal)>,
    /// How the amounts came about, in order.
    pub steps: Vec<Step>,
    /// The schedule that was used.
    pub rates_from: Day,
    /// Its authority, as it was written; [`Fees::authority`] has it in other languages.
    pub authority: String,
}

/// One step of an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name in the rule; words for it are in `billing.yaml`.
    pub name: String,
    /// Its value, exactly.
    pub value: String,
    /// Rates looked up for it, as `name[key] = value`.
    pub rates: Vec<RateUsed>,
    /// Rounding inside the step or by the engine: before and after.
    pub rounded: Option<(String, String)>,
}

/// A rate that a step used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateUsed {
    /// `license_fee[shop]`, or the row of a table.
    pub name: String,
    /// Its value, exactly.
    pub value: String,
    /// Who set it.
    pub authority: String,
}

/// Heads and amounts after rounding, with the steps that the rounding added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charges {
    /// Amounts by head, in the order of the bill; never zero.
    pub heads: Vec<(Name, Money)>,
    /// How they came about.
    pub steps: Vec<Step>,
}

impl Fees {
    /// The schedule in force on `day`: the latest that begins on or before it.
    pub fn in_force(&self, day: Day) -> Option<&Arc<Schedule>> {
        self.schedules.iter().find(|schedule| schedule.from <= day)
    }

    /// Whether the rules can look at what is called so: a name that does not stand in them is not looked at.
    pub fn reads(&self, name: &str) -> bool {
        self.script.words.contains(name)
    }

    /// An authority in all languages, by what a demand or a step keeps of it: the words as they were
    /// first written. `None` if no schedule has it any more.
    pub fn authority(&self, written: &str) -> Option<&Text> {
        self.schedules.iter().map(|schedule| &schedule.authority).find(|authority| authority.written == written)
    }

    /// The same fees, whose rules are only ever interpreted. The interpreter is the reference that
    /// what is lowered is held against.
    #[must_use]
    pub fn interpreted(&self) -> Self {
        Self { quick: None, ..self.clone() }
    }

    /// Whether the rules are lowered over the schedule in force on `day`.
    pub fn is_lowered(&self, day: Day) -> bool {
        self.in_force(day).is_some_and(|schedule| self.lowered(schedule).is_some())
    }

    /// The rules lowered over a schedule.
    fn lowered(&self, schedule: &Arc<Schedule>) -> Option<&lower::Lowered> {
        let place = self.schedules.iter().position(|one| Arc::ptr_eq(one, schedule))?;
        self.quick.as_ref()?.get(place)?.get_or_init(|| lower::Lowered::of(&self.script, schedule)).as_ref()
    }
}
