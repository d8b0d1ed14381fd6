//! # child-service
//!
//! A child is a case of a service that the town does not offer, that is opened on a record, or that opens cases of
//! this one in turn; its form does not ask a question of that name, or asks it in another way; `sends` is no action
//! of the applicant in its first state; or `void` is none of its last states.
//!
//! **Why it matters.** The action that opens it would be refused every time, and the case would stay where it is.
//!
//! **Remedy.** Offer the service in `tenant.yaml`, and name its questions, actions and states as its own files do.

use std::mem::discriminant;
use std::sync::Arc;

use super::child_taken_over;
use crate::base::Name;
use crate::form::Kind;
use crate::service::{ChildService, Service};
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};
use crate::workflow::{APPLICANT, State};

manual!("child-service", "child_service.rs");

/// Holds the children of the services of one town to the services that they are cases of.
pub(crate) fn check(services: &[&Arc<Service>], out: &mut Diagnostics) {
    for service in services {
        for child in &service.children {
            let of = services.iter().find(|of| of.id == *child.service.value);
            match of {
                Some(of) => out.0.extend(one(service, child, of)),
                None => out.push(not_offered(child, services)),
            }
        }
    }
}

fn not_offered(child: &ChildService, services: &[&Arc<Service>]) -> Diagnostic {
    let title = format!("the town offers no `{}`", child.service.value);
    let known: Vec<&str> = services.iter().map(|service| service.id.as_str()).collect();
    Diagnostic::error(MANUAL, &child.service.at, title, "no case of it could be opened")
        .maybe_help(help(&child.service.value, known))
}

fn one(service: &Service, child: &ChildService, of: &Service) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut say = |name: &At<Name>, title: String, label: &str, known: Vec<&str>| {
        found.push(Diagnostic::error(MANUAL, &name.at, title, label).maybe_help(help(&name.value, known)));
    };
    for (asked, given) in &child.answers {
        let (Some(from), to) = (service.form.field(&given.value), of.form.field(&asked.value)) else { continue };
        match to {
            Some(to) if discriminant(&to.kind) == discriminant(&from.kind) => {}
            Some(_) => {
                let title = format!("`{}` asks `{}` in another way", of.id, asked.value);
                say(asked, title, "the answer would not fit it", Vec::new());
            }
            None => {
                let known = of.form.fields().map(|field| field.name.as_str()).collect();
                let title = format!("`{}` asks nothing called `{}`", of.id, asked.value);
                say(asked, title, "the answer would be lost", known);
            }
        }
    }
    for (asked, text) in &child.fixed {
        match of.form.field(&asked.value).map(|field| &field.kind) {
            Some(Kind::Text { .. }) => {}
            Some(Kind::Choice { options }) if options.has(&text.value) => {}
            Some(_) => {
                let title = format!("`{}` takes no `{}` as `{}`", of.id, text.value, asked.value);
                say(asked, title, "the answer would not fit it", Vec::new());
            }
            None => {
                let known = of.form.fields().map(|field| field.name.as_str()).collect();
                let title = format!("`{}` asks nothing called `{}`", of.id, asked.value);
                say(asked, title, "the answer would be lost", known);
            }
        }
    }
    if let Some(sends) = &child.sends {
        let start = of.workflow.state(&of.workflow.start.value);
        let own = |state: &State| {
            state.action(&sends.value).is_some_and(|action| action.roles().iter().any(|role| role.value == *APPLICANT))
        };
        if start.is_none_or(|state| !own(state)) {
            let title = format!("the applicant of `{}` cannot `{}` where it begins", of.id, sends.value);
            say(sends, title, "it would never be sent", Vec::new());
        }
    }
    if let Some(void) = &child.void
        && of.workflow.state(&void.value).is_none_or(|state| state.end.is_none())
    {
        let ends = of.workflow.states.iter().filter(|state| state.end.is_some());
        let known = ends.map(|state| state.name.as_str()).collect();
        let title = format!("`{}` does not end in `{}`", of.id, void.value);
        say(void, title, "it could not be given up", known);
    }
    found.extend(opened_wrongly(service, child, of));
    found.extend(child_taken_over::against(service, child, of));
    found
}

/// What cannot be opened so at all.
fn opened_wrongly(service: &Service, child: &ChildService, of: &Service) -> Option<Diagnostic> {
    let (title, help) = if of.on_record.is_some() {
        (format!("`{}` is about a record, and none is named", of.id), "ask for it as a service of its own")
    } else if of.id == service.id || of.children.iter().any(|other| other.service.value == service.id) {
        (format!("`{}` would open cases of `{}` in turn", of.id, service.id), "one of them opens the other")
    } else {
        return None;
    };
    Some(Diagnostic::error(MANUAL, &child.service.at, title, "no case of it could be opened").help(help))
}
