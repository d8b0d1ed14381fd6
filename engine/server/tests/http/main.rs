//! Through the router: what a browser sends, what comes back, and what is then in the store, in the
//! outbox and at the gateway. The towns and services are invented; see `definitions/`.

mod api;
mod apply;
mod browser;
mod files;
mod pay;
mod public;
mod routes;
mod sign_in;
mod town;
