//! The shell around the engine: what is kept, who may ask, what is shown, what is sent.
//!
//! In reading order: [`config`] (with [`config_schema`]) and [`chance`] (how it is run, and what cannot be known beforehand),
//! [`store`], [`programs`] (what answers pages by itself), [`library`] (the definitions), [`stopping`], [`app`] (what a request may use), [`octets`] (files and papers, sealed), [`archive`] (all of it in one sealed file), [`published`] (the definitions of all nodes; [`publishers`] signs them), [`auth`] (who asks),
//! [`around`] (what decisions are told), [`act`] (the one door to cases; [`holders`] (who has a role on one by a record); how far a post goes; what is found by another mobile number), [`appoint`] (the first administrator), [`retain`] (what was kept long enough; [`erasing`] what people ask to have erased), [`surveys`] (answers without a name), [`incident`] (what was done, and whom it concerned), [`dues`] (what is owed on records; [`bills`] and [`bill_run`] print it; [`statement`] holds what a bank says against the receipts), [`http`] (people and programs), [`work`] (what waits to be done), [`metrics`] (for those who watch).

pub mod chance;
pub mod config;
pub mod config_schema;

pub mod store;

pub mod programs;
pub mod library;
pub mod problem;

pub mod stopping;

pub mod app;
pub mod octets;
pub mod archive;
pub mod auth;
pub mod published;
pub mod publishers;

pub mod around;
pub mod act;
mod weigh;
pub mod holders;
mod family;
pub mod appoint;
#[doc(hidden)]
pub mod powers;
mod renumber;
#[doc(hidden)]
pub mod ahead;
pub mod raise;
pub mod turn;
pub mod reindex;
pub mod erasing;
pub mod retain;
pub mod surveys;
pub mod ends;
pub mod import;
pub mod statement;
pub mod migrate_cases;
pub mod finding;
pub mod bills;
pub mod bill_run;
pub mod dues;

pub mod http;
pub mod work;
pub mod metrics;

pub mod demo;
pub mod journal;
pub mod incident;
