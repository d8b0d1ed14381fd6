//! Questions of whose answers nothing is kept between pages: what was typed stands in the request, and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::base::Answers;
use engine::form::{self, Field, FieldError, Form, Problem as Wrong};
use engine::list::List;
use ui_gen::FieldView;
use ui_gen::from_engine::typed::{self, Sent, Typed};
use ui_gen::from_engine::{Asking, fields};

use super::asked::is_asked;
use super::fill::read_by;
use crate::http::ask::Ask;
use crate::http::{body, limits};
use crate::problem::Problem;

/// A page of such questions.
pub(super) struct Sheet<'a> {
    /// The request.
    pub(super) ask: &'a Ask,
    /// The form to whose questions conditions look.
    pub(super) form: &'a Form,
    /// The lists that conditions look into.
    pub(super) lists: &'a [Arc<List>],
    /// The questions of the page.
    pub(super) fields: &'a [Field],
    /// What was sent: in the address, or as a form.
    pub(super) sent: &'a Sent,
    /// Whether a question is asked whose condition cannot be told yet.
    pub(super) otherwise: bool,
}

impl<'a> Sheet<'a> {
    /// Which questions are asked, given what was typed.
    fn asks(&self, typed: &Typed) -> impl Fn(&str) -> bool + use<'a> {
        let (fields, lists, otherwise) = (self.fields, self.lists, self.otherwise);
        let known = Answers::from_json(&typed::answers(fields, typed));
        let (today, facts) = (self.ask.now().day(), form::facts(self.form, &known));
        move |path: &str| {
            path.ends_with('.')
                || is_asked(fields, &path.split('.').collect::<Vec<_>>(), &known, &facts, (today, lists, otherwise))
        }
    }

    /// The conditional questions that are on the page, which the form says when it comes back.
    pub(super) fn seen(&self, typed: &Typed) -> String {
        let asked = self.asks(typed);
        let shown = self.fields.iter().filter(|field| field.when.is_some() && asked(&field.name));
        shown.map(|field| field.name.as_str()).collect::<Vec<_>>().join(",")
    }

    /// The questions on whose answers others depend, by their names, a space between them.
    pub(super) fn decides(&self) -> String {
        let mut names = BTreeSet::new();
        read_by(self.fields, &mut names);
        names.into_iter().collect::<Vec<_>>().join(" ")
    }

    /// Errors without those of questions that were not on the page when it was sent.
    pub(super) fn fair(&self, errors: Vec<FieldError>) -> Result<Vec<FieldError>, Problem> {
        let seen: Vec<&str> = self.ask.query("seen")?.split(',').collect();
        let new = |error: &FieldError| {
            let name = error.path.split('.').next().unwrap_or_default();
            let conditional = self.fields.iter().any(|field| field.name == *name && field.when.is_some());
            conditional && !seen.contains(&name) && matches!(error.problem, Wrong::Missing | Wrong::TooFew(_))
        };
        Ok(errors.into_iter().filter(|error| !new(error)).collect())
    }

    /// The questions as they are drawn.
    pub(super) fn views(&self, typed: &Typed, errors: &[FieldError]) -> Result<Vec<FieldView>, Problem> {
        let mut queries = BTreeMap::new();
        for name in self.sent.keys() {
            if let Some(path) = name.strip_suffix("._query") {
                let words: String = body::one(self.sent, name)?.trim().chars().take(limits::SEARCH).collect();
                queries.insert(path.to_owned(), words);
            }
        }
        let asking = Asking {
            words: self.ask.words(),
            tenant: self.ask.tenant(),
            errors,
            asked: &self.asks(typed),
            queries: &queries,
            file_href: &|_: &str| String::new(),
            remarks: &BTreeMap::new(),
        };
        Ok(fields::views(self.fields, typed, &asking))
    }
}
