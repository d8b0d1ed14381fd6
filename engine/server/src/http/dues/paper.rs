//! `/{tenant}/pay/{registry}/{record}/bill`: the bill on paper, for anybody; the holder is masked.

use engine::base::Day;
use engine::document::BILL;

use super::count;
use super::known::{self, Known};
use crate::bills::{self, Saying};
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::{files, tell};
use crate::problem::Problem;
use crate::work::story::Gathered;

/// `GET /{tenant}/pay/{registry}/{record}/bill`
pub async fn page(ask: &Ask) -> Answer {
    count(ask).await?;
    let known = Known::load(ask).await?;
    printed(ask, &known, ask.now().day()).await
}

/// The bill of a day as a PDF.
pub(crate) async fn printed(ask: &Ask, known: &Known, day: Day) -> Answer {
    let words = Gathered::words(&ask.library, &ask.lang);
    let record = &known.dues.record;
    let saying = Saying {
        language: &ask.lang,
        words: &words,
        what: &known.what,
        holder: &known.holder,
        place: &known.place,
        pay_link: &ask.app.link(&known::href(ask, record)),
    };
    let html = bills::compose(&ask.app, ask.tenant(), &known.dues, day, &saying)?.ok_or(Problem::NotFound)?;
    let service = bills::template(&known.dues).map(|(service, _)| service).ok_or(Problem::NotFound)?;
    let title = tell::document_title(service, BILL, &ask.lang);
    files::printed(ask, html, (&title, &record.number), paper::Page::A4, day).await
}
