//! From the engine's questions and answers to what pages show, and from what people typed back to
//! answers.
//!
//! What was typed is kept as JSON of the same shape as the answers, but with every leaf as it was
//! typed ([`typed`]): so a page can be left half-filled or wrong, shown in another language, and
//! taken up again on another phone. [`typed::answers`] brings it into the strict shape that the
//! engine judges; [`fields`] draws it; [`say`] has the words for what is wrong; [`rows`] reads
//! answers back to people.

pub mod choose;
pub mod fields;
pub mod rows;
pub mod say;
pub mod typed;
mod units;

use std::collections::BTreeMap;

use engine::form::{Field, FieldError, Kind};
use engine::tenant::Tenant;

use crate::words::Words;

/// For whom questions are drawn, and what is known besides the answers.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The product's words in the reader's language.
    pub words: &'a Words,
    /// The tenant: its places, its currency.
    pub tenant: &'a Tenant,
    /// What is wrong, by path.
    pub errors: &'a [FieldError],
    /// Which questions are asked: those whose condition holds, by path.
    pub asked: &'a dyn Fn(&str) -> bool,
    /// What was looked for in long lists, by path.
    pub queries: &'a BTreeMap<String, String>,
    /// The address of a file by its id; empty while there is none.
    pub file_href: &'a dyn Fn(&str) -> String,
    /// What was said about answers by whoever sent the case back, by path.
    pub remarks: &'a BTreeMap<String, String>,
}

impl std::fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asking").field("lang", &self.words.lang()).field("errors", &self.errors).finish_non_exhaustive()
    }
}

impl Asking<'_> {
    /// The reader's language.
    pub fn lang(&self) -> &str {
        self.words.lang()
    }
}

/// The path of `name` inside `prefix`.
pub fn path(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// The fields inside a field.
pub fn inner(field: &Field) -> &[Field] {
    match &field.kind {
        Kind::List { fields, .. } | Kind::Group { fields } => fields,
        _ => &[],
    }
}

/// The field at a path, as in `owners.0.name`.
pub fn field_at<'a>(fields: &'a [Field], path: &str) -> Option<&'a Field> {
    let mut parts = path.split('.').filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
    let first = parts.next()?;
    let mut field = fields.iter().find(|field| field.name == *first)?;
    for part in parts {
        field = inner(field).iter().find(|field| field.name == *part)?;
    }
    Some(field)
}
