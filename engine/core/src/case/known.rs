//! What rules may look at of a case: its answers, and the record that it is about or has made.

use rhai::ImmutableString;

use crate::base::{Answers, Day, Money};
use crate::billing::Period;
use crate::fees::Fees;
use crate::form;
use crate::registry::{self, Record};
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
}

impl<'a> Known<'a> {
    /// Whether a condition holds of it.
    pub(super) fn holds(self, when: &'a Condition, today: Day) -> Result<bool, RuleFailed> {
        when.asks(today, &self.service.lists, &|path| self.look(path), || self.facts())
    }

    /// Everything, for a rule that may look at anything.
    pub(super) fn facts(self) -> Facts {
        self.with_record(form::facts(&self.service.form, self.answers))
    }

    /// What rules of fees can look at, by the names that stand in them.
    pub(super) fn facts_for(self, fees: &Fees) -> Facts {
        let facts = form::facts_among(&self.service.form, self.answers, |name| fees.reads(name));
        if fees.reads("record") { self.with_record(facts) } else { facts }
    }

    /// The same, for the bill of a period.
    pub(super) fn facts_in(self, fees: &Fees, period: Option<Period>) -> Facts {
        let mut facts = self.facts_for(fees);
        if let Some(period) = period.filter(|_| fees.reads("period")) {
            facts.insert("period".into(), period.facts().into());
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
            [name] => form::seen(&self.service.form, self.answers, name),
            _ => None,
        }
    }
}
