//! Filling in the template of a paper.

use serde_json::Value as Json;

use super::Document;
use crate::form::Form;
use crate::template::{self, Look};

/// The markup of `document` for a reader, or in the service's own language where there is no
/// translation.
///
/// `data` is what [`template::Story::for_paper`] gives; `form` and `look` are those it was made
/// with.
pub fn compose(document: &Document, form: &Form, look: &Look<'_>, data: &Json) -> String {
    let template = document.templates.get(look.language).or_else(|| document.templates.get(""));
    let Some(template) = template else { return String::new() };
    template::paper(template, data, form, look).expect("the template was filled in once when it was checked")
}
