//! # unknown-service
//!
//! A tenant offers a service that has no definition, or offers it twice.
//!
//! **Why it matters.** The catalogue would show a door with nothing behind it.
//!
//! **Remedy.** Correct the spelling, or add the folder of the service.

use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic};

manual!("unknown-service", "unknown_service.rs");

/// No folder of definitions is called so.
pub fn diagnostic<'a>(service: &At<String>, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &service.at,
        format!("no service is called `{}`", service.value),
        "nobody could apply for it",
    )
    .maybe_help(help(service, known))
}

/// The service is there already.
pub fn twice(service: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &service.at,
        format!("`{}` is offered twice", service.value),
        "the catalogue would show it twice",
    )
    .help("keep one of them")
}
