//! What rules may look at of a case: its answers, and the record that it is about or has made.

use rhai::{Dynamic, ImmutableString};

use super::reserved::Standing;
use super::{Child, Pending, child};
use crate::base::{Answers, Day, Money};
use crate::billing::Period;
use crate::fees::Fees;
use crate::form::{self, Form};
use crate::registry::{self, Record};
use crate::reserve::RESERVED;
use crate::rule::domain::{CHILDREN, NAMED};
use crate::rule::{Condition, Facts, RuleFailed, Seen};
use crate::service::Service;

/// A case as rules see it.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) service: &'a Service,
    pub(super) answers: &'a Answers,
    pub(super) record: Option<&'a Record>,
    /// What is owed on the record.
    pub(super) dues: Money,
    /// The records that its answers name.
    pub(super) named: Others<'a>,
    /// What the case has of the places in calendars; `None` where that cannot be known.
    pub(super) reserved: Option<Standing<'a>>,
    /// The cases that it opened.
    pub(super) children: &'a [Child],
}

/// The records that answers name; none where nobody looks at them.
#[derive(Clone, Copy, Default)]
pub(super) struct Others<'a> {
    pub(super) records: &'a [Record],
    /// What is under way on each, in the same order.
    pub(super) pending: &'a [Pending],
    /// Who holds the record of the case, or applies where it has none.
    pub(super) holder: &'a str,
}

impl<'a> Known<'a> {
    /// Whether a condition holds of it.
    pub(super) fn holds(self, when: &'a Condition, today: Day) -> Result<bool, RuleFailed> {
        when.asks(today, &self.service.lists, &|path| self.look(path), || self.facts())
    }

    /// Everything, for a condition that may look at anything; of the record also what this form does not ask.
    pub(super) fn facts(self) -> Facts {
        let mut facts = form::facts(&self.service.form, self.answers);
        if self.service.names_records() {
            facts.insert(NAMED.into(), self.named_facts().into());
        }
        self.with_record(self.with_children(self.with_reserved(facts)), registry::facts_with_every_answer)
    }

    /// What rules of fees can look at, by the names that stand in them.
    pub(super) fn facts_for(self, fees: &Fees) -> Facts {
        let mut facts = form::facts_among(&self.service.form, self.answers, |name| fees.reads(name));
        if fees.reads(NAMED) && self.service.names_records() {
            facts.insert(NAMED.into(), self.named_facts().into());
        }
        let facts = if fees.reads(RESERVED) { self.with_reserved(facts) } else { facts };
        if fees.reads("record") { self.with_record(facts, registry::facts_with_answers) } else { facts }
    }

    /// What is known of the records that answers name, by question.
    fn named_facts(self) -> Facts {
        let Others { records, pending, holder } = self.named;
        registry::named_facts(&self.service.form, self.answers, &|registry, number| {
            let is_it = |record: &Record| record.registry == *registry && record.number == number;
            let found = records.iter().enumerate().find(|(_, record)| is_it(record));
            let Some((at, record)) = found else { return Dynamic::UNIT };
            let Pending { dues, open_cases } = pending.get(at).copied().unwrap_or_default();
            let mut facts = registry::facts_with_every_answer(record, dues, &self.service.form);
            facts.insert(registry::OPEN_CASES.into(), open_cases.into());
            facts.insert(registry::SAME_HOLDER.into(), (record.holder == holder).into());
            facts.into()
        })
    }

    /// The same, for the bill of a period.
    pub(super) fn facts_in(self, fees: &Fees, period: Option<Period>) -> Facts {
        let mut facts = self.facts_for(fees);
        if let Some(period) = period.filter(|_| fees.reads("period")) {
            facts.insert("period".into(), period.facts().into());
        }
        facts
    }

    /// What the case has of the places in calendars is known like an answer.
    fn with_reserved(self, mut facts: Facts) -> Facts {
        if let Some(standing) = self.reserved.filter(|_| !self.service.reserves.is_empty()) {
            facts.insert(RESERVED.into(), standing.facts(self.service));
        }
        facts
    }

    /// So is how the cases stand that it opened.
    fn with_children(self, mut facts: Facts) -> Facts {
        if self.service.knows_children() {
            let word = |name: &str| Dynamic::from(ImmutableString::from(child::word(self.children, name)));
            let names = self.service.children.iter().map(|child| child.name.as_str());
            let all: Facts = names.map(|name| (name.into(), word(name))).collect();
            facts.insert(CHILDREN.into(), Dynamic::from_map(all));
        }
        facts
    }

    fn with_record(self, mut facts: Facts, known: fn(&Record, Money, &Form) -> Facts) -> Facts {
        if let Some(record) = self.record {
            facts.insert("record".into(), known(record, self.dues, &self.service.form).into());
        }
        facts
    }

    fn look(self, path: &[ImmutableString]) -> Option<Seen<'a>> {
        match path {
            [record, path @ ..] if record.as_str() == "record" => {
                registry::seen(self.record?, self.dues, &self.service.form, path)
            }
            [name] if name.as_str() == RESERVED && !self.service.reserves.is_empty() => {
                Some(self.reserved?.seen(self.service))
            }
            [name] if name.as_str() == CHILDREN && self.service.knows_children() => {
                let one = |name: &'a str| (name, Seen::Text(child::word(self.children, name)));
                Some(Seen::Group(self.service.children.iter().map(|child| one(child.name.as_str())).collect()))
            }
            [name] => form::seen(&self.service.form, self.answers, name),
            _ => None,
        }
    }
}
