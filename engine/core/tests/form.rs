//! Lists, tenants and forms: the real definitions, and the smallest of our own.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads its own files, and stops where it cannot go on"
)]

mod folder;

#[path = "form/accept.rs"]
mod accept;
#[path = "form/definitions.rs"]
mod definitions;
#[path = "form/schema.rs"]
mod schema;
#[path = "form/shared.rs"]
mod shared;
#[path = "form/support.rs"]
mod support;
#[path = "form/typed.rs"]
mod typed;
