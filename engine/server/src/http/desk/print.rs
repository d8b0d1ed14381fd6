//! A receipt on half a sheet. Every print is counted and written down; from the second on it says that
//! it is a duplicate.

use std::sync::Arc;

use axum::response::Response;
use engine::document::{self, Document};
use engine::template::Look;
use serde_json::json;

use super::reader::Reader;
use super::receipt::Found;
use super::specimen;
use crate::auth::seal::Sealed;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::files;
use crate::problem::Problem;
use crate::store::{By, events, papers, people, receipts};
use crate::work::papers::digest;
use crate::work::story::{Gathered, Links};

/// `POST /{tenant}/desk/receipts/{receipt}/print`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let (receipt, case) = (&found.kept.receipt, &found.case);
    let document = found.service.document(document::RECEIPT).filter(|_| !receipt.cancelled).ok_or(Problem::NotFound)?;
    let told = gathered(ask, &found).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let times = receipts::printed(&mut tx, &receipt.number).await?.ok_or(Problem::NotFound)?;
    let facts = json!({ "receipt": receipt.number, "times": times });
    events::note(&mut tx, By::new(&found.actor, ask.now().ms), Some(&case.id), "print", facts).await?;
    let code = code(&papers::by_case(&mut tx, &case.id).await?, &receipt.number);
    tx.commit().await?;
    let mark = (times > 1).then(|| Reader::of(ask).say("receipt.duplicate", &[("n", &times.to_string())]));
    printed(ask, &told, document, mark, code).await
}

/// Everything the paper may tell.
async fn gathered(ask: &Ask, found: &Found) -> Result<Gathered, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let person = people::find(&mut tx, &found.case.applicant).await?;
    let (mobile, email) = person.as_ref().map_or((None, None), |person| (person.mobile.clone(), person.email.clone()));
    let name = person.map(|person| person.name).filter(|name| !name.is_empty());
    Ok(Gathered {
        tenant: Arc::clone(ask.tenant()),
        service: Arc::clone(&found.service),
        case: found.case.clone(),
        record: found.record.clone(),
        applicant: name.or_else(|| mobile.as_deref().map(connectors::message::masked)).unwrap_or_default(),
        mobile,
        email,
        assignee: None,
        comment: None,
        receipt: Some(found.kept.receipt.clone()),
    })
}

/// The code of the receipt that was issued, where it has been already.
pub(crate) fn code(issued: &[papers::Paper], number: &str) -> String {
    let same = |paper: &&papers::Paper| {
        paper.document == document::RECEIPT
            && paper.body["number"].as_str() == Some(number)
            && paper.status == papers::VALID
    };
    issued.iter().find(same).map(|paper| paper.code.clone()).unwrap_or_default()
}

/// Composes the receipt, seals its words, and prints it with the link that verifies them, and with what
/// `mark` says above it.
pub(crate) async fn printed(
    ask: &Ask,
    told: &Gathered,
    document: &Document,
    mark: Option<String>,
    code: String,
) -> Result<Response, Problem> {
    let number = told.receipt.as_ref().map(|receipt| receipt.number.clone()).unwrap_or_default();
    let words = Gathered::words(&ask.library, &ask.lang);
    let look = Look::new(ask.tenant(), &ask.lang, &words);
    let case = ask.app.link(&format!("/{}/cases/{}", ask.tenant().id, told.case.id));
    let pay = told.pay_link(&ask.app);
    let composed = |verify: &str| {
        let links = Links { case: &case, verify, pay: pay.as_deref() };
        document::compose(document, &told.service.form, &look, &told.story(&ask.app, look, links).for_paper())
    };
    let today = ask.now().day();
    let sealed = Sealed {
        kind: document::RECEIPT.to_owned(),
        tenant: ask.tenant().id.clone(),
        number: number.clone(),
        code,
        digest: digest(&composed("")),
        issued: today,
    };
    let verify = ask.app.link(&ask.at(&format!("/verify/{}", sealed.sign(&ask.app.keys))));
    let mut html = composed(&verify);
    if let Some(mark) = mark {
        html = specimen::marked(&html, &mark);
    }
    let title = document.title.in_language(&ask.lang);
    files::printed(ask, html, (title, &number), paper::Page::A5, today).await
}
