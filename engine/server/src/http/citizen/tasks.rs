//! The pages of a long form as a list of tasks, to be done in any order.

use engine::form::{self, Ctx, Page as Asked};
use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::apply::{Task, TaskState, Tasks};

use super::{form as pages, sent_back};
use crate::http::ask::{Answer, Ask};

/// `GET /{tenant}/cases/{case}/tasks`
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    if !pages::is_open(ask, &service) {
        return ask.redirect(&ask.at_case(""));
    }
    let tasks = list(ask, &service);
    let done = tasks.iter().filter(|task| task.state == TaskState::Completed).count();
    let complete = tasks.iter().all(|task| task.state == TaskState::Completed);
    let view = Tasks {
        service: service.title.in_language(&ask.lang).to_owned(),
        done: done.to_string(),
        of: tasks.len().to_string(),
        tasks,
        check: if complete { ask.at_case("/check") } else { String::new() },
    };
    ask.page(Page::Tasks(view)).back(ask.at("/my")).answer()
}

/// Each page that may be answered: done, to be done, or waiting for the answers of others.
fn list(ask: &Ask, service: &Service) -> Vec<Task> {
    let pages = sent_back::pages(ask, service, ask.case());
    let open: Vec<&Asked> = pages.iter().copied().filter(|page| !is_complete(ask, service, page)).collect();
    let task = |page: &&Asked| {
        let state = match () {
            () if open.iter().all(|other| other.name != page.name) => TaskState::Completed,
            () if open.iter().any(|other| other.name != page.name && reads(page, other)) => TaskState::Blocked,
            () => TaskState::Incomplete,
        };
        let href = ask.at_case(&format!("/form/{}", page.name));
        let href = if state == TaskState::Blocked { String::new() } else { href };
        Task { title: page.title.in_language(&ask.lang).to_owned(), href, state }
    };
    pages.iter().map(task).collect()
}

/// Whether the answers that are kept of a page will do.
fn is_complete(ask: &Ask, service: &Service, page: &Asked) -> bool {
    let case = ask.case();
    let ctx = Ctx {
        today: ask.now().day(),
        lists: &service.lists,
        places: &ask.tenant().places,
        known: &case.answers,
        named: None,
        identity: &[],
    };
    let own =
        page.fields.iter().filter_map(|field| Some((field.name.to_string(), case.answers.get(&field.name)?.to_json())));
    let answered: serde_json::Map<String, serde_json::Value> = own.collect();
    // A page of which nothing must be answered counts as done: that it was seen is not written down.
    form::accept_page(&service.form, page, &serde_json::Value::Object(answered), &ctx).is_ok()
}

/// Whether what a page asks depends on answers of another.
fn reads(page: &Asked, other: &Asked) -> bool {
    let conditions = page.when.iter().chain(page.fields.iter().filter_map(|field| field.when.as_ref()));
    conditions.flat_map(|when| &when.fields).any(|name| other.fields.iter().any(|field| field.name == *name.as_str()))
}
