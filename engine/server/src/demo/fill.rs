//! What people of an invented history answer.

#![allow(clippy::format_collect, reason = "a short path")]

use std::sync::Arc;

use anyhow::Result;
use engine::case::{Case, Command, Refusal};
use engine::form::Page;
use engine::scenario::Scene;
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
