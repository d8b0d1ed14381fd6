//! `/{tenant}/desk/calendars/{calendar}`: what is taken and by which case, and days that are closed.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::{Day, limits as engine_limits};
use engine::case::Case;
use engine::reserve::Block;
use engine::service::Service;
use engine::template::format;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::calendar::ClosedDays;
use ui_gen::view::choice::{Choice, Look, Opt};
use ui_gen::view::common::{ActionLink, Link};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use super::reader::Reader;
use super::rows::href;
use super::scope;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::calendar::{self, Found, Shown};
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::slots::{self, Closed};
use crate::store::{By, cases, events};

/// The services whose calendars somebody sees: those in which the person holds a role.
pub(super) fn services(ask: &Ask) -> Result<Vec<&Arc<Service>>, Problem> {
    Ok(scope::services(&ask.library, ask.tenant(), ask.employee()?))
}

/// The calendar in the address, if one of the person's services names it.
fn found(ask: &Ask) -> Result<Found<'_>, Problem> {
    calendar::find(services(ask)?.into_iter(), ask.param("calendar"))
}

/// Whether the person may close days in the calendar.
fn may_close(ask: &Ask, found: Found<'_>) -> Result<bool, Problem> {
    let held = scope::actor(ask.tenant(), ask.employee()?, &found.service.id, "").roles;
    Ok(found.reserve.blocked_by.iter().any(|role| held.contains(&role.value)))
}

fn here(ask: &Ask) -> String {
    ask.at(&format!("/desk/calendars/{}", ask.param("calendar")))
}

/// `GET /{tenant}/desk/calendars/{calendar}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = found(ask)?;
    let shown = Shown::load(ask, found).await?;
    let reader = Reader::of(ask);
    let today = ask.now().day();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut ids: Vec<String> = shown.slots.taken.iter().map(|taken| taken.case.clone()).collect();
    ids.sort();
    ids.dedup();
    let cases = cases::load_all(&mut tx, &ids).await?;
    let of = (found.reserve.calendar.value.as_str(), shown.code.as_str());
    let closed = slots::closed(&mut tx, of, &today.to_string()).await?;
    drop(tx);
    let names = Names::load(&ask.app, ask.tenant(), closed.iter().map(|one| one.person.clone()).collect()).await?;
    let mut view = shown.view(ask, &here(ask));
    for (row, day) in view.rows.iter_mut().zip(shown.days()) {
        for (cell, part) in row.cells.iter_mut().zip(shown.parts()) {
            let mut having: Vec<&str> = shown.having(day, &part).map(|taken| taken.case.as_str()).collect();
            having.sort_unstable();
            having.dedup();
            cell.cases = having.into_iter().filter_map(|id| link(&reader, &cases, id)).collect();
        }
    }
    view.closed = closed.iter().map(|one| closed_days(ask, one, &names)).collect();
    if may_close(ask, found)? {
        let code: String = form_urlencoded::byte_serialize(shown.code.as_bytes()).collect();
        view.actions = vec![ActionLink {
            href: format!("{}/close?resource={code}", here(ask)),
            text: reader.get("calendar.close"),
            ..ActionLink::default()
        }];
        view.open = format!("{}/open", here(ask));
    }
    ask.page(Page::Calendar(view)).back(ask.at("/desk")).answer()
}

/// The case by its number; one that is not handed in yet has none.
fn link(reader: &Reader<'_>, cases: &BTreeMap<String, Case>, id: &str) -> Option<Link> {
    let number = cases.get(id)?.number.clone()?;
    Some(Link::new(href(reader, id), number))
}

fn closed_days(ask: &Ask, closed: &Closed, names: &Names) -> ClosedDays {
    let (from, until) = (format::day(closed.block.from), format::day(closed.block.until));
    ClosedDays {
        id: closed.id.clone(),
        days: ask.words().say("calendar.from_to", &[("from", &from), ("until", &until)]),
        reason: closed.block.reason.clone(),
        by: format!(
            "{}, {}",
            names.officer(&closed.person),
            when::moment(ask.words(), ask.now().with_ms(closed.at_ms))
        ),
    }
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    resource: String,
    from: String,
    until: String,
    reason: String,
    wrong: [String; 2],
}

/// `GET /{tenant}/desk/calendars/{calendar}/close`
pub(crate) async fn close_page(ask: &Ask) -> Answer {
    let found = found(ask)?;
    if !may_close(ask, found)? {
        return Err(Problem::Forbidden);
    }
    let typed = Typed { resource: ask.query("resource")?.to_owned(), ..Typed::default() };
    draw(ask, found, &typed, 200)
}

