//! How long a state should take: the same for every case, or as a list says for each kind.

use crate::base::{Answers, Name, Span};
use crate::form::Form;
use crate::list::List;
use crate::source::At;

/// How long a state should take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sla {
    /// The same for every case.
    Span(Span),
    /// As a list says for what was answered.
    Listed(ListedSpan),
}

/// A length of time that stands in a column of the list that a question takes its options from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSpan {
    /// The column.
    pub column: Name,
    /// The question.
    pub of: At<Name>,
}

impl Sla {
    /// How long it is for a case with these answers.
    pub fn span(&self, form: &Form, answers: &Answers) -> Option<Span> {
        match self {
            Self::Span(span) => Some(*span),
            Self::Listed(listed) => listed.span(form, answers),
        }
    }

    /// How long it is where no answer has a say in it.
    pub fn fixed(&self) -> Option<Span> {
        match self {
            Self::Span(span) => Some(*span),
            Self::Listed(_) => None,
        }
    }
}

impl ListedSpan {
    /// The list, if the question is a choice from one.
    pub fn list<'a>(&self, form: &'a Form) -> Option<&'a List> {
        form.field(&self.of.value)?.chosen_from()
    }

    /// How long it is for `code`: as its row says, or the nearest row above that says it.
    pub fn of_code(&self, list: &List, code: &str) -> Option<Span> {
        list.ancestry(code).find_map(|entry| Span::parse(entry.attributes.get(self.column.as_str())?.first()?))
    }

    /// How long it is for a case with these answers.
    pub fn span(&self, form: &Form, answers: &Answers) -> Option<Span> {
        self.of_code(self.list(form)?, answers.text(&self.of.value)?)
    }
}
