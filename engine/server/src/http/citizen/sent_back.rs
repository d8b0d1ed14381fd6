//! What an officer marked when sending a case back: which pages and questions are open, what was said
//! about each, and what was answered before.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::{Answers, Name};
use engine::case::{Case, flag};
use engine::form::{Ctx, Page};
use engine::service::Service;
use engine::template::Look;
use serde_json::{Value as Json, json};
use ui_gen::from_engine::rows::{self, Reading};

use super::asked;
use crate::http::ask::Ask;
use crate::store::events::Event;
use crate::store::json;

fn ctx<'a>(ask: &'a Ask, service: &'a Service, case: &'a Case) -> Ctx<'a> {
    Ctx {
        today: ask.now().day(),
        lists: &service.lists,
        places: &ask.tenant().places,
        known: &case.answers,
        named: None,
        identity: &[],
    }
}

/// The pages that the applicant may answer now.
pub fn pages<'a>(ask: &Ask, service: &'a Service, case: &Case) -> Vec<&'a Page> {
    let all = asked::pages(service, ask.tenant(), case, ask.now().day());
    let open = |page: &&Page| flag::is_open(&service.form, page, &case.flags, &ctx(ask, service, case));
    all.into_iter().filter(open).collect()
}

/// The pages that whoever edits in `role`, which follows from a record, may answer now: the own ones, and of those
/// that the applicant shares what was marked.
pub fn shared<'a>(ask: &Ask, service: &'a Service, case: &Case, role: &str) -> Vec<&'a Page> {
    let all = asked::pages_of(service, ask.tenant(), case, role, ask.now().day());
    let marked = |page: &Page| flag::is_open(&service.form, page, &case.flags, &ctx(ask, service, case));
    all.into_iter().filter(|page| page.by.is_some() || marked(page)).collect()
}

/// The questions of a page that may be answered now, given what is being answered.
pub fn fields(ask: &Ask, service: &Service, page: &Page, given: &Json) -> BTreeSet<Name> {
    let case = ask.case();
    let flags = if page.by.is_none() { case.flags.as_slice() } else { &[] };
    flag::open_fields(&service.form, page, flags, given, &ctx(ask, service, case))
}

/// What was said about questions of a page, by their names.
pub fn remarks(case: &Case, page: &Page) -> BTreeMap<String, String> {
    let here = case.flags.iter().filter(|flag| flag.page == page.name);
    here.filter_map(|flag| Some((flag.field.as_ref()?.to_string(), flag.remark.clone()))).collect()
}

/// What was said about the page as a whole; empty for nothing.
pub fn about(case: &Case, page: &Page) -> String {
    let whole = case.flags.iter().find(|flag| flag.page == page.name && flag.field.is_none());
    whole.map(|flag| flag.remark.clone()).unwrap_or_default()
}

/// What was answered to a question when the case was sent back, in words.
pub fn earlier(ask: &Ask, page: &Page, history: &[Event], name: &str) -> String {
    let case = ask.case();
    let state = Some(case.state.as_str());
    let since = history.iter().rposition(|event| {
        event.outcome["to"].as_str() == state && event.outcome["from"].as_str() != event.outcome["to"].as_str()
    });
    let changes = history[since.map_or(0, |at| at + 1)..]
        .iter()
        .flat_map(|event| event.outcome["changed"].as_array().map(Vec::as_slice).unwrap_or_default());
    let before = changes.into_iter().find(|change| change[0] == *name).map(|change| change[1].clone());
    let answers = match before {
        Some(Json::Null) => return String::new(),
        Some(before) => Answers::from_json(&json!({ name: before })),
        None => case.answers.clone(),
    };
    let words = rows::yes_and_no(ask.words());
    let nowhere = |_: &str| String::new();
    let look = Look::new(ask.tenant(), &ask.lang, &words);
    let reading = Reading { look, file_href: &nowhere, change_href: &nowhere };
    let field: Vec<_> = page.fields.iter().filter(|field| field.name == *name).cloned().collect();
    let said = rows::of_answers(&field, &answers, false, &reading);
    said.into_iter().flat_map(|row| row.lines).collect::<Vec<_>>().join(", ")
}

/// What an event marked, a line each.
pub fn said(service: &Service, event: &Event, lang: &str) -> Vec<String> {
    let flags = json::read_flags(&event.command["flags"]).unwrap_or_default();
    let line = |flag: &engine::case::Flag| {
        let page = service.form.page(&flag.page)?;
        let field = flag.field.as_ref().and_then(|name| page.fields.iter().find(|field| field.name == *name));
        let label = field.map_or(&page.title, |field| &field.label).in_language(lang);
        Some(format!("{label} – {}", flag.remark))
    };
    flags.iter().filter_map(line).collect()
}
