//! What an officer marked when sending a case back, and what the applicant may then change.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::effect::Draft;
use super::refusal::Refusal;
use crate::base::{Answers, Name, limits};
use crate::form::{self, Ctx, FieldError, Form, Page, Problem};
use crate::workflow::Action;

/// A mark on a page of the applicant, or on one of its questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The page.
    pub page: Name,
    /// The question; none if the whole page is meant.
    pub field: Option<Name>,
    /// What is wrong with it, or what is asked for.
    pub remark: String,
}

/// The questions of a page that the applicant may answer while `flags` stand: all of them where
/// nothing was marked or the page as a whole was; else those that were marked, and those that must
/// be answered because of them. `given` is what is being answered.
pub fn open_fields(form: &Form, page: &Page, flags: &[Flag], given: &Json, ctx: &Ctx<'_>) -> BTreeSet<Name> {
    let here = || flags.iter().filter(|flag| flag.page == page.name);
    if flags.is_empty() || here().any(|flag| flag.field.is_none()) {
        return page.fields.iter().map(|field| field.name.clone()).collect();
    }
    let mut open: BTreeSet<Name> = here().filter_map(|flag| flag.field.clone()).collect();
    // Each answer may open further questions, on which others depend in turn.
    for _ in 0..page.fields.len() {
        let Err(errors) = form::accept_page(form, page, &overlaid(page, ctx.known, &open, given), ctx) else { break };
        let before = open.len();
        open.extend(errors.iter().filter_map(|error| named(page, error)));
        if open.len() == before {
            break;
        }
    }
    open
}

/// Whether the applicant may answer anything on a page while `flags` stand.
pub fn is_open(form: &Form, page: &Page, flags: &[Flag], ctx: &Ctx<'_>) -> bool {
    !open_fields(form, page, flags, &Json::Null, ctx).is_empty()
}

fn named(page: &Page, error: &FieldError) -> Option<Name> {
    let first = error.path.split('.').next().unwrap_or_default();
    page.fields.iter().find(|field| field.name == *first).map(|field| field.name.clone())
}

/// What is known of a page, with what is given for open questions in its place.
fn overlaid(page: &Page, known: &Answers, open: &BTreeSet<Name>, given: &Json) -> Json {
    let mut all = Map::new();
    for field in &page.fields {
        let new = given.get(field.name.as_str()).filter(|_| open.contains(&field.name));
        let old = known.get(&field.name).map(crate::base::Value::to_json);
        all.extend(new.cloned().or(old).map(|answer| (field.name.to_string(), answer)));
    }
    Json::Object(all)
}

impl Draft<'_> {
    /// The answers to a page as they are judged: only open questions may change, the others stay as
    /// they are known.
    pub(super) fn within_flags<'b>(&self, page: &Page, given: &'b Json) -> Result<Cow<'b, Json>, Refusal> {
        let flags = &self.case.flags;
        if flags.is_empty() {
            return Ok(Cow::Borrowed(given));
        }
        let (form, ctx) = (&self.service.form, self.asking());
        let open = open_fields(form, page, flags, given, &ctx);
        if open.is_empty() {
            return Err(Refusal::NotEditable);
        }
        let closed = self.closed(given, |name| open.contains(name));
        if !closed.is_empty() {
            return Err(Refusal::Answers(closed));
        }
        let mut answers = overlaid(page, ctx.known, &open, given);
        // An open question that was left empty is empty, whatever was known.
        if let Some(answers) = answers.as_object_mut() {
            answers.retain(|name, _| given.get(name).is_some() || !open.contains(name.as_str()));
        }
        Ok(Cow::Owned(answers))
    }

    /// Refuses a whole form that changes what is not open.
    pub(super) fn held_to_flags(&self, given: &Json) -> Result<(), Refusal> {
        if self.case.flags.is_empty() {
            return Ok(());
        }
        let (form, ctx) = (&self.service.form, self.asking());
        let open: BTreeSet<Name> =
            form.pages_by(None).flat_map(|page| open_fields(form, page, &self.case.flags, given, &ctx)).collect();
        let closed = self.closed(given, |name| open.contains(name));
        if closed.is_empty() { Ok(()) } else { Err(Refusal::Answers(closed)) }
    }

    /// An error for each answer that differs from the known one and is not open.
    fn closed(&self, given: &Json, is_open: impl Fn(&str) -> bool) -> Vec<FieldError> {
        let known = self.case.answers.to_json();
        let changed =
            given.as_object().into_iter().flatten().filter(|(name, answer)| known.get(*name) != Some(*answer));
        changed
            .filter(|(name, _)| !is_open(name))
            .map(|(name, _)| FieldError { path: name.clone(), problem: Problem::NotAsked })
            .collect()
    }

    /// Keeps the marks that come with an action.
    pub(super) fn mark(&mut self, action: &Action, flags: &[Flag]) -> Result<(), Refusal> {
        if flags.is_empty() {
            return Ok(());
        }
        if !action.flags {
            return Err(Refusal::NotEditable);
        }
        for flag in flags {
            let page = self.service.form.page(&flag.page).filter(|page| page.by.is_none());
            let page = page.ok_or_else(|| Refusal::NoSuchPage(flag.page.clone()))?;
            let known = |name: &Name| page.fields.iter().any(|field| field.name == *name);
            if flag.field.as_ref().is_some_and(|name| !known(name)) {
                return Err(Refusal::NoSuchPage(flag.page.clone()));
            }
            if flag.remark.chars().count() > limits::COMMENT_CHARS {
                return Err(Refusal::CommentTooLong(limits::COMMENT_CHARS));
            }
        }
        self.case.flags = flags.to_vec();
        Ok(())
    }
}
