//! The store, on SQLite always and on PostgreSQL when `DATABASE_URL` names a server on which
//! databases may be made. The cases are the same.

mod act;
mod database;
mod desk;
mod many;
mod people;
mod tamper;
mod town;
