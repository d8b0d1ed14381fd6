//! The program as people and other programs run it: what it prints, and how it ends.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../../src/cmd/anchor.rs"]
mod anchor;
mod archives;
mod books;
mod definitions;
mod exchange;
mod history;
mod incidents;
#[path = "../../../engine/core/benches/life/mod.rs"]
#[allow(dead_code, reason = "made for measurements; the tests need a part of it")]
mod life;
mod loaded;
mod logged;
mod node;
mod nodes;
mod old_bills;
mod papers;
mod postgres;
mod program;
mod publishing;
mod read;
mod scrutiny;
mod serving;
#[path = "../../src/cmd/sign_ins.rs"]
mod sign_ins;
#[path = "../../src/cmd/stamp.rs"]
mod stamp;
mod statements;
mod storm;
mod town;
mod watch;
#[path = "../../src/cmd/when.rs"]
#[allow(dead_code, reason = "the commands need the rest of it")]
mod when;
