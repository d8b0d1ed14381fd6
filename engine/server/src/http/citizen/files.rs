//! Files that were uploaded, and papers that were issued, to be looked at.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use connectors::control::holds;
use engine::base::Day;
use serde_json::Value as Json;

use super::{coming, holder, mobile};
use crate::http::ask::{self, Answer, Ask};
use crate::http::copies;
use crate::http::headers::SANDBOX;
use crate::octets;
use crate::problem::Problem;
use crate::store::{events, files, papers};
use crate::work::papers::{NO_EMBLEM, Sheet, pdf};

/// `GET /{tenant}/cases/{case}/files/{file}`
pub async fn file(ask: &Ask) -> Answer {
    let file = of_case(ask).await?;
    if !ask.applies() {
        let service = ask.service_of_case().await?;
        if !holder::may_open(ask, &service, &file) {
            return Err(Problem::NotFound);
        }
    }
    let bytes = octets::of_file(&ask.app, &ask.tenant().id, &file).await?;
    Ok(served(&file.kind, &file.name, bytes))
}

/// The file in the address, if it belongs to the case there: uploaded for it; or for no case, or for the one that
/// opened it, and then named by an answer of this one.
pub async fn of_case(ask: &Ask) -> Result<files::File, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let file = files::find(&mut tx, ask.param("file")).await?.ok_or(Problem::NotFound)?;
    let belongs = match &file.case {
        Some(case) if *case == ask.case().id => true,
        Some(case) if ask.case().parent.as_deref() != Some(case.as_str()) => false,
        _ => names(&ask.case().answers.to_json(), &file.id),
    };
    if belongs { Ok(file) } else { Err(Problem::NotFound) }
}

/// Whether an answer names the file.
pub(super) fn names(answers: &Json, file: &str) -> bool {
    match answers {
        Json::Object(map) => map.get("id").is_some_and(|id| id == file) || map.values().any(|value| names(value, file)),
        Json::Array(items) => items.iter().any(|item| names(item, file)),
        _ => false,
    }
}

/// `GET /{tenant}/cases/{case}/papers/{paper}.pdf`
pub async fn paper(ask: &Ask) -> Answer {
    let id = ask.param("paper").strip_suffix(".pdf").ok_or(Problem::NotFound)?;
    mobile::hold(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let paper = papers::find(&mut tx, id).await?.filter(|paper| paper.case == ask.case().id);
    let Some(paper) = paper else {
        // The page with the link was drawn before the paper was made: the case tells when it is there.
        let history = events::history(&mut tx, &ask.case().id).await?;
        let soon = coming::is_being_made(ask, &mut tx, &history, id).await?;
        return if soon { ask.redirect(&ask.at_case("")) } else { Err(Problem::NotFound) };
    };
    drop(tx);
    let bytes = octets::of_paper(&ask.app, &ask.tenant().id, &paper).await?;
    copies::note(ask, &paper).await?;
    let number = paper.body["number"].as_str().unwrap_or(&paper.document).replace('/', "-");
    Ok(served("application/pdf", &format!("{number}.pdf"), bytes))
}

/// A paper, laid out in the colours of the town for whoever asks: its title and number, the page, and the day it is of.
pub async fn printed(ask: &Ask, html: String, (title, number): (&str, &str), page: paper::Page, on: Day) -> Answer {
    let sheet = Sheet {
        title: format!("{title} {number}"),
        language: ask.lang.clone(),
        page,
        footer: None,
        emblem: ask.tenant().emblem.as_deref().unwrap_or(NO_EMBLEM).to_owned(),
        accent: ask.tenant().accent.clone(),
        created: on.to_string(),
    };
    let pdf = pdf(html, sheet).await.map_err(|error| error.context(format!("printing {number}")))?;
    Ok(served("application/pdf", &format!("{}.pdf", number.replace('/', "-")), pdf))
}

/// A file as an answer: it may be looked at, and may do nothing.
pub fn served(kind: &str, name: &str, bytes: Vec<u8>) -> Response {
    let kind = match kind {
        "application/pdf" => "application/pdf",
        "image/jpeg" => "image/jpeg",
        "image/png" => "image/png",
        "image/webp" => "image/webp",
        // Drawn by a program of ours, for nobody can send one; it lies in the sandbox all the same.
        "image/svg+xml" => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = ask::text(StatusCode::OK, kind, Body::from(bytes));
    let headers = response.headers_mut();
    if holds("file_01_sandbox") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    }
    let shown = if kind == "application/octet-stream" { "attachment" } else { "inline" };
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' })
        .collect();
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let line = format!("{shown}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("attachment")),
    );
    response
}
