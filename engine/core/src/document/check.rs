//! From templates of papers to the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::checks::{broken_markup, untranslated_document, unused_document};
use super::{ACKNOWLEDGEMENT, BILL, DAY_SHEET, Document, RECEIPT, markup};
use crate::base::{Name, Text};
use crate::source::{Bundle, Diagnostics, Where, read as source};
use crate::template::{self, After, Around, Fact, Facts, Look, PapersRead, Scope, Source};

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
/// `look` is a reader with the tenant's currency and places, for filling in each template once; what is `read`
/// for that is kept there.
pub(crate) fn check(
    bundle: &Bundle,
    papers: &[Paper],
    around: &Around<'_>,
    look: &Look<'_>,
    read: &PapersRead,
    out: &mut Diagnostics,
) -> Vec<Document> {
    let (after, sample) = (around.after_actions(), template::sample(around.form, true));
    let service = OfService { bundle, around, after, sample, look, read };
    papers.iter().filter_map(|paper| one(&service, paper, out)).collect()
}

/// What all papers of a service are held against, reckoned once.
struct OfService<'a> {
    bundle: &'a Bundle,
    around: &'a Around<'a>,
    after: After,
    /// Data in which nothing is missing.
    sample: Json,
    look: &'a Look<'a>,
    read: &'a PapersRead,
}

fn one(service: &OfService<'_>, paper: &Paper, out: &mut Diagnostics) -> Option<Document> {
    let &OfService { bundle, around, look, .. } = service;
    let path = paper.files.get("")?;
    let at = Where::file(path);
    let facts = facts(&paper.name, &service.after, around).unwrap_or_else(|| {
        out.push(unused_document::diagnostic(&paper.name, &at));
        Facts::new()
    });
    for language in around.languages.iter().filter(|language| !paper.files.contains_key(*language)) {
        out.push(untranslated_document::diagnostic(&paper.name, language, &at));
    }
    let (mut templates, mut title) = (BTreeMap::new(), paper.title.clone());
    for (language, path) in &paper.files {
        let text = source::text(bundle, path, out)?;
        let place = Source::file(text, Where::file(path));
        let reader = Look { language: if language.is_empty() { look.language } else { language }, ..*look };
        service.prove(&place, &Scope { form: around.form, facts: &facts, paper: true }, &reader, out);
        if let Some(heading) = heading(text).filter(|_| !language.is_empty()) {
            title.translations.entry(language.clone()).or_insert_with(|| heading.to_owned());
        }
        templates.insert(language.clone(), text.to_owned());
    }
    Some(Document { name: paper.name.clone(), title, templates, at })
}

/// The first heading of a template that is words and nothing else: what the paper is called in its
/// language, if nobody says otherwise. Most begin with the name of the town, which is filled in.
fn heading(template: &str) -> Option<&str> {
    template.split("<h").skip(1).find_map(|part| {
        let (tag, rest) = part.split_once('>')?;
        let words = rest.split("</h").next()?.trim();
        let plain = tag.starts_with(['1', '2', '3']) && !words.is_empty() && !words.contains(['{', '<', '&']);
        plain.then_some(words)
    })
}

/// What is certain when a paper is made. Receipts and acknowledgements are made for every case,
/// whether or not an action says so.
fn facts(name: &Name, after: &After, around: &Around<'_>) -> Option<Facts> {
    let issued = around.when_issued(after, name);
    let own: Option<Facts> = match name.as_str() {
        RECEIPT => Some(around.always().into_iter().chain([Fact::Demand, Fact::Receipt]).collect()),
        ACKNOWLEDGEMENT => Some(around.always()),
        BILL => Some(around.always().into_iter().chain([Fact::Bill]).collect()),
        DAY_SHEET => Some(Facts::from([Fact::Till])),
        _ => None,
    };
    match (own, issued) {
        (Some(own), Some(issued)) => Some(own.intersection(&issued).cloned().collect()),
        (own, issued) => own.or(issued),
    }
}

impl OfService<'_> {
    fn prove(&self, source: &Source<'_>, scope: &Scope<'_>, look: &Look<'_>, out: &mut Diagnostics) {
        let tags_are_good = template::check(source, scope, out);
        let markup_is_good = markup::check(source, out);
        if !(tags_are_good && markup_is_good) {
            return;
        }
        match self.read.filled_in(&source.at.file, source.text, &self.sample, scope.form, look) {
            Ok(filled) => {
                if let Err(why) = markup::well_formed(&filled) {
                    out.push(broken_markup::filled_in(&source.at, &why));
                }
            }
            Err(why) => out.push(template::checks::template_syntax::diagnostic(&source.at, &why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn a_paper_is_called_after_its_first_heading_of_words_alone() {
        let paper = "<hr/><h1>{{tenant.name}}</h1>\n<h2 class=\"center\"> रसीद </h2><h3>मद</h3>";
        assert_eq!(heading(paper), Some("रसीद"));
        assert_eq!(heading("<h1>License {{record.number}}</h1><p>words</p>"), None);
        assert_eq!(heading("<h2></h2><h2"), None);
    }
}
