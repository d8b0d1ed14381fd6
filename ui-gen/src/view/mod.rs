//! View models: what each page shows, as plain values already formatted for reading.
//!
//! Money, dates and counts are text: the caller knows the town's formats.
//! Addresses (`href`, `at`, `action`) are ready to use. A field called `svg` or `emblem` is
//! written without escaping, and must come from the product itself or a checked definition.

pub mod choice;
pub mod common;
pub mod field;

pub mod account;
pub mod apply;
pub mod calendar;
pub mod charter;
pub mod dues;
pub mod follow;
pub mod home;
pub mod money;
pub mod other;
pub mod public;

pub mod counter;
pub mod desk;
pub mod dev;
pub mod figures;
pub mod inbox;
pub mod registers;
pub mod staff;
pub mod stock;
pub mod survey;
pub mod till;
pub mod work;
