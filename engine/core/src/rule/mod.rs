//! The sandbox in which rules run: Rhai from a raw engine, an allow-list of exact functions,
//! limits on operations, memory and time.
//!
//! `sandbox` is the interpreter, `standard` what may be called, `inspect` what is found wrong
//! before anything runs, `run` what an evaluation is told. `when:` expressions are here, most of
//! them lowered for speed (`quick`); the rules of fees build on it.

use std::sync::{Arc, OnceLock};

use crate::base::Calendar;
use crate::source::Where;

pub mod checks;
mod condition;
mod deadline;
pub mod domain;
mod failure;
pub(crate) mod inspect;
pub(crate) mod place;
mod quick;
pub(crate) mod run;
pub(crate) mod sandbox;
mod seen;
pub mod standard;

pub(crate) use deadline::watched;
pub use domain::{Asked, Domain, FieldDomain, Range};
pub(crate) use failure::plain;
pub use seen::Seen;
pub use standard::{STANDARD, Standard};

/// What a rule may look at: plain values, prepared by the form. Whole numbers are `i64`, decimals
/// and money `Decimal`, days [`Day`](crate::base::Day), codes and texts strings, yes and no `bool`,
/// repeated groups arrays of maps, groups maps; an answer that is not there is `()`. `record`
/// stands for the record that a case is about.
pub type Facts = rhai::Map;

/// A `when:` expression over answers, compiled and checked.
#[derive(Clone, Debug)]
pub struct Condition {
    /// As written.
    pub source: String,
    /// Where.
    pub at: Where,
    /// The answers it reads.
    pub fields: Vec<String>,
    calendar: Arc<Calendar>,
    /// Whether it looks into lists.
    lists: bool,
    /// What is asked first, if it could be lowered.
    quick: Option<Arc<quick::Quick>>,
    /// For the interpreter, made when it is first asked.
    ast: Arc<OnceLock<rhai::AST>>,
}

/// Why a rule gave no answer. It is shown to the officer; the case stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFailed {
    /// What went wrong, in plain words.
    pub reason: String,
    /// The line of the rule, from one; 0 if there is none.
    pub line: usize,
    /// The column, from one.
    pub column: usize,
}
