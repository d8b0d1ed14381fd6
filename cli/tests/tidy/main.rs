//! The tidiness of the whole workspace, as tests: what the compiler does not see and a reader feels.
//!
//! `UPDATE=1` rewrites what is generated (`schemas/`, `docs/checks/`); the difference is read like code.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

mod checks;
mod definitions;
mod dependencies;
mod generated;
mod guide;
mod layers;
mod lengths;
mod names;
mod outward;
mod security;
mod speech;
mod supply;
mod tree;
