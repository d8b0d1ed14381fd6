//! What rules may speak of: the answers a form can give, the code lists, the heads of the bill.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::base::{Calendar, Name};
use crate::list::List;
use crate::source::Where;

/// Everything that rules and tables are checked against.
#[derive(Clone, Debug, Default)]
pub struct Domain {
    /// Answers by name, those of officers' pages included.
    pub fields: BTreeMap<String, FieldDomain>,
    /// What `record` is, where cases are about a record.
    pub record: Option<FieldDomain>,
    /// Whether `period` is known: rules of fees in services whose bills come round.
    pub period: bool,
    /// The code lists of the tenant.
    pub lists: Vec<Arc<List>>,
    /// The heads that rules may charge. Heads that are filled otherwise (the round-off) are left out.
    pub heads: Vec<Name>,
    /// The codes with which rules may refuse, each with the place of its words.
    pub refusals: Vec<(Name, Where)>,
    /// The tenant's calendar: `financial_year` follows it.
    pub calendar: Arc<Calendar>,
}

/// What kind of answer a rule meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldDomain {
    /// Not known: nothing is checked.
    Any,
    /// A whole number.
    Number,
    /// An exact number.
    Decimal,
    /// Exact rupees.
    Money,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
    /// Any text.
    Text,
    /// A file that was sent: rules know whether it is there, and nothing of what is in it.
    File,
    /// One of these codes.
    Choice(Vec<String>),
    /// Several of these codes.
    Choices(Vec<String>),
    /// A code of the list of this name.
    ListCode(String),
    /// Several codes of the list of this name.
    ListCodes(String),
    /// A repeated group: an array of maps.
    Items(BTreeMap<String, FieldDomain>),
    /// A group: a map.
    Group(BTreeMap<String, FieldDomain>),
    /// An answer of this kind, of which more is known.
    Asked(Box<FieldDomain>, Asked),
}

/// What is known of an answer besides its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The numbers that the form accepts, if it sets limits.
    pub range: Option<Range>,
    /// Whether the question may be left unanswered.
    pub optional: bool,
    /// The answers that decide whether it is asked at all.
    pub depends_on: BTreeSet<String>,
}

/// The numbers that are accepted as an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub min: Option<Decimal>,
    /// The most.
    pub max: Option<Decimal>,
    /// How far two answers are apart at least: 1 for whole numbers, 0.01 for two decimals.
    pub step: Decimal,
}

impl FieldDomain {
    /// Its kind alone.
    pub fn kind(&self) -> &Self {
        if let Self::Asked(kind, _) = self { kind } else { self }
    }
}

impl Domain {
    /// A domain of bare names, of whose kinds nothing is known. `record` stands for the record.
    pub fn of_names(names: &BTreeSet<String>) -> Self {
        let fields = names.iter().filter(|name| !RESERVED.contains(&name.as_str()));
        Self {
            fields: fields.map(|name| (name.clone(), FieldDomain::Any)).collect(),
            record: names.contains("record").then_some(FieldDomain::Any),
            ..Self::default()
        }
    }

    /// The list called `name`.
    pub fn list(&self, name: &str) -> Option<&Arc<List>> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// The field called `name`, on the form or in a group of it.
    pub fn field(&self, name: &str) -> Option<&FieldDomain> {
        fn find<'a>(fields: &'a BTreeMap<String, FieldDomain>, name: &str) -> Option<&'a FieldDomain> {
            fields.get(name).or_else(|| {
                fields.values().find_map(|field| match field.kind() {
                    FieldDomain::Items(inner) | FieldDomain::Group(inner) => find(inner, name),
                    _ => None,
                })
            })
        }
        find(&self.fields, name)
    }
}

/// The name of what rules know of the records that answers name.
pub(crate) const NAMED: &str = "named";

/// The name of what conditions of actions know of the cases that a case opened.
pub(crate) const CHILDREN: &str = "children";

/// What rules of fees call the period that is billed.
pub(crate) const PERIOD: &str = "period";

/// Names that every rule knows besides the answers.
pub(crate) const RESERVED: [&str; 2] = ["today", "record"];
