//! Talking to people and programs over HTTP.
//!
//! [`routes`] is the table of everything that can be asked; [`dispatch`] brings a request to its
//! row: who asks, whether he may, what he sent. Handlers are grouped by whom they serve.

pub mod limits;

pub mod agent;
pub mod body;
pub mod cookies;
mod copies;
pub mod crowd;
mod denied;
pub mod headers;
mod erasing;
mod looks;
mod on_record;
mod order;
mod relatives;
mod sessions;
mod slot_words;
mod sought;
pub mod reckoned;
pub mod charter;
pub mod public;
pub mod surveyed;
pub mod trying;
pub mod when;

pub mod ask;
pub mod chrome;
pub mod problem;

pub mod api;
pub mod assets;
pub mod citizen;
pub mod desk;
pub mod dues;
pub mod dev;
pub mod hooks;
pub mod outbox;
pub mod pay;

pub mod dispatch;
pub mod kept;
pub mod routes;
mod taken_back;
mod taking;
pub mod serving;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, RawPathParams, Request};
use axum::routing::{MethodFilter, MethodRouter, on};
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use dispatch::{Fit, Shared};
use routes::Route;

/// The router over the table.
pub fn router(app: &Arc<App>) -> Router {
    let shared = Shared { app: Arc::clone(app), policy: headers::policy(&app.gateway_origins()) };
    let mut router = Router::new();
    for route in routes::table() {
        router = router.route(route.path, method(&shared, route));
    }
    let nothing = shared.clone();
    let wrong = shared;
    router
        .fallback(move |request: Request| dispatch::answer(nothing.clone(), Fit::Nothing, Vec::new(), request))
        .method_not_allowed_fallback(move |request: Request| {
            dispatch::answer(wrong.clone(), Fit::Method, Vec::new(), request)
        })
        .layer(DefaultBodyLimit::max(limits::UPLOAD))
        .layer(CompressionLayer::new())
}

fn method(shared: &Shared, route: &'static Route) -> MethodRouter {
    let shared = shared.clone();
    let filter = if route.get { MethodFilter::GET } else { MethodFilter::POST };
    on(filter, move |params: RawPathParams, request: Request| {
        let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        dispatch::answer(shared.clone(), Fit::Row(route), params, request)
    })
}

/// Serves until `stop` comes; requests that are being answered are answered, and waited for so long as any may take.
pub async fn serve(app: &Arc<App>, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) {
    let patience = serving::Patience { header: limits::HEADER_TIME, taking: limits::TAKING, ending: limits::ENDING };
    serving::serve(router(app), listener, stop, patience).await;
}
