//! Who has a case, and what is said about it.

use engine::base::limits::COMMENT_CHARS;
use engine::case::{Assignee, Command, Refusal, decide};
use ui_gen::view::desk::DeskAction;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::case::Beside;
use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use super::view_case::{self, state_of};
use super::view_leads::{self, Leads};
use super::{candidates, case, preview};
use crate::act;
use crate::auth::token;
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;

/// `POST /{tenant}/desk/cases/{case}/assign`: takes the case, gives it to somebody, or returns it.
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    if ask.only_shows() {
        return case::shown(ask, &opened, Beside::default(), 200).await;
    }
    let to = match (ask.field("release")?, ask.field("to")?) {
        ("yes", _) => None,
        // Nobody was chosen: that is a slip, and gives the case back to nobody.
        (_, "") => return refused(ask, &opened, &Refusal::AssigneeMissing).await,
        (_, id) => match person(ask, &opened, id).await? {
            Some(person) => Some(person),
            None => return refused(ask, &opened, &Refusal::AssigneeCannotAct).await,
        },
    };
    let command = Command::Assign { to };
    let done = act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, ask.key()?.as_deref()).await;
    answer(ask, &opened, done).await
}

/// The person with the roles held for the case, if that can be the next to act.
async fn person(ask: &Ask, opened: &Opened, id: &str) -> Result<Option<Assignee>, Problem> {
    let everybody = candidates::all(ask, &ask.case().service, &opened.place, &opened.departments).await?;
    let state = state_of(&opened.service, ask.case());
    let next = candidates::for_state(&everybody, state, &ask.case().applicant, &opened.names);
    Ok(next.iter().find(|candidate| candidate.id == id).map(candidates::Candidate::assignee))
}

/// `POST /{tenant}/desk/cases/{case}/note`: a remark for the staff, or a message to the applicant.
pub(crate) async fn note(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let sure = ask.query("sure")?;
    let to_applicant = match ask.field("audience")? {
        "applicant" => true,
        "inside" => false,
        // The page that shows the message before it is sent asks nothing but its words.
        "" if !sure.is_empty() => true,
        _ => return Err(Problem::BadRequest("a note for nobody")),
    };
    if ask.only_shows() && sure.is_empty() {
        return case::shown(ask, &opened, Beside::default(), 200).await;
    }
    let text = ask.field("text")?.replace("\r\n", "\n");
    // All boxes beside a case are one form, and Enter in the line of a reason sends it here.
    if text.is_empty() && !ask.field("reason")?.is_empty() {
        return case::unmask(ask).await;
    }
    let fits = (1..=COMMENT_CHARS).contains(&text.trim().chars().count());
    if to_applicant && fits && (ask.only_shows() || sure != token::stored(&text)) {
        return match before(ask, &opened, &text).await {
            Err(Problem::Refused(refusal @ Refusal::IdentityNumber(_))) => refused(ask, &opened, &refusal).await,
            other => other,
        };
    }
    let command = Command::Note { text, to_applicant };
    let done = act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, ask.key()?.as_deref()).await;
    answer(ask, &opened, done).await
}

/// A message to the applicant before it is sent: whom it reaches, by which way, in which words.
async fn before(ask: &Ask, opened: &Opened, text: &str) -> Answer {
    let (reader, case) = (Reader::of(ask), ask.case());
    let command = Command::Note { text: text.to_owned(), to_applicant: true };
    let outcome = decide(&opened.service, case, &opened.actor, &command, opened.context(&reader))?;
    let told = preview::told(ask, opened, &outcome, None).await?;
    let holder = case.assignee.as_deref().map(|id| opened.names.officer(id)).unwrap_or_default();
    let leads = Leads { action: None, outcome: Some(&outcome), told: &told, assignee: &holder };
    let words = Text { rows: 4, max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::new(text) };
    let view = DeskAction {
        identity: view_case::identity(&reader, opened, case),
        title: reader.get("note.applicant"),
        consequences: view_leads::consequences(&reader, opened, case, &leads),
        fields: vec![
            FieldView::new("text", reader.get("note.text"), Input::Textarea(words)).hint(reader.get("note.page_hint")),
        ],
        action: format!("{}/note?tab={}&sure={}", href(&reader, &case.id), case::tab(ask)?, token::stored(text)),
        submit: reader.get("note.send"),
        ..DeskAction::default()
    };
    ask.page(Page::DeskAction(view)).back(href(&reader, &case.id)).answer()
}

/// Back to the case; what was wrong with a few words or a choice is told beside it.
async fn answer(ask: &Ask, opened: &Opened, done: Result<act::Acted, Problem>) -> Answer {
    match done {
        Ok(_) => ask.redirect(&format!("{}?tab={}&done=1", href(&Reader::of(ask), &ask.case().id), case::tab(ask)?)),
        Err(Problem::Refused(
            refusal @ (Refusal::CommentMissing
            | Refusal::CommentTooLong(_)
            | Refusal::IdentityNumber(_)
            | Refusal::AssigneeMissing
            | Refusal::AssigneeCannotAct),
        )) => refused(ask, opened, &refusal).await,
        Err(other) => Err(other),
    }
}

async fn refused(ask: &Ask, opened: &Opened, refusal: &Refusal) -> Answer {
    let why = view_case::refusal(&Reader::of(ask), refusal);
    let beside = match refusal {
        Refusal::AssigneeMissing | Refusal::AssigneeCannotAct => Beside { to: why, ..Beside::default() },
        _ => Beside { note: why, ..Beside::default() },
    };
    case::shown(ask, opened, beside, 422).await
}
