//! What expressions see: measures, answers, figures and tables, from where a rule stands.

use std::collections::BTreeMap;

use engine::base::Text;
use rust_decimal::Decimal;

use super::{Mark, Measured, Measures, Member, Missing};
use crate::expression::{Expression, Lack, Names, Value};
use crate::laws::Edition;
use crate::limits;

/// What an expression sees, and what it has looked at.
pub struct View<'a> {
    laws: &'a Edition,
    answers: &'a BTreeMap<String, Value>,
    measures: &'a Measures,
    /// The group and the member that this is about.
    about: Option<(&'a str, &'a [u32])>,
    /// The laws of tables and figures that were used.
    pub laws_used: Vec<Text>,
    /// Where the measures were taken that were used.
    pub marks: Vec<Mark>,
    missing: Option<Missing>,
    optional: bool,
}

impl<'a> View<'a> {
    /// A view of what was measured, for one member of a group or for the whole.
    pub fn new(
        laws: &'a Edition,
        answers: &'a BTreeMap<String, Value>,
        measures: &'a Measures,
        about: Option<(&'a str, &'a [u32])>,
    ) -> Self {
        Self {
            laws,
            answers,
            measures,
            about,
            laws_used: Vec::new(),
            marks: Vec::new(),
            missing: None,
            optional: false,
        }
    }

    /// Computes an expression.
    pub fn number(&mut self, expression: &Expression) -> Measured {
        let value = expression.number(self).map_err(|lack| self.missing.take().unwrap_or(Missing::Lack(lack)));
        Measured { value, marks: std::mem::take(&mut self.marks) }
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// Why that is not known.
    pub fn holds(&mut self, condition: &Expression) -> Result<bool, Missing> {
        match condition.value(self) {
            Ok(Value::Truth(truth)) => Ok(truth),
            Ok(_) => Err(Missing::Lack(Lack::Kinds)),
            Err(lack) => Err(self.missing.take().unwrap_or(Missing::Lack(lack))),
        }
    }

    /// Whether what was missing may be.
    pub fn lacks_what_is_optional(&self) -> bool {
        self.optional
    }

    fn used(&mut self, law: &Text) {
        if !self.laws_used.contains(law) {
            self.laws_used.push(law.clone());
        }
    }

    /// The numbers by which a measure of `group` is known from here.
    fn member(&self, group: &str) -> Option<Member> {
        let (about, numbers) = self.about?;
        if about == group {
            return Some(numbers.to_vec());
        }
        let own = self.laws.groups.get(about)?.layer.names();
        let above = self.laws.groups.get(group)?.layer.names();
        above.iter().map(|name| numbers.get(own.iter().position(|one| one == name)?).copied()).collect()
    }
}

impl Names for View<'_> {
    fn name(&mut self, name: &str) -> Result<Value, Lack> {
        let lack = || Lack::Name(name.to_owned());
        if let Some(asked) = self.laws.answers.get(name) {
            if let Some(answer) = self.answers.get(name) {
                return Ok(answer.clone());
            }
            self.missing.get_or_insert_with(|| Missing::Unstated(asked.label.clone()));
            return Err(lack());
        }
        let measure = self.laws.measure(name).ok_or_else(lack)?;
        let member = match &measure.per {
            None => Member::new(),
            Some(group) => self.member(group).ok_or_else(lack)?,
        };
        let taken = self.measures.taken.get(name).and_then(|taken| taken.get(&member)).ok_or_else(lack)?;
        if self.marks.len() < limits::MARKS {
            self.marks.extend(taken.marks.iter().take(limits::MARKS).cloned());
        }
        match &taken.value {
            Ok(value) => Ok(Value::Number(*value)),
            Err(missing) => {
                self.optional |= measure.optional && matches!(missing, Missing::NothingOn(_) | Missing::None(_));
                self.missing.get_or_insert_with(|| missing.clone());
                Err(lack())
            }
        }
    }

    fn figure(&mut self, name: &str) -> Result<Decimal, Lack> {
        let figure = self.laws.figures.get(name).ok_or_else(|| Lack::Name(name.to_owned()))?;
        self.used(&figure.law);
        Ok(figure.value)
    }

    fn column(&mut self, table: &str, column: &str) -> Result<Decimal, Lack> {
        let lack = || Lack::Row(table.to_owned());
        let found = self.laws.tables.get(table).ok_or_else(lack)?;
        // What a row is found by is no place at which the drawing fails.
        let marks = self.marks.len();
        let inputs = found.keys.iter().map(|key| self.name(&key.name)).collect::<Result<Vec<_>, _>>();
        self.marks.truncate(marks);
        let row = found.find(&inputs?).ok_or_else(lack)?;
        self.used(row.law.as_ref().unwrap_or(&found.law));
        let place = found.gives.iter().position(|name| name == column).ok_or_else(lack)?;
        row.gives.get(place).copied().ok_or_else(lack)
    }
}
