//! Style sheets, the script and the icon; and whether the server is well.

use axum::http::StatusCode;

use super::ask::{self, Answer, Ask};
use super::headers::{Keep, Kept};
use crate::problem::Problem;

/// `GET /assets/{file}`
pub async fn asset(ask: &Ask) -> Answer {
    let name = ask.param("file");
    let mut response = if let Some(asset) = ui_gen::assets().iter().find(|asset| asset.name == name) {
        ask::text(StatusCode::OK, asset.content_type, asset.bytes)
    } else {
        let tenant = name.strip_suffix(".css").ok_or(Problem::NotFound)?;
        let style = ask.library.style(tenant).ok_or(Problem::NotFound)?;
        ask::text(StatusCode::OK, "text/css; charset=utf-8", style.to_owned())
    };
    response.extensions_mut().insert(Kept(Keep::Forever));
    Ok(response)
}

/// `GET /live`: the process answers.
pub async fn live(_: &Ask) -> Answer {
    Ok(ask::text(StatusCode::OK, "text/plain; charset=utf-8", "live\n"))
}

/// `GET /ready`: the database answers, there are definitions, and nobody asked this node to stop.
pub async fn ready(ask: &Ask) -> Answer {
    ask.app.store.ready().await?;
    let (status, text) = if ask.app.stopping.asked() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if ask.library.catalogue.tenants.is_empty() {
        (StatusCode::SERVICE_UNAVAILABLE, "no definitions\n")
    } else {
        (StatusCode::OK, "ready\n")
    };
    Ok(ask::text(status, "text/plain; charset=utf-8", text))
}
