//! `/{tenant}/desk/cases/{case}`: one case with everything that is known about it.

use serde_json::json;
use ui_gen::Page;
use ui_gen::view::common::{Link, Tone};
use ui_gen::view::desk::{DeskCase, DeskTab};

use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use super::view_case::{self, TABS, state_of};
use super::{candidates, view_answers, view_history, view_tabs};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::inbox::{self, CaseRow, Query, Scope};
use crate::store::{By, cases, events, files, notices, papers, vouchers};

/// Cases that look alike, at most.
const SIMILAR: i64 = 10;
/// Fewest characters of a reason for looking at what is masked.
const REASON: usize = 5;

/// `GET /{tenant}/desk/cases/{case}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let notice = match ask.query("done")? {
        "" => None,
        _ => Some((Tone::Good, ask.words().get("desk.done"))),
    };
    shown(ask, &opened, notice, 200).await
}

/// The page, with what is to be said on top.
pub(crate) async fn shown(ask: &Ask, opened: &Opened, notice: Option<(Tone, String)>, status: u16) -> Answer {
    let (reader, case) = (Reader::of(ask), ask.case());
    let wanted = ask.query("tab")?;
    let tab = TABS.into_iter().find(|tab| *tab == wanted).unwrap_or("summary");
    let (content, files) = content(ask, &reader, opened, tab).await?;
    let everybody = candidates::all(ask, &case.service, &opened.place).await?;
    let next = candidates::for_state(&everybody, state_of(&opened.service, case), &case.applicant);
    let (actions, blocked) = view_case::actions(&reader, opened, case);
    let mut hidden = Vec::new();
    if opened.service.billing.is_none() {
        hidden.push("money");
    }
    if view_answers::officers(&opened.service.form).is_empty() {
        hidden.push("inspection");
    }
    let mut view = DeskCase {
        identity: view_case::identity(&reader, opened, case),
        tabs: view_case::tabs(&reader, case, tab, &[("documents", files)], &hidden),
        tab: content,
        actions,
        blocked,
        assign: view_case::assign(&reader, opened, case, &next),
        note_action: format!("{}/note", href(&reader, &case.id)),
        unmask: if opened.masked { format!("{}/unmask?tab={tab}", href(&reader, &case.id)) } else { String::new() },
        similar: similar(ask, &reader, opened).await?,
    };
    if opened.actor.roles.is_empty() {
        view.note_action = String::new();
    }
    if super::collect::may_collect(&opened.service, case, &opened.actor.roles) {
        let address = format!("{}/collect", href(&reader, &case.id));
        view.actions.push(ui_gen::view::common::ActionLink {
            href: address,
            text: reader.get("collect.title"),
            ..Default::default()
        });
    }
    let mut page = ask.page(Page::DeskCase(view)).status(status);
    if let Some((tone, text)) = notice {
        page = page.notice(tone, text);
    }
    page.back(ask.at("/desk/inbox")).answer()
}

/// What the tab shows, and how many documents there are.
async fn content(ask: &Ask, reader: &Reader<'_>, opened: &Opened, tab: &str) -> Result<(DeskTab, usize), Problem> {
    let case = ask.case();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let kept = files::by_case(&mut tx, &case.id).await?;
    let issued = papers::by_case(&mut tx, &case.id).await?;
    let asked = view_answers::asked_files(reader, &opened.service.form, &case.answers);
    let count = asked.iter().filter(|(id, _)| kept.iter().any(|file| file.id == *id)).count() + issued.len();
    let content = match tab {
        "form" => view_tabs::answers(reader, opened, case, false),
        "inspection" => view_tabs::answers(reader, opened, case, true),
        "documents" => view_tabs::documents(reader, opened, case, (&kept, &issued), ask.query("file")?),
        "money" => view_tabs::money(reader, opened, case, &vouchers::by_case(&mut tx, &case.id).await?),
        "messages" => view_tabs::messages(reader, &notices::by_case(&mut tx, &case.id).await?),
        "timeline" => DeskTab::Timeline { happenings: view_history::happenings(reader, opened) },
        "audit" => DeskTab::Audit { events: view_history::audit(reader, opened) },
        _ => view_tabs::summary(reader, opened, case),
    };
    Ok((content, count))
}

/// Other cases of the same applicant, and of the same service at the same place, that the reader may see.
async fn similar(ask: &Ask, reader: &Reader<'_>, opened: &Opened) -> Result<Vec<Link>, Problem> {
    let (case, employee) = (ask.case(), ask.employee()?);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut found: Vec<CaseRow> = cases::by_applicant(&mut tx, &case.applicant).await?;
    let holds = |row: &CaseRow| !super::scope::actor(ask.tenant(), employee, &row.service, &row.place).roles.is_empty();
    found.retain(|row| row.number.is_some() && holds(row));
    if !opened.place.is_empty() {
        let states = opened.service.workflow.states.iter().map(|state| state.name.to_string()).collect();
        let scope = Scope { states: vec![(case.service.clone(), states)], places: Some(vec![opened.place.clone()]) };
        let query = Query { scope, handed_in: true, me: &employee.id, sort: inbox::Sort::Newest, ..Query::default() };
        found.extend(inbox::export(&mut tx, &query, SIMILAR).await?.into_iter().filter(holds));
    }
    let mut links: Vec<Link> = Vec::new();
    for row in found.iter().filter(|row| row.id != case.id) {
        let address = href(reader, &row.id);
        if links.len() < usize::try_from(SIMILAR).unwrap_or(usize::MAX) && links.iter().all(|link| link.href != address)
        {
            let why = if row.applicant == case.applicant { "case.same_applicant" } else { "case.same_place" };
            links.push(Link::new(
                address,
                format!("{} ({})", row.number.as_deref().unwrap_or_default(), reader.get(why)),
            ));
        }
    }
    Ok(links)
}

/// `POST /{tenant}/desk/cases/{case}/unmask`: shows personal answers to somebody who says why they
/// are needed, and keeps who, when and why.
pub(crate) async fn unmask(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let reason = ask.field("reason")?.trim();
    if reason.chars().count() < REASON {
        return shown(ask, &opened, Some((Tone::Bad, ask.words().get("unmask.why"))), 422).await;
    }
    let reason: String = reason.chars().take(engine::base::limits::COMMENT_CHARS).collect();
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let by = By::new(&opened.actor, ask.now().ms);
    events::note(&mut tx, by, Some(&ask.case().id), "unmask", json!({ "reason": reason })).await?;
    tx.commit().await?;
    let tab = ask.query("tab")?;
    let tab = TABS.into_iter().find(|known| *known == tab).unwrap_or("form");
    ask.redirect(&format!("{}?tab={tab}", href(&Reader::of(ask), &ask.case().id)))
}
