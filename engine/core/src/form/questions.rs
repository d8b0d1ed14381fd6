//! Questions that stand in a file of another kind: all of them on one page, which the applicant answers.

use std::sync::Arc;

use serde_json::Value as Json;

use super::check::{Known, form};
use super::locale::{missing_in_place, translate_fields};
use super::yaml::{FieldYaml, FormYaml, PageYaml};
use super::{Form, Page};
use crate::base::{Name, Text};
use crate::source::checks::wrong_shape;
use crate::source::shape::Definitions;
use crate::source::words::is_language;
use crate::source::{At, Diagnostics, Map, Node, NodeKind, Shape, Where};

/// The name of the page.
const PAGE: &str = "questions";

/// Questions as their author wrote them.
#[derive(Clone, Debug)]
pub struct Questions(Map<FieldYaml>);

impl Shape for Questions {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        Map::read(node, out).map(Self)
    }
    fn schema(definitions: &mut Definitions) -> Json {
        Map::<FieldYaml>::schema(definitions)
    }
}

impl Questions {
    /// The form that asks them, under the heading `title`.
    pub fn form(&self, title: &Text, at: &Where, known: &Known<'_>, out: &mut Diagnostics) -> Option<Form> {
        let page = PageYaml {
            at: at.clone(),
            title: At::new(title.written.clone(), at.clone()),
            hint: None,
            by: None,
            program: None,
            takes: None,
            gives: None,
            public: None,
            purpose: None,
            when: None,
            fields: self.0.clone(),
            checks: None,
        };
        let pages = Map(vec![(At::new(Name::new(PAGE), at.clone()), page)]);
        let mut form = form(&FormYaml { at: at.clone(), tasks: None, pages }, known, out)?;
        page_of(&mut form)?.title = title.clone();
        Some(form)
    }
}

/// Puts words in other languages into the questions: `translations` has them by language, and then by question.
pub fn translate(form: &mut Form, translations: &Node, out: &mut Diagnostics) {
    let NodeKind::Map(languages) = &translations.kind else {
        out.push(wrong_shape::diagnostic(translations, "a map of languages", "hi: { reason: क्यों? }"));
        return;
    };
    let Some(page) = page_of(form) else { return };
    for (language, words) in languages {
        if is_language(language) {
            translate_fields(&mut page.fields, words, language, out);
        } else {
            let title = format!("`{}` is no language", language.value);
            out.push(wrong_shape::at_place(&language.at, title, "the code of a language", "hi"));
        }
    }
}

/// Says which words have no translation into `language`; `file` is the file that should have them.
pub fn missing(form: &Form, language: &str, file: &Where, out: &mut Diagnostics) {
    for page in form.all_pages() {
        missing_in_place(&page.fields, language, file, out);
    }
}

fn page_of(form: &mut Form) -> Option<&mut Page> {
    form.pages.first_mut().map(Arc::make_mut)
}
