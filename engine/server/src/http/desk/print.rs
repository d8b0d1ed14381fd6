//! A receipt on half a sheet. Every print is counted; from the second on it says that it is a duplicate.

use engine::document;
use engine::template::Look;
use std::sync::Arc;

use super::reader::Reader;
use super::receipt::Found;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::files;
use crate::problem::Problem;
use crate::store::{papers, people, receipts};
use crate::work::papers::NO_EMBLEM;
use crate::work::story::{Gathered, Links};

/// `GET /{tenant}/desk/receipts/{receipt}/print`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let receipt = &found.kept.receipt;
    let document = found.service.document(document::RECEIPT).filter(|_| !receipt.cancelled).ok_or(Problem::NotFound)?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let times = receipts::printed(&mut tx, &receipt.number).await?.ok_or(Problem::NotFound)?;
    tx.commit().await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let issued = papers::by_case(&mut tx, &found.case.id).await?;
    drop(tx);
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let person = people::find(&mut tx, &found.case.applicant).await?;
    drop(tx);
    let (mobile, email) = person.as_ref().map_or((None, None), |person| (person.mobile.clone(), person.email.clone()));
    let name = person.map(|person| person.name).filter(|name| !name.is_empty());
    let told = Gathered {
        tenant: Arc::clone(ask.tenant()),
        service: Arc::clone(&found.service),
        case: found.case.clone(),
        record: found.record.clone(),
        applicant: name.or_else(|| mobile.as_deref().map(connectors::message::masked)).unwrap_or_default(),
        mobile,
        email,
        assignee: None,
        comment: None,
        receipt: Some(receipt.clone()),
    };
    let words = Gathered::words(&ask.library, &ask.lang);
    let look = Look::new(ask.tenant(), &ask.lang, &words);
    // The code of the receipt that was issued, where it has been already.
    let paper = issued
        .iter()
        .find(|paper| paper.document == document::RECEIPT && paper.body["number"].as_str() == Some(&receipt.number));
    let verify =
        ask.app.link(&paper.map_or_else(|| ask.at("/verify"), |paper| ask.at(&format!("/verify/{}", paper.code))));
    let link = ask.app.link(&format!("/{}/cases/{}", ask.tenant().id, found.case.id));
    let data = told.story(&ask.app, look, Links { case: &link, verify: &verify }).for_paper();
    let mut html = document::compose(document, &found.service.form, &look, &data);
    let reader = Reader::of(ask);
    if times > 1 {
        let mark = reader.say("receipt.duplicate", &[("n", &times.to_string())]);
        html = format!("<p class=\"center\"><strong>{mark}</strong></p>\n{html}");
    }
    let title = format!("{} {}", document.title.in_language(&ask.lang), receipt.number);
    let options = paper::Options {
        title: &title,
        language: &ask.lang,
        page: paper::Page::A5,
        footer: None,
        emblem: Some(ask.tenant().emblem.as_deref().unwrap_or(NO_EMBLEM)),
        accent: Some(&ask.tenant().accent),
        created: &ask.now().day().to_string(),
    };
    let pdf = paper::pdf(&html, &options)
        .map_err(|error| anyhow::anyhow!("printing the receipt {}: {error}", receipt.number))?;
    Ok(files::served("application/pdf", &format!("{}.pdf", receipt.number.replace('/', "-")), pdf))
}
