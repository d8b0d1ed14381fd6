//! Files and papers of a case, for those who may see it.

#![allow(clippy::unnecessary_wraps, reason = "every answer has the same shape")]

use axum::http::{HeaderValue, header};

use engine::case::{Command, Refusal};

use super::case::{self, Beside};
use super::opened::Opened;
use super::reader::Reader;
use super::rows::href;
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::files::{of_case, served};
use crate::http::copies;
use crate::http::headers::FRAMED;
use crate::octets;
use crate::problem::Problem;
use crate::store::papers;

/// `GET /{tenant}/desk/cases/{case}/files/{file}`
pub(crate) async fn file(ask: &Ask) -> Answer {
    // What was scanned at the counter can be looked at before the application is sent.
    let opened = match ask.case().number {
        Some(_) => Opened::load(ask).await?,
        None => Opened::draft(ask).await?,
    };
    // Who may not know the applicant sees what was sent all the same; whoever sees answers masked says why first.
    if opened.asks_why() || opened.withholds(&Reader::of(ask), ask.case(), ask.param("file")) {
        return ask.redirect(&where_why_is_said(ask));
    }
    if opened.hidden {
        opened.note(ask, ask.case()).await?;
    }
    let file = of_case(ask).await?;
    framed(served(&file.kind, &file.name, octets::of_file(&ask.app, &ask.tenant().id, &file).await?))
}

/// The page with the box for why something is needed.
fn where_why_is_said(ask: &Ask) -> String {
    format!("{}?tab=form", href(&Reader::of(ask), &ask.case().id))
}

/// `POST /{tenant}/desk/cases/{case}/files/{file}`: says whether a file bears out the answers.
pub(crate) async fn examine(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let file = ask.param("file").to_owned();
    let fits = match ask.field("verdict")? {
        "fits" => true,
        "differs" => false,
        _ => return Err(Problem::BadRequest("a verdict that is none")),
    };
    let reason = ask.field("finding")?.replace("\r\n", "\n");
    let command = Command::Examine { file: file.clone(), fits, reason };
    let reader = Reader::of(ask);
    match act::act(&ask.app, ask.tenant(), &ask.case().id, &opened.actor, &command, ask.key()?.as_deref()).await {
        Ok(_) => ask.redirect(&format!("{}?tab=documents&file={file}&done=1", href(&reader, &ask.case().id))),
        Err(Problem::Refused(Refusal::CommentMissing)) => {
            let finding = reader.get("examine.why");
            case::shown(ask, &opened, Beside { finding, ..Beside::default() }, 422).await
        }
        Err(other) => Err(other),
    }
}

/// `GET /{tenant}/desk/cases/{case}/papers/{paper}.pdf`
pub(crate) async fn paper(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    if opened.asks_why() {
        return ask.redirect(&where_why_is_said(ask));
    }
    if opened.sealed {
        return Err(Problem::Forbidden);
    }
    let id = ask.param("paper").strip_suffix(".pdf").ok_or(Problem::NotFound)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let paper =
        papers::find(&mut tx, id).await?.filter(|paper| paper.case == ask.case().id).ok_or(Problem::NotFound)?;
    drop(tx);
    let number = paper.body["number"].as_str().unwrap_or(&paper.document).replace('/', "-");
    let bytes = octets::of_paper(&ask.app, &ask.tenant().id, &paper).await?;
    copies::note(ask, &paper).await?;
    framed(served("application/pdf", &format!("{number}.pdf"), bytes))
}

/// The pages of the desk may show it in a frame; nobody else's may.
fn framed(mut response: axum::response::Response) -> Answer {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED));
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}
