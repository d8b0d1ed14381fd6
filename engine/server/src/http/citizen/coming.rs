//! What is on its way to the applicant: papers that are being made, and a message that is being sent.
//! It is known from what was decided, before it is there.

use engine::service::Service;
use ui_gen::view::common::Paper;

use super::tell;
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::Tx;
use crate::store::events::Event;
use crate::store::jobs::{self, Kind};
use crate::work;

/// Who is told, as the store writes it.
const APPLICANT: &str = "applicant";

/// The papers that are being made, the latest first. Their addresses are those that they will have.
pub(super) async fn papers(
    ask: &Ask,
    tx: &mut Tx,
    service: &Service,
    history: &[Event],
) -> Result<Vec<Paper>, Problem> {
    let mut papers = Vec::new();
    for (document, id) in waiting(ask, tx, history).await? {
        papers.push(Paper {
            title: tell::document_title(service, &document, &ask.lang),
            href: ask.at_case(&format!("/papers/{id}.pdf")),
            detail: ask.words().get("done.being_made"),
            ..Paper::default()
        });
    }
    Ok(papers)
}

/// Whether the paper with this key is being made.
pub(super) async fn is_being_made(ask: &Ask, tx: &mut Tx, history: &[Event], id: &str) -> Result<bool, Problem> {
    Ok(waiting(ask, tx, history).await?.iter().any(|(_, coming)| coming == id))
}

/// The documents that are being made and the keys of their papers, the latest first.
async fn waiting(ask: &Ask, tx: &mut Tx, history: &[Event]) -> Result<Vec<(String, String)>, Problem> {
    let mut waiting = Vec::new();
    for (version, order) in orders(history, "papers") {
        let Some(document) = order.as_str() else { continue };
        let job = jobs::key_of(&ask.case().id, version, document);
        if jobs::waits(tx, Kind::Paper, &job).await? {
            waiting.push((document.to_owned(), work::papers::id_of(&ask.app, &ask.tenant().id, &job)));
        }
    }
    Ok(waiting)
}

/// Whether a short message to the applicant is being sent.
pub(super) async fn message(ask: &Ask, tx: &mut Tx, service: &Service, history: &[Event]) -> Result<bool, Problem> {
    for (version, order) in orders(history, "notices") {
        let (Some(notice), Some(APPLICANT)) = (order[0].as_str(), order[1].as_str()) else { continue };
        let is_short =
            service.notice(notice).is_some_and(|notice| notice.words.values().any(|words| words.sms.is_some()));
        let job = jobs::key_of(&ask.case().id, version, &format!("{notice}:{APPLICANT}"));
        if is_short && jobs::waits(tx, Kind::Notice, &job).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was ordered by what happened, with the version of the case that ordered it, the latest first.
fn orders<'a>(history: &'a [Event], what: &'a str) -> impl Iterator<Item = (i64, &'a serde_json::Value)> {
    history
        .iter()
        .rev()
        .filter_map(move |event| {
            let ordered = event.outcome[what].as_array()?.iter();
            let version = event.version?;
            Some(ordered.map(move |order| (version, order)))
        })
        .flatten()
}
