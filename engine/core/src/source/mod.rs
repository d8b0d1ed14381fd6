//! Definitions as text, and what is wrong with them.

pub mod at;
pub mod bundle;
pub mod checks;
pub mod diagnostic;
pub mod manual;
pub mod node;
pub mod read;
pub mod scalar;
pub mod shape;
pub mod suggest;
pub mod words;

pub use at::{At, Where};
pub use bundle::Bundle;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use manual::Manual;
pub use node::{Node, NodeKind};
pub use shape::{Map, OneOrMany, Shape};
pub use suggest::suggest;
pub use words::Words;
