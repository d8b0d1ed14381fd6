//! Roles that follow from holding a record: whoever holds the record that an answer names has the role on that
//! case. Nobody is appointed to them, and nobody has to be told when they end: they are looked up whenever they matter.

use super::{Role, Service};
use crate::base::{Answers, Day, Name, Value};
use crate::form::{Kind, Page};
use crate::registry::{Record, RecordStatus};
use crate::workflow::{APPLICANT, State};

impl Service {
    /// Whether any role of it follows from holding a record.
    pub fn has_holders(&self) -> bool {
        self.roles.iter().any(|role| role.holder_of.is_some())
    }

    /// Whether this role does, so that nobody is appointed to it.
    pub fn is_held(&self, role: &str) -> bool {
        self.role(role).is_some_and(|role| role.holder_of.is_some())
    }

    /// The roles to which people are appointed.
    pub fn offices(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(|role| role.holder_of.is_none())
    }

    /// The records that give roles on a case with these answers: the role, the registry and the number.
    pub fn giving<'a>(&'a self, answers: &'a Answers) -> impl Iterator<Item = (&'a Name, &'a Name, &'a str)> {
        self.roles.iter().filter_map(move |role| {
            let question = role.holder_of.as_ref()?;
            let Kind::Record { registry, .. } = &self.form.field(&question.value)?.kind else { return None };
            let Value::Text(number) = answers.get(&question.value)? else { return None };
            Some((&role.name, registry, number.as_str()))
        })
    }

    /// The roles that follow from `named`, each with the person who has it: as long as the record is in force on
    /// `day`. Records that belong to nobody yet give none.
    pub fn holders<'a>(
        &'a self,
        answers: &'a Answers,
        named: &'a [Record],
        day: Day,
    ) -> impl Iterator<Item = (&'a Name, &'a str)> {
        self.giving(answers).filter_map(move |(role, registry, number)| {
            let record = named.iter().find(|record| record.registry == *registry && record.number == *number)?;
            let counts = record.status(day) == RecordStatus::Active && !record.holder.is_empty();
            counts.then_some((role, record.holder.as_str()))
        })
    }

    /// The roles that `person` has so.
    pub fn held_by(&self, person: &str, answers: &Answers, named: &[Record], day: Day) -> Vec<Name> {
        let own = self.holders(answers, named, day).filter(|(_, holder)| *holder == person);
        own.map(|(role, _)| role.clone()).collect()
    }

    /// Whether whoever edits in `role` answers a page. A page that the applicant shares with whoever holds a
    /// record is answered by either.
    pub fn edits(&self, page: &Page, role: &str) -> bool {
        let owner = page.by.as_ref().map_or(APPLICANT, Name::as_str);
        owner == role || (self.is_held(role) && page.with.iter().any(|with| *with == *role))
    }

    /// Whether a case that stands in `state` is with whoever holds a record.
    pub fn is_with_holder(&self, state: &State) -> bool {
        state.edit.as_ref().is_some_and(|edit| self.is_held(&edit.value))
    }
}
