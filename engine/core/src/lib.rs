//! The engine of Nagar: checks definitions of municipal services, and decides cases by them.
//!
//! It turns text into a checked [`service::Service`] — or into diagnostics — and then answers a
//! single question: what does a command lead to? It knows no clock, no disk, no database, no
//! network and no chance: all of those are told to it.
//!
//! This list is the map. A module uses only modules listed above it; a test holds it to that.
//! Every part of a service has the same rooms: `yaml` as the author wrote it, `check` from there
//! to the model, `mod` the model, and a verb that uses it.

pub mod base;
pub mod source;
pub mod list;
pub mod identity;
pub mod tenant;
pub mod rule;
pub mod form;
pub mod fees;
pub mod stock;
pub mod workflow;
pub mod reserve;
pub mod registry;
pub mod billing;
pub mod ledger;
pub mod template;
pub mod notice;
pub mod document;
pub mod survey;
pub mod service;
pub mod case;
pub mod till;
pub mod import;
pub mod scenario;
pub mod reference;
