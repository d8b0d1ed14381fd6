//! `/{tenant}/desk/cases/{case}`: one case with everything that is known about it.

use connectors::control::holds;
use serde_json::json;
use ui_gen::view::common::{Row, Tone};
use ui_gen::view::desk::{DeskCase, DeskTab, Note, Unmask};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use super::view_case::{self, TABS, state_of};
use super::view_documents::Look;
use super::{candidates, edit, scope, view_answers, view_checks, view_history, view_tabs};
use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, reckoned, relatives};
use crate::problem::Problem;
use crate::store::inbox::CaseRow;
use crate::store::{By, events, files, notices, papers, vouchers};

/// Fewest characters of a reason for looking at what is masked.
const REASON: usize = 5;

/// What was typed beside a case, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Said on top.
    pub(crate) notice: Option<(Tone, String)>,
    /// Why the case cannot be given to whom was chosen.
    pub(crate) to: String,
    /// What is wrong with a note.
    pub(crate) note: String,
    /// What is wrong with the reason for unmasking.
    pub(crate) reason: String,
    /// What is wrong with what was said of a document.
    pub(crate) finding: String,
}

/// `GET /{tenant}/desk/cases/{case}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let notice = match ask.query("done")? {
        "" => None,
        _ => Some((Tone::Good, ask.words().get("desk.done"))),
    };
    shown(ask, &opened, Beside { notice, ..Beside::default() }, 200).await
}

/// The part of the case that is open.
pub(super) fn tab(ask: &Ask) -> Result<&'static str, Problem> {
    let wanted = ask.query("tab")?;
    Ok(TABS.into_iter().find(|tab| *tab == wanted).unwrap_or("summary"))
}

/// The page, with what was typed beside the case.
pub(crate) async fn shown(ask: &Ask, opened: &Opened, mut beside: Beside, status: u16) -> Answer {
    let (reader, case, tab) = (Reader::of(ask), ask.case(), tab(ask)?);
    let alike = view_checks::alike(ask, opened).await?;
    let (mut content, files) = content(ask, &reader, opened, (tab, beside.finding.as_str())).await?;
    if tab == "checks" {
        content = view_checks::tab(ask, &reader, opened, &alike).await?;
    }
    let everybody = candidates::all(ask, &case.service, &opened.place, &opened.departments).await?;
    let next = candidates::for_state(&everybody, state_of(&opened.service, case), &case.applicant, &opened.names);
    let (mut actions, blocked) = view_case::actions(&reader, opened, case);
    actions.extend(edit::links(&reader, opened, case));
    let mut hidden = Vec::new();
    if opened.service.billing.is_none() {
        hidden.push("money");
    }
    if view_answers::officers(&opened.service.form).is_empty() {
        hidden.push("inspection");
    }
    if opened.sealed {
        hidden.push("messages");
    }
    if opened.asks_why() {
        hidden.push("documents");
    }
    let assign = view_case::assign(&reader, opened, case, &next, (ask.field("to")?, beside.to.as_str()));
    if !beside.to.is_empty() && assign.as_ref().is_none_or(|assign| assign.people.is_none()) {
        beside.notice = Some((Tone::Bad, beside.to.clone()));
    }
    let mut view = DeskCase {
        identity: view_case::identity(&reader, opened, case),
        tabs: view_case::tabs(&reader, case, tab, &[("documents", files), ("checks", alike.len())], &hidden),
        tab: content,
        actions,
        blocked,
        assign,
        note: note(ask, &reader, opened, &beside)?,
        unmask: unmasking(ask, &reader, opened, &beside)?,
        typed_to: String::new(),
        similar: view_checks::links(&reader, &alike),
        family: family(ask, &reader).await?,
    };
    let note = view.note.as_ref().map(|note| &note.action);
    let unmask = view.unmask.as_ref().map(|unmask| &unmask.action);
    let assign = view.assign.as_ref().filter(|assign| assign.people.is_some()).map(|assign| &assign.action);
    view.typed_to = note.or(unmask).or(assign).cloned().unwrap_or_default();
    if !opened.is_own(case) && super::collect::may_collect(&opened.service, case, &opened.actor.roles) {
        let address = format!("{}/collect", href(&reader, &case.id));
        view.actions.push(ui_gen::view::common::ActionLink {
            href: address,
            text: reader.get("collect.title"),
            ..Default::default()
        });
    }
    let mut page = ask.page(Page::DeskCase(view)).status(status);
    if let Some((tone, text)) = beside.notice {
        page = page.notice(tone, text);
    }
    // Before anything is demanded: whoever examines the case need not come to its decision to learn it.
    if let Some(text) = reckoned::declined_in(&opened.service, case, reader.now.day()) {
        page = page.notice(Tone::Warn, reader.text(text));
    }
    page.back(ask.at("/desk/inbox")).answer()
}

