//! Who has a case, and what is said about it.

use engine::case::{Assignee, Command, Refusal};
use ui_gen::view::common::Tone;

use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use super::view_case::{self, state_of};
use super::{candidates, case};
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;

/// `POST /{tenant}/desk/cases/{case}/assign`: takes the case, gives it to somebody, or returns it.
pub(crate) async fn take(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let to = match ask.field("to")? {
        "" => None,
        id => Some(person(ask, &opened, id).await?),
    };
    let done =
        act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &Command::Assign { to }, ask.key()?.as_deref())
            .await;
    answer(ask, &opened, done).await
}

/// The person with the roles held for the case, if that can be the next to act.
async fn person(ask: &Ask, opened: &Opened, id: &str) -> Result<Assignee, Problem> {
    let everybody = candidates::all(ask, &ask.case().service, &opened.place).await?;
    let next = candidates::for_state(&everybody, state_of(&opened.service, ask.case()), &ask.case().applicant);
    next.iter()
        .find(|candidate| candidate.id == id)
        .map(candidates::Candidate::assignee)
        .ok_or(Refusal::AssigneeCannotAct.into())
}

/// `POST /{tenant}/desk/cases/{case}/note`: a remark for the staff, or a message to the applicant.
pub(crate) async fn note(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let to_applicant = match ask.field("audience")? {
        "applicant" => true,
        "inside" => false,
        _ => return Err(Problem::BadRequest("a note for nobody")),
    };
    let text = ask.field("text")?.replace("\r\n", "\n");
    let command = Command::Note { text, to_applicant };
    let done = act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, ask.key()?.as_deref()).await;
    answer(ask, &opened, done).await
}

/// Back to the case; what was wrong with a few words or a choice is told there.
async fn answer(ask: &Ask, opened: &Opened, done: Result<act::Acted, Problem>) -> Answer {
    let reader = Reader::of(ask);
    match done {
        Ok(_) => ask.redirect(&format!("{}?done=1", href(&reader, &ask.case().id))),
        Err(Problem::Refused(refusal @ (Refusal::CommentMissing | Refusal::CommentTooLong(_)))) => {
            case::shown(ask, opened, Some((Tone::Bad, view_case::refusal(&reader, &refusal))), 422).await
        }
        Err(other) => Err(other),
    }
}
