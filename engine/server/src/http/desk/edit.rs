//! `/{tenant}/desk/cases/{case}/edit/{page}`: a page that an officer may answer in the present state
//! without moving the case, filled with what stands. What is typed is kept until it will do.

use engine::case::{Case, Command, Refusal};
use engine::form::{FieldError, Page as Asked};
use ui_gen::Page;
use ui_gen::view::apply::Question;
use ui_gen::view::common::ActionLink;

use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use super::view_case::state_of;
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::fill::{Button, Filling};
use crate::http::dispatch;
use crate::problem::Problem;

/// The pages that whoever looks may answer now: those of the role that the state lets edit.
fn pages<'a>(opened: &'a Opened, case: &Case) -> impl Iterator<Item = &'a Asked> {
    let editor = state_of(&opened.service, case).edit.as_ref().map(|edit| &edit.value);
    let editor = editor.filter(|role| opened.actor.roles.contains(role)).cloned();
    opened.service.form.pages.iter().filter(move |page| page.by.is_some() && page.by == editor)
}

/// The ways to these pages.
pub(crate) fn links(reader: &Reader<'_>, opened: &Opened, case: &Case) -> Vec<ActionLink> {
    let link = |page: &Asked| ActionLink {
        href: format!("{}/edit/{}", href(reader, &case.id), page.name),
        text: reader.say("desk.edit", &[("page", reader.text(&page.title))]),
        ..ActionLink::default()
    };
    pages(opened, case).map(link).collect()
}

/// The page in the address, if it may be answered now.
fn page<'a>(ask: &Ask, opened: &'a Opened) -> Result<&'a Asked, Problem> {
    let name = dispatch::name(ask.param("page"))?;
    let asked = opened.service.form.page(&name).ok_or(Problem::NotFound)?;
    pages(opened, ask.case()).find(|page| page.name == asked.name).ok_or(Refusal::NotEditable.into())
}

/// `GET /{tenant}/desk/cases/{case}/edit/{page}`
pub(crate) async fn show(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let page = page(ask, &opened)?;
    let filling = Filling::load(ask, &opened.service, page).await?;
    draw(ask, &opened, (page, &filling), &[], 200)
}

/// `POST /{tenant}/desk/cases/{case}/edit/{page}`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let page = page(ask, &opened)?;
    let mut filling = Filling::load(ask, &opened.service, page).await?;
    let button = filling.take().await?;
    filling.keep().await?;
    match button {
        Button::Leave => ask.redirect(&href(&Reader::of(ask), &ask.case().id)),
        Button::Continue if !filling.is_unfit() => save(ask, &opened, (page, &filling)).await,
        _ => draw(ask, &opened, (page, &filling), &[], if filling.is_unfit() { 422 } else { 200 }),
    }
}

async fn save(ask: &Ask, opened: &Opened, (page, filling): (&Asked, &Filling<'_>)) -> Answer {
    let command = Command::Save { page: page.name.clone(), answers: filling.answers() };
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, ask.key()?.as_deref()).await {
        Ok(_) => {
            filling.forget().await?;
            ask.redirect(&format!("{}?tab=inspection&done=1", href(&Reader::of(ask), &ask.case().id)))
        }
        Err(Problem::Refused(Refusal::Answers(errors))) => {
            let errors = filling.fair(errors)?;
            draw(ask, opened, (page, filling), &errors, if errors.is_empty() { 200 } else { 422 })
        }
        Err(other) => Err(other),
    }
}

fn draw(
    ask: &Ask,
    opened: &Opened,
    (page, filling): (&Asked, &Filling<'_>),
    errors: &[FieldError],
    status: u16,
) -> Answer {
    let (reader, case) = (Reader::of(ask), ask.case());
    let here = format!("{}/edit/{}", href(&reader, &case.id), page.name);
    let seen = filling.seen();
    let number = case.number.clone().unwrap_or_default();
    let view = Question {
        service: format!("{} {number}", reader.text(&opened.service.title)).trim().to_owned(),
        action: if seen.is_empty() { here } else { format!("{here}?seen={seen}") },
        title: reader.text(&page.title).to_owned(),
        intro: page.hint.iter().map(|hint| reader.text(hint).to_owned()).collect(),
        fields: filling.views(errors),
        can_leave: true,
        desk: true,
        ..Question::default()
    };
    ask.page(Page::Question(view)).back(href(&reader, &case.id)).status(status).answer()
}
