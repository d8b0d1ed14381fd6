//! Which pages and questions are asked, given what was answered so far.

use std::sync::Arc;

use engine::base::{Answers, Day, Value};
use engine::case::Case;
use engine::form::{self, Ctx, Field, Kind, Page};
use engine::list::List;
use engine::rule::Facts;
use engine::service::Service;
use engine::tenant::Tenant;
use engine::workflow::APPLICANT;

/// The pages that the applicant of a case is asked, with what is known so far.
pub fn pages<'a>(service: &'a Service, tenant: &Tenant, case: &Case, today: Day) -> Vec<&'a Page> {
    pages_of(service, tenant, case, APPLICANT, today)
}

/// The pages that whoever edits in `role` is asked: its own, and those that the applicant shares with it.
pub fn pages_of<'a>(service: &'a Service, tenant: &Tenant, case: &Case, role: &str, today: Day) -> Vec<&'a Page> {
    let (lists, places) = (&service.lists, &tenant.places);
    let ctx = Ctx { today, lists, places, known: &case.answers, named: None, identity: &[] };
    // A page that comes with an action of the applicant is no page of the application.
    let is_own = |page: &&Page| if role == APPLICANT { page.by.is_none() } else { service.edits(page, role) };
    let own = service.form.all_pages().filter(is_own);
    own.filter(|page| form::is_asked(&service.form, page, &ctx)).collect()
}

/// Whether the question at a path is asked: its condition holds, and that of every group around it.
/// A condition inside a group or an item sees the answers there first. A question waits for those before
/// it that its condition looks at. What cannot be told even then is asked, unless `otherwise` says no.
pub fn is_asked(
    fields: &[Field],
    parts: &[&str],
    answers: &Answers,
    facts: &Facts,
    conditions: (Day, &[Arc<List>], bool),
) -> bool {
    let [name, rest @ ..] = parts else { return true };
    let Some(at) = fields.iter().position(|field| field.name == **name) else { return false };
    let (field, (today, lists, otherwise)) = (&fields[at], conditions);
    if let Some(when) = &field.when {
        let awaited = |before: &&Field| {
            let answered = facts.get(before.name.as_str()).is_some_and(|answer| !answer.is_unit());
            !before.optional && !answered && when.fields.iter().any(|read| *read == *before.name)
        };
        let asked = |before: &Field| is_asked(&fields[..at], &[&before.name], answers, facts, conditions);
        if !when.holds(facts, today, lists).unwrap_or(otherwise) || fields[..at].iter().filter(awaited).any(asked) {
            return false;
        }
    }
    let (inner, rest) = match (&field.kind, rest) {
        (Kind::Group { .. }, rest) => (answers.get(name), rest),
        (Kind::List { .. }, [index, rest @ ..]) => (answers.at(&format!("{name}.{index}")), rest),
        _ => return true,
    };
    let nothing = Answers::default();
    let inner = if let Some(Value::Map(inner)) = inner { inner } else { &nothing };
    let fields = ui_gen::from_engine::inner(field);
    let mut facts = facts.clone();
    facts.extend(form::facts_of(fields, inner));
    is_asked(fields, rest, inner, &facts, conditions)
}
