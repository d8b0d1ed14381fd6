//! What a path in a template means.

use super::facts::{Fact, Facts};
use super::variables::{self, Need, VARIABLES, Variable, VariableKind};
use crate::form::{Field, Form, Kind};

/// What a template may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    /// The questions.
    pub(crate) form: &'a Form,
    /// What is certain when the template is used.
    pub(crate) facts: &'a Facts,
    /// Whether it is a paper, with helpers and lists, or a message.
    pub(crate) paper: bool,
}

/// What stands behind a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    /// A variable of the list.
    Variable(&'static Variable),
    /// One row of a variable with rows.
    Row(&'static [Variable]),
    /// An answer.
    Answer(&'a Field),
    /// One item of a repeated group.
    Item(&'a [Field]),
    /// One code of a question with several options.
    Code,
}

/// A name that a block gives to the item it is at: `as |unit|`, or `this`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    /// The name.
    pub(crate) name: &'a str,
    /// What it stands for; `None` for counters.
    pub(crate) what: Option<What<'a>>,
}

/// What a path leads to, and what must be certain for it to be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    /// What it is; `None` for the counters of a block.
    pub(crate) what: Option<What<'a>>,
    /// Why it may be empty; `None` if it cannot be.
    pub(crate) lack: Option<Lack>,
}

/// Why a value may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// Nothing makes certain that this has happened.
    Need(Need),
    /// The question may be left empty.
    Optional,
    /// The question is not asked of everybody.
    Conditional,
    /// An officer's page that may not have been answered.
    OfficersPage,
}

