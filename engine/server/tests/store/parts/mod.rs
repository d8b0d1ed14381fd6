//! Parts of the store by themselves, its statements, and how its tables came to be.

mod cipher;
mod db;
mod held;
mod kept;
mod migrations;
mod numbers;
mod paired;
mod statements;
mod way;
