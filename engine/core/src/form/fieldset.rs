//! Fieldsets: questions that many forms ask in the same way, with their translations.

use std::collections::{BTreeMap, BTreeSet};

use super::Field;
use super::check::{Checker, Known};
use super::checks::{empty_page, unknown_locale_name};
use super::locale::{missing_in_fieldset, translate_fields};
use super::yaml::FieldsetYaml;
use crate::base::Name;
use crate::source::checks::{wrong_name, wrong_shape};
use crate::source::words::is_language;
use crate::source::{Bundle, Diagnostics, NodeKind, Shape, Where, read};

/// The fieldsets of a tenant by name.
#[derive(Clone, Debug, Default)]
pub struct Fieldsets {
    by_name: BTreeMap<String, Vec<Field>>,
    /// Those that could not be read, so that their translations are not called wrong too.
    broken: BTreeSet<String>,
    /// The languages in which a form that asks a fieldset needs its words.
    languages: Vec<String>,
}

impl Fieldsets {
    /// Reads `fieldsets/*.yaml` of the folders `dirs`, nearest first (the town's, the state's, and
    /// `""` for the shared ones), with the words of `fieldsets/locales/<language>.yaml`. A file of
    /// a nearer folder takes the place of the same file further off. Fieldsets are written in
    /// `written_in`, and those that are asked need words in each of `languages`.
    pub fn read(
        bundle: &Bundle,
        dirs: &[&str],
        known: &Known<'_>,
        written_in: &str,
        languages: &[String],
        out: &mut Diagnostics,
    ) -> Self {
        let known = Known { fieldsets: None, ..*known };
        let languages = languages.iter().filter(|language| *language != written_in).cloned().collect();
        let mut fieldsets = Self { languages, ..Self::default() };
        for (name, path) in nearest(bundle, dirs, "fieldsets") {
            if !Name::is_valid(name) {
                out.push(wrong_name::diagnostic(name, &Where::file(bundle.path(&path).expect("it was listed"))));
                continue;
            }
            let Some(yaml) = read::yaml(bundle, &path, out).and_then(|node| FieldsetYaml::read(&node, out)) else {
                continue;
            };
            if yaml.fields.0.is_empty() {
                out.push(empty_page::diagnostic(&format!("the fieldset `{name}`"), &yaml.at));
            }
            match Checker::alone(&known, &yaml.fields, out) {
                Some(fields) => drop(fieldsets.by_name.insert(name.to_owned(), fields)),
                None => drop(fieldsets.broken.insert(name.to_owned())),
            }
        }
        for (language, path) in nearest(bundle, dirs, "fieldsets/locales") {
            if is_language(language) {
                fieldsets.translate(bundle, &path, language, out);
            }
        }
        fieldsets
    }

    /// Says in which languages the fieldset `name` lacks words: a form asks it. The towns of a state whose
    /// language nobody has written for a fieldset do well without it.
    pub fn untranslated(&self, name: &str, out: &mut Diagnostics) {
        let fields = self.get(name).unwrap_or_default();
        for language in &self.languages {
            missing_in_fieldset(name, fields, language, out);
        }
    }

    /// The questions of the fieldset `name`.
    pub fn get(&self, name: &str) -> Option<&[Field]> {
        self.by_name.get(name).map(Vec::as_slice)
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_name.keys().map(String::as_str)
    }

    fn translate(&mut self, bundle: &Bundle, path: &str, language: &str, out: &mut Diagnostics) {
        let Some(node) = read::yaml(bundle, path, out) else { return };
        let NodeKind::Map(entries) = &node.kind else {
            out.push(wrong_shape::diagnostic(&node, "a map of fieldsets", "address: { door: मकान संख्या }"));
            return;
        };
        for (name, fields) in entries {
            if let Some(known) = self.by_name.get_mut(name.as_str()) {
                translate_fields(known, fields, language, out);
            } else if !self.broken.contains(name.as_str()) {
                out.push(unknown_locale_name::diagnostic("fieldset", name, self.names()));
            }
        }
    }
}

/// The YAML files directly in `folder` of the nearest of `dirs` that has them: name and path.
fn nearest<'a>(bundle: &'a Bundle, dirs: &[&str], folder: &str) -> BTreeMap<&'a str, String> {
    let mut found = BTreeMap::new();
    for dir in dirs {
        let folder = if dir.is_empty() { folder.to_owned() } else { format!("{dir}/{folder}") };
        for path in bundle.under(&folder) {
            let path = bundle.path(path).expect("it was listed");
            let name = path[folder.len() + 1..].strip_suffix(".yaml").filter(|name| !name.contains('/'));
            if let Some(name) = name {
                found.entry(name).or_insert_with(|| path.to_string());
            }
        }
    }
    found
}
