//! The shell around the engine: keeps cases, talks to people, and brings commands to `decide`.

pub mod chance;
pub mod config;

pub mod store;

pub mod library;
pub mod problem;

pub mod app;
pub mod auth;

pub mod http;
