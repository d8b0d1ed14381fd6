//! What is said of the store as a whole: its statements, and how its tables came to be.

mod migrations;
mod statements;
