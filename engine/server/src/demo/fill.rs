//! What people of an invented history answer.

#![allow(clippy::format_collect, reason = "a short path")]

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use engine::base::Name;
use engine::case::{Case, Command, Refusal};
use engine::form::{self, Field, Kind, Page};
use engine::registry::Record;
use engine::scenario::Scene;
use engine::scenario::walk::{Chance as _, Seeded};
use serde_json::{Map, Value as Json};

use super::play::Player;
use crate::act;
use crate::app::App;
use crate::problem::Problem;

impl Player {
    /// Answers to a page, after those that were given before.
    pub(super) fn answers(&mut self, app: &App, page: &Page, given: &Json) -> Json {
        let nothing = Map::new();
        let scene = Scene {
            today: app.clock.now(&self.tenant).day(),
            tenant: &self.tenant,
            lists: &self.service.lists,
            given: given.as_object().unwrap_or(&nothing),
            applicant: &self.person.name,
            mobile: &self.person.mobile,
        };
        let mut answers = self.props.history.answers(page, scene, &mut self.chance);
        self.props.specimens.put_in(&mut answers);
        if let Json::Object(map) = &mut answers {
            name_records(&page.fields, map, &mut self.nameable.clone(), &mut self.chance);
        }
        answers
    }

    /// Answers to every page of the applicant. What the record of the case did not know need not be asked now.
    pub(super) fn application(&mut self, app: &App, case: &Case) -> Json {
        let service = Arc::clone(&self.service);
        let mut answers = case.answers.to_json();
        let taken_over = !case.answers.0.is_empty();
        for page in service.form.pages_by(None) {
            let made = self.answers(app, page, &answers);
            if let (Json::Object(all), Json::Object(own)) = (&mut answers, made) {
                let asked = own.into_iter().filter(|(name, _)| !taken_over || is_required(page, name));
                for (name, value) in asked {
                    all.entry(name).or_insert(value);
                }
            }
        }
        // Some answers fit others that come later.
        for page in service.form.pages_by(None).filter(|_| !taken_over) {
            let made = self.answers(app, page, &answers);
            if let (Json::Object(all), Json::Object(own)) = (&mut answers, made) {
                all.extend(own.into_iter().filter(|(name, _)| self.props.history.fits(name)));
            }
        }
        answers
    }

    /// Fills in the form, without what the conditions turn out not to ask.
    pub(super) async fn fill(&mut self, app: &App, case: &Case, mut answers: Json) -> Result<Option<Case>> {
        let mut last = None;
        for _ in 0..3 {
            let command = Command::Fill { answers: answers.clone() };
            match act::act(app, &self.tenant, &case.id, &self.citizen(), &command, None).await {
                Ok(acted) => {
                    self.acts += 1;
                    return Ok(Some(acted.case));
                }
                Err(Problem::Refused(Refusal::Answers(errors))) => {
                    drop_asked_in_vain(&mut answers, &errors);
                    last = Some(Refusal::Answers(errors));
                }
                Err(problem) => {
                    self.went_wrong("fill", problem)?;
                    return Ok(None);
                }
            }
        }
        if let Some(refusal) = last {
            self.went_wrong("fill", refusal.into())?;
        }
        Ok(None)
    }
}

/// Answers questions of `type: record` with records that are `left`, none of them twice; an item of a repeated
/// group for which none is left goes. Whether there was one for each question.
fn name_records(
    fields: &[Field],
    answers: &mut Map<String, Json>,
    left: &mut BTreeMap<Name, Vec<String>>,
    chance: &mut Seeded,
) -> bool {
    let mut all = true;
    for field in fields.iter().filter(|field| form::names_record(field)) {
        let name = field.name.as_str();
        let Some(given) = answers.get_mut(name) else { continue };
        match (&field.kind, given) {
            (Kind::Record { registry, .. }, given) => {
                let numbers = left.get_mut(registry).filter(|numbers| !numbers.is_empty());
                if let Some(numbers) = numbers {
                    let at = chance.below(u64::try_from(numbers.len()).unwrap_or(1));
                    *given = Json::String(numbers.swap_remove(usize::try_from(at).unwrap_or(0)));
                } else {
                    answers.remove(name);
                    all = false;
                }
            }
            (Kind::Group { fields }, Json::Object(inner)) => all &= name_records(fields, inner, left, chance),
            (Kind::List { fields, .. }, Json::Array(items)) => items
                .retain_mut(|item| item.as_object_mut().is_none_or(|inner| name_records(fields, inner, left, chance))),
            _ => {}
        }
    }
    all
}

/// The registries of which a record has to be named in answers to these questions.
pub(super) fn needed(fields: &[Field]) -> Vec<&Name> {
    let mut registries = Vec::new();
    for field in fields.iter().filter(|field| !field.optional) {
        match &field.kind {
            Kind::Record { registry, .. } => registries.push(registry),
            Kind::Group { fields } => registries.extend(needed(fields)),
            Kind::List { fields, min, .. } if *min > 0 => registries.extend(needed(fields)),
            _ => {}
        }
    }
    registries
}

/// Puts in the place of what was invented for a page what the record of the case says, or else the case itself.
pub(super) fn keep_what_stands(page: &Page, answers: &mut Json, case: &Case, record: Option<&Record>) {
    let Json::Object(map) = answers else { return };
    for field in &page.fields {
        let known = record.and_then(|record| record.answers.get(&field.name));
        if let Some(stands) = known.or_else(|| case.answers.get(&field.name)) {
            map.insert(field.name.to_string(), stands.to_json());
        }
    }
}

/// Whether a question of this page has to be answered.
fn is_required(page: &Page, name: &str) -> bool {
    page.fields.iter().any(|field| field.name == *name && !field.optional)
}

/// Takes away answers to what is not asked; keeps the rest, to try once more.
fn drop_asked_in_vain(answers: &mut Json, errors: &[engine::form::FieldError]) {
    for error in errors {
        let mut parts: Vec<&str> = error.path.split('.').collect();
        let Some(last) = parts.pop() else { continue };
        let pointer: String = parts.iter().map(|part| format!("/{part}")).collect();
        if let Some(Json::Object(map)) = answers.pointer_mut(&pointer) {
            map.remove(last);
        }
    }
}
