//! The store, on SQLite always and on PostgreSQL when `DATABASE_URL` names a database in which
//! schemas may be made. The cases are the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod act;
mod closings;
mod collected;
mod copies;
mod database;
mod desk;
mod dues;
mod erasing;
mod figures;
mod long_chain;
mod looking;
mod many;
mod nodes;
mod parts;
mod people;
mod points;
mod proved;
mod registers;
mod same;
mod shared;
mod sign_in;
mod one_service;
mod slots;
mod statements;
mod stocks;
mod tamper;
mod tills;
mod town;
mod trouble;
mod walked;
mod walls;
