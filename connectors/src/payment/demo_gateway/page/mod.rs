//! The payer's side of the gateway: one page, five endings, no script.

mod markup;
mod words;

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::time::timeout;

use self::markup::{amount, escape, fill};
use self::words::word;
use super::Shared;
use super::memory::{Known, Late, Owed};
use super::tell::Errand;
use crate::limits::DEMO_FIRST_TRY;
use crate::payment::{OrderState, origin};

const FRAME: &str = include_str!("frame.html");
const PAY: &str = include_str!("pay.html");
const DONE: &str = include_str!("done.html");
const STYLE: &str = include_str!("style.css");

/// The ways to pay that the page offers.
const MODES: [&str; 3] = ["upi", "card", "net_banking"];

/// Which language the page is asked in; the order's own if not said.
#[derive(Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
}

/// What the payer chose.
#[derive(Deserialize)]
pub(super) struct Chosen {
    ending: Ending,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    repeat: u8,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Ending {
    Succeed,
    Fail,
    Pending,
    Late,
    Close,
}

/// `GET /pay/{id}`.
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match find(&shared, id).await {
        Some(order) => page(&order, asked.lang.as_deref().unwrap_or(&order.request.language)),
        None => not_found(asked.lang.as_deref().unwrap_or("en")),
    }
}

/// `POST /pay/{id}`: does what was chosen, gives the callback a moment, and sends the payer back.
pub(super) async fn choose(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Response {
    let Some(order) = find(&shared, id).await else {
        return not_found("en");
    };
    let back = Redirect::to(&order.request.return_url).into_response();
    let secured = secure(back, &order.request.return_url);
    match end(&shared, order.id, &chosen).await {
        Ok(()) => secured,
        Err(()) => (StatusCode::SERVICE_UNAVAILABLE, "try again").into_response(),
    }
}

/// `GET /style.css`.
pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], STYLE)
        .into_response()
}

async fn find(shared: &Shared, id: String) -> Option<Known> {
    shared.desk.with(move |book| book.order(&id).cloned()).await.ok().flatten()
}

async fn end(shared: &Shared, id: String, chosen: &Chosen) -> Result<(), ()> {
    let now = (shared.clock)();
    let mode = MODES.iter().find(|mode| **mode == chosen.mode).copied().unwrap_or(MODES[0]);
    let (ending, repeat) = (chosen.ending, chosen.repeat);
    let late = Late {
        due_ms: now.saturating_add(i64::try_from(shared.late_after.as_millis()).unwrap_or(i64::MAX)),
        mode: mode.to_owned(),
        repeat,
    };
    let order = id.clone();
    let due_ms = late.due_ms;
    let work = move |book: &mut super::book::Book| match ending {
        Ending::Succeed => book.end(&id, Some(mode), repeat, now).map(Next::tell),
        Ending::Fail => book.end(&id, None, repeat, now).map(Next::tell),
        Ending::Pending => book.leave(&id, None, now).map(|_| Next::Nothing),
        Ending::Late => book.leave(&id, Some(late), now).map(|left| if left { Next::Settle } else { Next::Nothing }),
        Ending::Close => Ok(Next::Nothing),
    };
    let next = shared.desk.with(work).await.map_err(|_| ())?;
    let next = next.map_err(|refused| tracing::error!(?refused, "the demo gateway cannot end a payment"))?;
    match next {
        Next::Nothing => {}
        Next::Settle => send(shared, Errand::Settle { order, due_ms }),
        Next::Tell(owed) => {
            let (tried, heard) = oneshot::channel();
            send(shared, Errand::Tell { owed, tried: Some(tried) });
            // The payer does not wait for a slow town; the callback goes on by itself.
            let _ = timeout(DEMO_FIRST_TRY, heard).await;
        }
    }
    Ok(())
}

enum Next {
    Nothing,
    Settle,
    Tell(Owed),
}

impl Next {
    fn tell(owed: Option<Owed>) -> Self {
        owed.map_or(Self::Nothing, Self::Tell)
    }
}

/// Hands an errand over. When nobody takes it the gateway is stopping, and the book brings it back.
fn send(shared: &Shared, errand: Errand) {
    if shared.errands.send(errand).is_err() {
        tracing::warn!("the demo gateway stops; what it owes goes on at the next start");
    }
}

fn page(order: &Known, language: &str) -> Response {
    let language = words::known(language);
    let request = &order.request;
    let amount = amount(request.amount_paise, &request.currency);
    let values = [
        ("amount", amount.as_str()),
        ("payee", &request.payee),
        ("description", &request.description),
        ("reference", &request.reference),
        ("order", &order.id),
        ("return_url", &request.return_url),
    ];
    let (template, title, status) = match order.state {
        OrderState::Created => (PAY, "title_pay", "status_created"),
        OrderState::Pending => (PAY, "title_pay", "status_pending"),
        OrderState::Succeeded => (DONE, "title_done", "status_succeeded"),
        OrderState::Failed => (DONE, "title_done", "status_failed"),
    };
    let body = fill(template, language, &values, &[("status", word(status, language))]);
    let html = frame(language, word(title, language), &body);
    secure((StatusCode::OK, html_of(html)).into_response(), &request.return_url)
}

fn not_found(language: &str) -> Response {
    let language = words::known(language);
    let heading = word("not_found", language);
    let body = format!("<h1>{}</h1>", escape(heading));
    secure((StatusCode::NOT_FOUND, html_of(frame(language, heading, &body))).into_response(), "")
}

fn frame(language: &str, title: &str, body: &str) -> String {
    let other = if language == "hi" { "en" } else { "hi" };
    let values = [("lang", language), ("title", title), ("other", other), ("other_name", word("own_name", other))];
    fill(FRAME, language, &values, &[("body", body)])
}

fn html_of(html: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// The headers of every page: nothing is loaded but our style, nothing may frame the page, and a
/// form goes to us and then back to the town (`form-action` governs the redirect as well).
fn secure(mut response: Response, return_url: &str) -> Response {
    let back = origin(return_url).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' {back}; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    let policy = HeaderValue::from_str(&policy).expect("an origin is ASCII without control characters");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
