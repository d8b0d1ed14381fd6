//! From templates of papers to the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checks::{broken_markup, untranslated_document, unused_document};
use super::{ACKNOWLEDGEMENT, BILL, Document, RECEIPT, markup};
use crate::base::{Name, Text};
use crate::source::{Bundle, Diagnostics, Where, read as source};
use crate::template::{self, Around, Fact, Facts, Look, Scope, Source};

/// A paper as it was found: its title and its files by language, the service's own under `""`.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The file's name without `.hbs`.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// Paths in the bundle.
    pub files: BTreeMap<String, Arc<str>>,
}

/// Turns the papers of a service into the model, or says what is wrong with them.
///
/// `look` is a reader with the tenant's currency and places, for filling in each template once.
pub fn check(
    bundle: &Bundle,
    papers: &[Paper],
    around: &Around<'_>,
    look: &Look<'_>,
    out: &mut Diagnostics,
) -> Vec<Document> {
    papers.iter().filter_map(|paper| one(bundle, paper, around, look, out)).collect()
}

fn one(
    bundle: &Bundle,
    paper: &Paper,
    around: &Around<'_>,
    look: &Look<'_>,
    out: &mut Diagnostics,
) -> Option<Document> {
    let path = paper.files.get("")?;
    let at = Where::file(path);
    let facts = facts(&paper.name, around).unwrap_or_else(|| {
        out.push(unused_document::diagnostic(&paper.name, &at));
        Facts::new()
    });
    for language in around.languages.iter().filter(|language| !paper.files.contains_key(*language)) {
        out.push(untranslated_document::diagnostic(&paper.name, language, &at));
    }
    let mut templates = BTreeMap::new();
    for (language, path) in &paper.files {
        let text = source::text(bundle, path, out)?;
        let place = Source::file(text, Where::file(path));
        let reader = Look { language: if language.is_empty() { look.language } else { language }, ..*look };
        prove(&place, &Scope { form: around.form, facts: &facts, paper: true }, &reader, out);
        templates.insert(language.clone(), text.to_owned());
    }
    Some(Document { name: paper.name.clone(), title: paper.title.clone(), templates, at })
}

/// What is certain when a paper is made. Receipts and acknowledgements are made for every case,
/// whether or not an action says so.
fn facts(name: &Name, around: &Around<'_>) -> Option<Facts> {
    let issued = around.when_issued(name);
    let own: Option<Facts> = match name.as_str() {
        RECEIPT => Some(around.always().into_iter().chain([Fact::Demand, Fact::Receipt]).collect()),
        ACKNOWLEDGEMENT => Some(around.always()),
        BILL => Some(around.always().into_iter().chain([Fact::Bill]).collect()),
        _ => None,
    };
    match (own, issued) {
        (Some(own), Some(issued)) => Some(own.intersection(&issued).cloned().collect()),
        (own, issued) => own.or(issued),
    }
}

fn prove(source: &Source<'_>, scope: &Scope<'_>, look: &Look<'_>, out: &mut Diagnostics) {
    let tags_are_good = template::check(source, scope, out);
    let markup_is_good = markup::check(source, out);
    if !(tags_are_good && markup_is_good) {
        return;
    }
    match template::paper(source.text, &template::sample(scope.form, true), scope.form, look) {
        Ok(filled) => {
            if let Err(why) = markup::well_formed(&filled) {
                out.push(broken_markup::filled_in(&source.at, &why));
            }
        }
        Err(why) => out.push(template::checks::template_syntax::diagnostic(&source.at, &why)),
    }
}
