//! Whose work a case is: the department that a list gives for what was answered.

use super::Service;
use crate::base::{Answers, Name};
use crate::form::Form;
use crate::list::List;
use crate::source::At;

/// The department that stands in a column of the list from which a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDepartment {
    /// The column.
    pub column: Name,
    /// The question.
    pub of: At<Name>,
    /// The list of departments.
    pub words: At<Name>,
}

impl ListedDepartment {
    /// The list, if the question is a choice from one.
    pub(super) fn list<'a>(&self, form: &'a Form) -> Option<&'a List> {
        form.field(&self.of.value)?.chosen_from()
    }

    /// The cell for `code`: its row's own, or that of the nearest row above that has one.
    pub(super) fn cell<'a>(&self, list: &'a List, code: &str) -> Option<&'a str> {
        list.inherited(code, &self.column)
    }
}

impl Service {
    /// The list of its departments, if it has any.
    pub fn department_list(&self) -> Option<&List> {
        let listed = self.departments.as_ref()?;
        self.lists.iter().find(|list| list.name == *listed.words.value).map(AsRef::as_ref)
    }

    /// The codes of the department whose work a case with these answers is, and of those above it;
    /// nothing where no list says it, and the case is anybody's.
    pub fn departments_of(&self, answers: &Answers) -> Vec<String> {
        let code = || {
            let listed = self.departments.as_ref()?;
            listed.cell(listed.list(&self.form)?, answers.text(&listed.of.value)?)
        };
        let (Some(code), Some(words)) = (code(), self.department_list()) else { return Vec::new() };
        words.ancestry(code).map(|entry| entry.code.clone()).collect()
    }
}
