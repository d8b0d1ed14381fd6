//! Parts of the shell by themselves: what needs no router.

mod agent;
mod ahead;
mod archive_seal;
mod body;
mod chance;
mod closed;
mod collect;
mod config;
mod config_schema;
mod cookies;
mod csv;
mod filter;
mod keys;
mod library;
mod open311_report;
mod open311_write;
mod paper_seal;
mod password;
mod password_rules;
mod policy;
mod powers;
mod published;
mod token;
mod totp;
mod upkeep;
mod when;
