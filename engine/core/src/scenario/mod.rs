//! Tests written by authors, and random walks.
//!
//! A scenario is a file of `tests/` beside a definition: given answers, steps, and what must
//! follow from each. The same runner serves `nagar test` and the engine's own tests.

pub mod answers;
mod calendar;
pub mod checks;
mod coverage;
mod example;
mod given;
pub mod history;
mod idle;
mod inspect;
mod law_values;
mod laws;
pub mod path;
mod program;
mod refused;
mod register;
mod run;
mod sample;
mod step;
mod suite;
pub mod walk;
mod world;
pub(crate) mod yaml;

pub use coverage::{Coverage, Trial, Tried};
pub use example::{Example, examples};
pub use sample::Scene;
pub use suite::{Report, check, neutral_tenant, run_all};
