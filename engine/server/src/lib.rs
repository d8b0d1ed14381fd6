//! The shell around the engine: keeps cases, talks to people, and brings commands to `decide`.

pub mod auth;
pub mod chance;
pub mod config;
