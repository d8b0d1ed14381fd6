//! One page of questions.

use engine::case::{Case, Command, Refusal};
use engine::form::{FieldError, Page as Asked};
use engine::service::Service;
use engine::workflow::APPLICANT;
use ui_gen::Page;
use ui_gen::view::apply::Question;

use super::fill::{Button, Filling};
use super::{asked, calendar, earlier, sent_back, tell};
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::dispatch;
use crate::problem::Problem;
use crate::store::events;

/// `GET /{tenant}/cases/{case}/form/{page}`
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    if !may_edit(ask, &service) {
        return ask.redirect(&ask.at_case(""));
    }
    let page = page(ask, &service)?;
    if !open_pages(ask, &service, ask.case()).iter().any(|open| open.name == page.name) {
        return ask.redirect(&ask.at_case(if is_open(ask, &service) { "/check" } else { "" }));
    }
    let filling = Filling::load(ask, &service, page).await?;
    // Answers that came to disagree with others after they were kept are told of at once.
    let mut errors = judged(ask, &service, page, ask.case()).err().unwrap_or_default();
    errors.retain(|error| error.problem.words().is_some());
    draw(ask, &service, page, &filling, &errors, 200).await
}

/// `POST /{tenant}/cases/{case}/form/{page}`
pub async fn take(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    if !may_edit(ask, &service) {
        return Err(Refusal::NotEditable.into());
    }
    let page = page(ask, &service)?;
    let mut filling = Filling::load(ask, &service, page).await?;
    let button = filling.take().await?;
    let here = here(ask, page);
    match button {
        Button::Leave => {
            filling.keep().await?;
            ask.redirect(&ask.at("/my"))
        }
        Button::Again if filling.is_unfit() || filling.is_searching()? => {
            filling.keep().await?;
            let status = if filling.is_unfit() { 422 } else { 200 };
            draw(ask, &service, page, &filling, &[], status).await
        }
        Button::Again | Button::Language(_) => {
            filling.keep().await?;
            ask.redirect(&here)
        }
        Button::Continue => save(ask, &service, page, &filling).await,
    }
}

async fn save(ask: &Ask, service: &Service, page: &Asked, filling: &Filling<'_>) -> Answer {
    if filling.is_unfit() {
        filling.keep().await?;
        // What else is wrong is told at once, beside the file that was not taken.
        let errors = filling.faults()?;
        return draw(ask, service, page, filling, &errors, 422).await;
    }
    let command = Command::Save { page: page.name.clone(), answers: filling.answers() };
    let actor = ask.who.actor(&service.id, &[]).ok_or(Problem::SignIn)?;
    let saved = act::act(&ask.app, ask.tenant(), &ask.case().id, &actor, &command, None).await;
    match saved {
        Ok(acted) => {
            filling.forget().await?;
            ask.redirect(&next(ask, service, page, &acted.case)?)
        }
        Err(Problem::Refused(Refusal::Answers(errors))) => {
            filling.keep().await?;
            let errors = filling.fair(errors)?;
            let status = if errors.is_empty() { 200 } else { 422 };
            draw(ask, service, page, filling, &errors, status).await
        }
        Err(other) => Err(other),
    }
}

/// The page after this one; back to the check if the answer was changed from there, unless the
/// change has opened new questions.
fn next(ask: &Ask, service: &Service, page: &Asked, case: &Case) -> Result<String, Problem> {
    let base = ask.at_case("");
    let pages = open_pages(ask, service, case);
    let after = pages.iter().position(|asked| asked.name == page.name).and_then(|at| pages.get(at + 1));
    if !is_open(ask, service) {
        return Ok(after.map_or(base, |after| ask.at_case(&format!("/form/{}", after.name))));
    }
    if !ask.query("change")?.is_empty() {
        let open = first_open(ask, service, case);
        return Ok(open.map_or_else(|| format!("{base}/check"), |open| format!("{base}/form/{open}?change=1")));
    }
    if service.form.tasks {
        return Ok(format!("{base}/tasks"));
    }
    Ok(after.map_or_else(|| format!("{base}/check"), |after| format!("{base}/form/{}", after.name)))
}

/// The first page whose answers will not do.
pub(super) fn first_open(ask: &Ask, service: &Service, case: &Case) -> Option<String> {
    let open = |page: &&Asked| judged(ask, service, page, case).is_err();
    let pages = asked::pages(service, ask.tenant(), case, ask.now().day());
    pages.into_iter().find(open).map(|page| page.name.to_string())
}