/// `POST /{tenant}/desk/calendars/{calendar}/close`
pub(crate) async fn close(ask: &Ask) -> Answer {
    let found = found(ask)?;
    if !may_close(ask, found)? {
        return Err(Problem::Forbidden);
    }
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let mut typed = Typed {
        resource: field("resource")?,
        from: field("from")?,
        until: field("until")?,
        reason: ask.said("reason")?.trim().to_owned(),
        ..Typed::default()
    };
    if ask.only_shows() {
        return draw(ask, found, &typed, 200);
    }
    if !found.list.is_choice(&typed.resource) {
        return Err(Problem::BadRequest("no such thing is in the calendar"));
    }
    let Some((from, until)) = judged(ask, &mut typed) else { return draw(ask, found, &typed, 422) };
    let now_ms = ask.now().ms;
    let by = By { person: &ask.employee()?.id, kind: engine::case::ActorKind::Employee, at_ms: now_ms };
    let calendar = found.reserve.calendar.value.clone();
    let block = Block { calendar, resource: typed.resource.clone(), from, until, reason: typed.reason.clone() };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    // Pressed twice, they are closed once: whoever is second waits here.
    events::hold(&mut tx).await?;
    let of = (block.calendar.as_str(), block.resource.as_str());
    let closed = slots::closed(&mut tx, of, &from.to_string()).await?;
    if closed.iter().all(|one| one.block != block) {
        slots::close(&mut tx, by, &ask.app.chance.ordered_id(now_ms), &block).await?;
    }
    tx.commit().await?;
    back(ask, &typed.resource, from)
}

/// `POST /{tenant}/desk/calendars/{calendar}/open`
pub(crate) async fn open(ask: &Ask) -> Answer {
    let found = found(ask)?;
    if !may_close(ask, found)? {
        return Err(Problem::Forbidden);
    }
    let by = By { person: &ask.employee()?.id, kind: engine::case::ActorKind::Employee, at_ms: ask.now().ms };
    let id = ask.field("id")?;
    let calendar = found.reserve.calendar.value.as_str();
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let closed = slots::closed_by_id(&mut tx, id).await?.filter(|one| one.block.calendar == *calendar);
    let Some(closed) = closed else { return Err(Problem::NotFound) };
    slots::lift(&mut tx, by, id).await?;
    tx.commit().await?;
    back(ask, &closed.block.resource, closed.block.from)
}

fn back(ask: &Ask, code: &str, day: Day) -> Answer {
    let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    ask.redirect(&format!("{}?resource={code}&month={}", here(ask), day.format("%Y-%m")))
}

/// The first and the last day, if nothing is wrong.
fn judged(ask: &Ask, typed: &mut Typed) -> Option<(Day, Day)> {
    let days = when::typed_day(&typed.from).zip(when::typed_day(&typed.until));
    let fits = |(from, until): &(Day, Day)| {
        from <= until && *until >= ask.now().day() && (*until - *from).num_days() < limits::CLOSED_DAYS
    };
    let days = days.filter(fits);
    if days.is_none() {
        typed.wrong[0] = ask.words().get("calendar.wrong_days");
    }
    if typed.reason.is_empty() || typed.reason.chars().count() > engine_limits::COMMENT_CHARS {
        typed.wrong[1] = ask.words().get("calendar.no_reason");
    }
    days.filter(|_| typed.wrong.iter().all(String::is_empty))
}

fn draw(ask: &Ask, found: Found<'_>, typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let day = |name: &str, label: &str, value: &str| {
        let input = Input::Text(Text { width: 10, max_length: 10, ..Text::new(value) });
        FieldView::new(name, reader.get(label), input).hint(reader.get("leave.day_hint"))
    };
    let options = found.list.choices().map(|entry| Opt::new(&entry.code, reader.text(&entry.label)));
    let choice = Choice { look: Look::Select, ..Choice::one(options.collect(), &typed.resource, "") };
    let question = found.service.form.field(&found.reserve.resource.value);
    let label = question.map(|field| reader.text(&field.label).to_owned()).unwrap_or_default();
    let reason = Text { max_length: 2_000, ..Text::new(typed.reason.as_str()) };
    let view = ActionForm {
        service: reader.get("calendar.title"),
        number: reader.text(&found.service.title).to_owned(),
        action: format!("{}/close", here(ask)),
        title: reader.get("calendar.close"),
        text: vec![reader.get("calendar.close_text")],
        fields: vec![
            FieldView::new("resource", label, Input::Choice(choice)),
            day("from", "calendar.from", &typed.from).error(typed.wrong[0].as_str()),
            day("until", "calendar.until", &typed.until),
            FieldView::new("reason", reader.get("calendar.reason"), Input::Textarea(reason))
                .error(typed.wrong[1].as_str()),
        ],
        submit: reader.get("calendar.close"),
        case: here(ask),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(here(ask)).status(status).answer()
}
