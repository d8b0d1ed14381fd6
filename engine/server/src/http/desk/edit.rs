//! `/{tenant}/desk/cases/{case}/edit/{page}`: a page that an officer may answer in the present state
//! without moving the case, filled with what stands. What is typed is kept until it will do.

use engine::base::limits::COMMENT_CHARS;
use engine::case::{Case, Command, Refusal, decide};
use engine::form::{FieldError, Page as Asked};
use ui_gen::view::apply::Question;
use ui_gen::view::common::ActionLink;
use ui_gen::view::desk::DeskAction;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::opened::Opened;
use super::preview::Given;
use super::reader::Reader;
use super::rows::href;
use super::view_case::{self, state_of};
use super::view_leads::{self, Leads};
use super::view_tabs;
use crate::act;
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::fill::{Button, Filling};
use crate::http::dispatch;
use crate::problem::Problem;

/// The pages that whoever looks may answer now: those of the role that the state lets edit.
fn pages<'a>(opened: &'a Opened, case: &Case) -> impl Iterator<Item = &'a Asked> {
    let editor = state_of(&opened.service, case).edit.as_ref().map(|edit| &edit.value);
    let editor = editor.filter(|role| opened.actor.roles.contains(role) && !opened.is_own(case)).cloned();
    opened.service.form.all_pages().filter(move |page| page.by.is_some() && page.by == editor)
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

/// `POST /{tenant}/desk/cases/{case}/edit/{page}`: shows what would change and asks why, then keeps it.
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let page = page(ask, &opened)?;
    let mut filling = Filling::load(ask, &opened.service, page).await?;
    if !ask.query("sure")?.is_empty() {
        return save(ask, &opened, (page, &filling)).await;
    }
    let button = filling.take().await?;
    filling.keep().await?;
    match button {
        Button::Leave => {
            let kept = ask.redirect(&href(&Reader::of(ask), &ask.case().id))?;
            Ok(again::came(kept, Came::Nothing))
        }
        Button::Continue if !filling.is_unfit() => leads(ask, &opened, (page, &filling), "", 200).await,
        // What else is wrong is told at once, beside the file that was not taken.
        Button::Continue => draw(ask, &opened, (page, &filling), &filling.faults()?, 422),
        _ => draw(ask, &opened, (page, &filling), &[], if filling.is_unfit() { 422 } else { 200 }),
    }
}

/// The page in words of the engine.
fn command(page: &Asked, filling: &Filling<'_>, reason: &str) -> Command {
    Command::Correct { page: page.name.clone(), answers: filling.answers(), reason: reason.to_owned() }
}

fn mark(filling: &Filling<'_>) -> String {
    Given { answers: filling.answers(), ..Given::default() }.mark()
}

/// What keeping the answers would change, and the box for the reason.
async fn leads(
    ask: &Ask,
    opened: &Opened,
    (page, filling): (&Asked, &Filling<'_>),
    wrong: &str,
    status: u16,
) -> Answer {
    let (reader, case) = (Reader::of(ask), ask.case());
    let tried = command(page, filling, &reader.get("lead.your_words"));
    let outcome = match decide(&opened.service, case, &opened.actor, &tried, opened.context(&reader)) {
        Ok(outcome) => outcome,
        Err(Refusal::Answers(errors)) => {
            let errors = filling.fair(errors)?;
            return draw(ask, opened, (page, filling), &errors, if errors.is_empty() { 200 } else { 422 });
        }
        Err(other) => return Err(other.into()),
    };
    if outcome.event.changed.is_empty() {
        filling.forget().await?;
        return ask.redirect(&href(&reader, &case.id));
    }
    let holder = case.assignee.as_deref().map(|id| opened.names.officer(id)).unwrap_or_default();
    let leads = Leads { action: None, outcome: Some(&outcome), told: &[], assignee: &holder };
    let text =
        Text { rows: 3, max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::new(ask.field("reason")?) };
    let reason = FieldView::new("reason", reader.get("correct.reason"), Input::Textarea(text))
        .hint(reader.get("correct.hint"))
        .error(wrong);
    let replaces = outcome.event.changed.iter().any(|(_, before, _)| !before.is_null());
    let here = format!("{}/edit/{}", href(&reader, &case.id), page.name);
    let view = DeskAction {
        identity: view_case::identity(&reader, opened, case),
        title: reader.text(&page.title).to_owned(),
        consequences: view_leads::consequences(&reader, opened, case, &leads),
        fields: vec![if replaces { reason } else { reason.optional() }],
        action: format!("{here}?sure={}", mark(filling)),
        submit: reader.get("correct.button"),
        ..DeskAction::default()
    };
    ask.page(Page::DeskAction(view)).back(here).status(status).answer()
}

async fn save(ask: &Ask, opened: &Opened, (page, filling): (&Asked, &Filling<'_>)) -> Answer {
    if ask.only_shows() || ask.query("sure")? != mark(filling) {
        return leads(ask, opened, (page, filling), "", 200).await;
    }
    let reason = ask.field("reason")?.replace("\r\n", "\n");
    let command = command(page, filling, &reason);
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, ask.key()?.as_deref()).await {
        Ok(_) => {
            filling.forget().await?;
            ask.redirect(&format!("{}?tab=inspection&done=1", href(&Reader::of(ask), &ask.case().id)))
        }
        Err(Problem::Refused(Refusal::Answers(errors))) => {
            let errors = filling.fair(errors)?;
            draw(ask, opened, (page, filling), &errors, if errors.is_empty() { 200 } else { 422 })
        }
        Err(Problem::Refused(
            refusal @ (Refusal::CommentMissing | Refusal::CommentTooLong(_) | Refusal::IdentityNumber(_)),
        )) => {
            let wrong = view_case::refusal(&Reader::of(ask), &refusal);
            leads(ask, opened, (page, filling), &wrong, 422).await
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
    let mut fields = filling.views(errors);
    fields.retain(|field| !opened.service.comes_from_stock(&field.name));
    let view = Question {
        service: format!("{} {number}", reader.text(&opened.service.title)).trim().to_owned(),
        action: if seen.is_empty() { here } else { format!("{here}?seen={seen}") },
        title: reader.text(&page.title).to_owned(),
        intro: page.hint.iter().map(|hint| reader.text(hint).to_owned()).collect(),
        fields,
        can_leave: true,
        declared: view_tabs::declared(&reader, opened, case),
        desk: true,
        ..Question::default()
    };
    ask.page(Page::Question(view)).back(href(&reader, &case.id)).status(status).answer()
}