/// The case that opened this one, and those that it opened: a link where the reader holds a role in it.
async fn family(ask: &Ask, reader: &Reader<'_>) -> Result<Vec<Row>, Problem> {
    let employee = ask.employee()?;
    let may = |row: &CaseRow| scope::may_list(ask.tenant(), employee, row).then(|| href(reader, &row.id));
    relatives::rows(ask, ask.case(), may).await
}

/// The box for a note, for those who hold a role.
fn note(ask: &Ask, reader: &Reader<'_>, opened: &Opened, beside: &Beside) -> Result<Option<Box<Note>>, Problem> {
    if opened.actor.roles.is_empty() {
        return Ok(None);
    }
    let text = Text { rows: 3, ..Text::new(ask.field("text")?) };
    Ok(Some(Box::new(Note {
        action: format!("{}/note?tab={}", href(reader, &ask.case().id), tab(ask)?),
        text: FieldView::new("text", reader.get("note.text"), Input::Textarea(text)).error(&beside.note),
        to_applicant: ask.field("audience")? == "applicant",
    })))
}

/// The box for why masked answers must be seen, where they are.
fn unmasking(ask: &Ask, reader: &Reader<'_>, opened: &Opened, beside: &Beside) -> Result<Option<Box<Unmask>>, Problem> {
    if !opened.masked || opened.hidden {
        return Ok(None);
    }
    let reason = FieldView::new("reason", reader.get("unmask.reason"), Input::Text(Text::new(ask.field("reason")?)));
    Ok(Some(Box::new(Unmask {
        action: format!("{}/unmask?tab={}", href(reader, &ask.case().id), tab(ask)?),
        reason: reason.hint(reader.get("unmask.hint")).error(&beside.reason),
    })))
}

/// What the tab shows, and how many documents there are.
async fn content(
    ask: &Ask,
    reader: &Reader<'_>,
    opened: &Opened,
    (tab, wrong): (&str, &str),
) -> Result<(DeskTab, usize), Problem> {
    let case = ask.case();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let kept = files::by_case(&mut tx, &case.id).await?;
    // Papers and messages call the applicant by name.
    let issued = if opened.sealed { Vec::new() } else { papers::by_case(&mut tx, &case.id).await? };
    let count = opened.asked.iter().filter(|(id, _)| kept.iter().any(|file| file.id == *id)).count() + issued.len();
    let look = Look { file: ask.query("file")?, zoom: ask.query("zoom")?, turn: ask.query("turn")?, wrong };
    let content = match tab {
        "form" => view_tabs::answers(reader, opened, case, (false, &kept)),
        "inspection" => view_tabs::answers(reader, opened, case, (true, &kept)),
        "documents" if !opened.asks_why() => view_tabs::documents(reader, opened, case, (&kept, &issued), look),
        "money" => view_tabs::money(reader, opened, case, &vouchers::by_case(&mut tx, &case.id).await?),
        "messages" if !opened.sealed => view_tabs::messages(reader, &notices::by_case(&mut tx, &case.id).await?),
        "timeline" => DeskTab::Timeline { happenings: view_history::happenings(reader, opened) },
        "audit" => DeskTab::Audit { events: view_history::audit(reader, opened) },
        _ => view_tabs::summary(reader, opened, case),
    };
    Ok((content, count))
}

/// `POST /{tenant}/desk/cases/{case}/unmask`: shows personal answers to somebody who says why they
/// are needed, and keeps who, when and why.
pub(crate) async fn unmask(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let reason = ask.said("reason")?.trim();
    if ask.only_shows() {
        return shown(ask, &opened, Beside::default(), 200).await;
    }
    if opened.hidden {
        return Err(Problem::Forbidden);
    }
    if reason.chars().count() < REASON {
        let reason = ask.words().get("unmask.why");
        return shown(ask, &opened, Beside { reason, ..Beside::default() }, 422).await;
    }
    let reason: String = reason.chars().take(engine::base::limits::COMMENT_CHARS).collect();
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if holds("priv_02_unmasked") {
        // A reason is soon typed: whoever reads through a whole town has to wait.
        otp::throttle(&mut tx, &format!("unmasked:{}", opened.actor.person), ask.now().ms, limits::UNMASKED).await?;
    }
    let by = By::new(&opened.actor, ask.now().ms);
    events::note(&mut tx, by, Some(&ask.case().id), "unmask", json!({ "reason": reason })).await?;
    tx.commit().await?;
    let tab = ask.query("tab")?;
    let tab = TABS.into_iter().find(|known| *known == tab).unwrap_or("form");
    ask.redirect(&format!("{}?tab={tab}", href(&Reader::of(ask), &ask.case().id)))
}
