//! What rules may look at of a case: its answers, and the record that it is about or has made.

use rhai::ImmutableString;

use super::reserved::Standing;
use crate::base::{Answers, Day, Money};
use crate::fees::Fees;
use crate::form;
use crate::registry::{self, Record};
use crate::reserve::RESERVED;
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
    /// What the case has of the places in calendars; `None` where that cannot be known.
    pub(super) reserved: Option<Standing<'a>>,
}

impl<'a> Known<'a> {
    /// Whether a condition holds of it.
    pub(super) fn holds(self, when: &'a Condition, today: Day) -> Result<bool, RuleFailed> {
        when.asks(today, &self.service.lists, &|path| self.look(path), || self.facts())
    }

    /// Everything, for a rule that may look at anything.
    pub(super) fn facts(self) -> Facts {
        self.with_record(self.with_reserved(form::facts(&self.service.form, self.answers)))
    }

    /// What rules of fees can look at, by the names that stand in them.
    pub(super) fn facts_for(self, fees: &Fees) -> Facts {
        let facts = form::facts_among(&self.service.form, self.answers, |name| fees.reads(name));
        let facts = if fees.reads(RESERVED) { self.with_reserved(facts) } else { facts };
        if fees.reads("record") { self.with_record(facts) } else { facts }
    }

    /// What the case has of the places in calendars is known like an answer.
    fn with_reserved(self, mut facts: Facts) -> Facts {
        if let Some(standing) = self.reserved.filter(|_| !self.service.reserves.is_empty()) {
            facts.insert(RESERVED.into(), standing.facts(self.service));
        }
        facts
    }

    fn with_record(self, mut facts: Facts) -> Facts {
        if let Some(record) = self.record {
            facts.insert("record".into(), registry::facts_with_answers(record, self.dues, &self.service.form).into());
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
            [name] => form::seen(&self.service.form, self.answers, name),
            _ => None,
        }
    }
}
