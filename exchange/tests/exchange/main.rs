//! What others write, read as definitions; and definitions written as others read them.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

mod bpmn;
mod digit;
mod documents;
mod files;
mod mermaid;
mod shared;
mod studio;
