//! Templates of messages and papers: which tags an author may write, which variables there are,
//! and how they become words.
//!
//! The language is deliberately small: `{{variable}}`, `{{helper variable}}`, `{{#if}}`,
//! `{{#unless}}`, `{{#each}}`, `{{else}}` and comments. Nothing is included, nothing is raw, and
//! every tag is proved before a definition is served, so that filling in a template cannot fail.

pub mod checks;
pub mod data;
pub mod facts;
pub mod format;
pub mod show;
pub mod variables;

mod check;
mod papers_read;
mod plain_sight;
mod render;
mod sample;
mod scan;
mod scope;
mod source;
#[cfg(test)]
mod tests;

pub use check::HELPERS;
pub use data::Story;
pub use facts::{After, Around, Fact, Facts};
pub use show::Look;
pub use variables::{VARIABLES, Variable};

pub(crate) use check::check;
pub(crate) use papers_read::PapersRead;
pub(crate) use plain_sight::surely_fills;
pub(crate) use render::{paper, plain};
pub(crate) use sample::sample;
pub(crate) use scan::{Tag, TagKind, scan};
pub(crate) use scope::Scope;
pub(crate) use source::Source;