/// The kept answers of a page as they are judged today.
fn judged(ask: &Ask, service: &Service, page: &Asked, case: &Case) -> Result<engine::base::Answers, Vec<FieldError>> {
    let own =
        page.fields.iter().filter_map(|field| Some((field.name.to_string(), case.answers.get(&field.name)?.to_json())));
    let answers = serde_json::Value::Object(own.collect());
    let (today, places) = (ask.now().day(), &ask.tenant().places);
    let (lists, known) = (&service.lists, &case.answers);
    let ctx = engine::form::Ctx { today, lists, places, known, named: None, identity: &[] };
    engine::form::accept_page(&service.form, page, &answers, &ctx)
}

async fn draw(
    ask: &Ask,
    service: &Service,
    page: &Asked,
    filling: &Filling<'_>,
    errors: &[FieldError],
    status: u16,
) -> Answer {
    let case = ask.case();
    let pages = open_pages(ask, service, case);
    let at = pages.iter().position(|asked| asked.name == page.name).unwrap_or_default();
    let change = !ask.query("change")?.is_empty();
    let mut action = here(ask, page);
    let seen = filling.seen();
    if !seen.is_empty() {
        action.push_str(if action.contains('?') { "&seen=" } else { "?seen=" });
        action.push_str(&seen);
    }
    let mut fields = filling.views(errors);
    earlier::offer(ask, &page.fields, &mut fields).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let history = events::history(&mut tx, &case.id).await?;
    for field in fields.iter_mut().filter(|field| !field.remark.is_empty()) {
        field.earlier = sent_back::earlier(ask, page, &history, &field.name);
    }
    calendar::hint(ask, &mut tx, service, &mut fields).await?;
    drop(tx);
    let title = page.title.in_language(&ask.lang).to_owned();
    let view = Question {
        asks: filling.decides(),
        declared: Vec::new(),
        service: service.title.in_language(&ask.lang).to_owned(),
        action,
        title,
        step: u32::try_from(at + 1).unwrap_or(0),
        steps: u32::try_from(pages.len()).unwrap_or(0),
        intro: page.hint.iter().map(|hint| hint.in_language(&ask.lang).to_owned()).collect(),
        fields,
        errors: Vec::new(),
        remark: [tell::remark(service, case, &history), sent_back::about(case, page)].join("\n").trim().to_owned(),
        submit: String::new(),
        can_leave: true,
        desk: false,
    };
    let back = match (change, at) {
        _ if !is_open(ask, service) => ask.at_case(""),
        (true, _) => ask.at_case("/check"),
        _ if service.form.tasks => ask.at_case("/tasks"),
        (false, 0) => ask.at(&format!("/services/{}", service.id)),
        (false, at) => ask.at_case(&format!("/form/{}", pages[at - 1].name)),
    };
    ask.page(Page::Question(view)).back(back).status(status).answer()
}

fn here(ask: &Ask, page: &Asked) -> String {
    let change = if ask.query("change").is_ok_and(|change| !change.is_empty()) { "?change=1" } else { "" };
    format!("{}{change}", ask.at_case(&format!("/form/{}", page.name)))
}

/// Whether the applicant may change answers now.
pub(super) fn is_open(ask: &Ask, service: &Service) -> bool {
    editor(ask, service).is_some_and(|edit| *edit == *APPLICANT)
}

/// Whether whoever asks may: the applicant, or whoever holds a record.
pub(super) fn may_edit(ask: &Ask, service: &Service) -> bool {
    editor(ask, service).is_some_and(|edit| ask.is_for_me(edit))
}

/// The role in which answers can be changed now; none while it is offered to the person for whom it was written.
fn editor<'a>(ask: &Ask, service: &'a Service) -> Option<&'a str> {
    let edit = tell::state_of(service, ask.case()).edit.as_ref().filter(|_| ask.case().offered.is_none());
    edit.map(|edit| edit.value.as_str())
}

/// The pages that may be answered now: those that the applicant may, or whoever holds a record.
pub(super) fn open_pages<'a>(ask: &Ask, service: &'a Service, case: &Case) -> Vec<&'a Asked> {
    match editor(ask, service).filter(|edit| **edit != *APPLICANT) {
        Some(role) => sent_back::shared(ask, service, case, role),
        None => sent_back::pages(ask, service, case),
    }
}

/// The page in the address, if whoever may change answers now is asked it.
fn page<'a>(ask: &Ask, service: &'a Service) -> Result<&'a Asked, Problem> {
    let name = dispatch::name(ask.param("page"))?;
    let today = ask.now().day();
    let pages = match editor(ask, service).filter(|edit| **edit != *APPLICANT) {
        Some(role) => asked::pages_of(service, ask.tenant(), ask.case(), role, today),
        None => asked::pages(service, ask.tenant(), ask.case(), today),
    };
    pages.into_iter().find(|page| page.name == name).ok_or(Problem::NotFound)
}