impl<'a> Scope<'a> {
    /// Follows `path`; `Err` holds the candidates for the part that leads nowhere.
    pub(crate) fn find(&self, path: &str, bound: &[Bound<'a>]) -> Result<Found<'a>, Vec<String>> {
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or("");
        if let Some(local) = bound.iter().rev().find(|bound| bound.name == first) {
            return descend(local.what, &mut parts);
        }
        if first == "answers" {
            return self.answer(path, &mut parts);
        }
        match variables::find(path, self.paper) {
            Some(variable) => Ok(Found { what: Some(What::Variable(variable)), lack: self.lack(variable) }),
            None => Err(self.names()),
        }
    }

    fn answer(&self, path: &str, parts: &mut std::str::Split<'_, char>) -> Result<Found<'a>, Vec<String>> {
        let fields = || self.form.all_pages().flat_map(|page| page.fields.iter().map(move |field| (page, field)));
        let name = parts.next().unwrap_or("");
        let Some((page, field)) = fields().find(|(_, field)| field.name == *name) else {
            let known = fields().map(|(_, field)| format!("answers.{}", field.name)).collect();
            return Err(if path == "answers" { self.names() } else { known });
        };
        let by_officer = page.by.is_some() && !self.facts.contains(&Fact::Page(page.name.clone()));
        let asked = page.when.is_none() && field.when.is_none() && !self.of_no_case();
        let lack = match (!asked, field.optional, by_officer) {
            (true, _, _) => Some(Lack::Conditional),
            (_, true, _) => Some(Lack::Optional),
            (_, _, true) => Some(Lack::OfficersPage),
            _ => None,
        };
        if !self.paper && path.matches('.').count() > 1 {
            // In messages a group of answers is one line already.
            return Err(vec![format!("answers.{name}")]);
        }
        let inner = descend(Some(What::Answer(field)), parts)?;
        Ok(Found { what: inner.what, lack: lack.or(inner.lack) })
    }

    /// Whether two paths are answers of the same page.
    pub(crate) fn same_page(&self, one: &str, other: &str) -> bool {
        let field =
            |path: &str| path.strip_prefix("answers.").and_then(|rest| rest.split('.').next()).unwrap_or("").to_owned();
        let (one, other) = (field(one), field(other));
        self.form
            .pages
            .iter()
            .any(|page| [&one, &other].iter().all(|name| page.fields.iter().any(|field| field.name == ***name)))
    }

    /// Whether what is written about is no case: the sheet of a till.
    fn of_no_case(&self) -> bool {
        self.facts.contains(&Fact::Till)
    }

    fn lack(&self, variable: &Variable) -> Option<Lack> {
        let need =
            variable.needs.or_else(|| (self.of_no_case() && !variable.is_of_the_town()).then_some(Need::Case))?;
        let known = need.fact().is_some_and(|fact| self.facts.contains(&fact));
        (!known).then_some(Lack::Need(need))
    }

    /// Every path that can be written here.
    fn names(&self) -> Vec<String> {
        let variables = VARIABLES.iter().filter(|variable| self.paper || !variable.papers_only);
        let answers =
            self.form.all_pages().flat_map(|page| &page.fields).map(|field| format!("answers.{}", field.name));
        variables.map(|variable| variable.name.to_owned()).chain(answers).collect()
    }
}

/// Follows the rest of a path into groups, items and rows.
fn descend<'a>(start: Option<What<'a>>, parts: &mut std::str::Split<'_, char>) -> Result<Found<'a>, Vec<String>> {
    let mut found = Found { what: start, lack: None };
    for part in parts {
        let (what, lack) = match found.what {
            Some(What::Answer(Field { kind: Kind::Group { fields }, .. })) => part_of(fields, part)?,
            Some(What::Item(fields)) => part_of(fields, part)?,
            Some(What::Row(columns)) => match columns.iter().find(|column| column.name == part) {
                Some(column) => (What::Variable(column), None),
                None => return Err(columns.iter().map(|column| column.name.to_owned()).collect()),
            },
            _ => return Err(Vec::new()),
        };
        found = Found { what: Some(what), lack: found.lack.or(lack) };
    }
    Ok(found)
}

/// One answer of a group or of an item.
fn part_of<'a>(fields: &'a [Field], part: &str) -> Result<(What<'a>, Option<Lack>), Vec<String>> {
    let Some(field) = fields.iter().find(|field| field.name == *part) else {
        return Err(fields.iter().map(|field| field.name.to_string()).collect());
    };
    let conditional = field.when.is_some().then_some(Lack::Conditional);
    Ok((What::Answer(field), conditional.or(field.optional.then_some(Lack::Optional))))
}

impl<'a> What<'a> {
    /// One of several, for `{{#each}}`; `None` if this is not several.
    pub(crate) fn item(self) -> Option<What<'a>> {
        match self {
            Self::Variable(Variable { kind: VariableKind::Rows(columns), .. }) => Some(Self::Row(columns)),
            Self::Answer(field) => match &field.kind {
                Kind::List { fields, .. } => Some(Self::Item(fields)),
                Kind::Choices { .. } => Some(Self::Code),
                _ => None,
            },
            _ => None,
        }
    }

    /// The helper that turns it into words on a paper; `None` if it is words already.
    pub(crate) fn helper(self) -> Option<&'static str> {
        match self {
            Self::Variable(variable) => match variable.kind {
                VariableKind::Day => Some("date"),
                VariableKind::Money => Some("money"),
                _ => None,
            },
            Self::Code => Some("label"),
            Self::Answer(field) => match &field.kind {
                Kind::Date { .. } => Some("date"),
                Kind::Money { .. } => Some("money"),
                Kind::Choice { .. } | Kind::Choices { .. } | Kind::Place { .. } | Kind::YesNo => Some("label"),
                Kind::Group { .. } => Some("address"),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it can be printed at all.
    pub(crate) fn printable(self) -> bool {
        match self {
            Self::Variable(variable) => !matches!(variable.kind, VariableKind::Rows(_)),
            Self::Code => true,
            Self::Row(_) | Self::Item(_) => false,
            Self::Answer(field) => !matches!(
                field.kind,
                Kind::File { .. } | Kind::Photo { .. } | Kind::Point | Kind::Declaration | Kind::List { .. }
            ),
        }
    }
}
