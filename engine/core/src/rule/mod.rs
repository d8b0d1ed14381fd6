//! The sandbox in which rules run: Rhai from a raw engine, an allow-list of exact functions,
//! limits on operations, memory and time.

use crate::source::Where;

/// What a rule may look at: plain values, prepared by the form.
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
    pub(crate) ast: std::sync::Arc<rhai::AST>,
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
