//! Files and papers of a case, for those who may see it.

#![allow(clippy::unnecessary_wraps, reason = "every answer has the same shape")]

use axum::http::{HeaderValue, header};

use super::opened::Opened;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::files::{of_case, served, take};
use crate::http::headers::FRAMED;
use crate::problem::Problem;
use crate::store::papers;

/// `GET /{tenant}/desk/cases/{case}/files/{file}`
pub(crate) async fn file(ask: &Ask) -> Answer {
    Opened::load(ask).await?;
    let file = of_case(ask).await?;
    framed(served(&file.kind, &file.name, take(ask, &file.sha256).await?))
}

/// `GET /{tenant}/desk/cases/{case}/papers/{paper}.pdf`
pub(crate) async fn paper(ask: &Ask) -> Answer {
    Opened::load(ask).await?;
    let id = ask.param("paper").strip_suffix(".pdf").ok_or(Problem::NotFound)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let paper =
        papers::find(&mut tx, id).await?.filter(|paper| paper.case == ask.case().id).ok_or(Problem::NotFound)?;
    drop(tx);
    let number = paper.body["number"].as_str().unwrap_or(&paper.document).replace('/', "-");
    framed(served("application/pdf", &format!("{number}.pdf"), take(ask, &paper.sha256).await?))
}

/// The pages of the desk may show it in a frame; nobody else's may.
fn framed(mut response: axum::response::Response) -> Answer {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED));
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}
