//! Through the router: what a browser sends, what comes back, and what is then in the store, in the
//! outbox and at the gateway. The towns and services are invented; see `definitions/`.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod account;
mod api;
mod api_registers;
mod apply;
mod browser;
mod calendar;
mod desk_account;
mod desk_action;
mod desk_assist;
mod desk_bulk;
mod desk_case;
mod desk_counter;
mod desk_departments;
mod desk_dev;
mod desk_edit;
mod desk_inbox;
mod desk_language;
mod desk_sign_in;
mod desk_staff;
mod desk_till;
mod desk_town;
mod dues;
mod feedback;
mod files;
mod find_case;
mod follow;
mod fuzz;
mod gateway;
mod hardening;
mod hooks;
mod import;
mod known;
mod metrics;
mod migrate;
mod nodes;
mod once;
mod open311;
mod openapi;
mod parts;
mod pay;
mod profile;
mod public;
mod raise;
mod registers;
mod restart;
mod routes;
mod sign_in;
mod simulation;
mod tasks;
mod town;
mod work;
