//! The words of a form in other languages.

use super::check::nested;
use super::checks::unknown_locale_name;
use super::{Field, Form, Kind, Options, Unit};
use crate::base::Text;
use crate::list::checks::missing_translation;
use crate::source::checks::{unknown_key, wrong_shape};
use crate::source::{At, Diagnostics, Node, NodeKind, Shape, Where};

/// Puts the words of the sections `pages` and `fields` of a file `locales/<language>.yaml` into the
/// form. `locale` is the whole file; its other sections belong to other parts.
pub fn translate(form: &mut Form, locale: &Node, language: &str, out: &mut Diagnostics) {
    if let Some(pages) = locale.get("pages") {
        for (key, node) in entries(pages, "trade: आपका व्यापार", out) {
            match form.pages.iter_mut().find(|page| page.name == *key.value) {
                Some(page) => {
                    let mut place = Place {
                        label: &mut page.title,
                        label_key: "title",
                        hint: page.hint.as_mut(),
                        unit: None,
                        kind: None,
                    };
                    place.fill(node, language, out);
                }
                None => out.push(unknown_locale_name::diagnostic(
                    "page",
                    key,
                    form.pages.iter().map(|page| page.name.as_str()),
                )),
            }
        }
    }
    let Some(fields) = locale.get("fields") else { return };
    for (key, node) in entries(fields, "trade_name: व्यापार का नाम", out) {
        if let Some(field) =
            form.pages.iter_mut().flat_map(|page| &mut page.fields).find(|field| field.name == *key.value)
        {
            translate_field(field, node, language, out);
        } else {
            let known: Vec<&str> = form.fields().map(|field| field.name.as_str()).collect();
            out.push(unknown_locale_name::diagnostic("field", key, known));
        }
    }
}

/// Puts words into `fields`, by their names.
pub(super) fn translate_fields(fields: &mut [Field], words: &Node, language: &str, out: &mut Diagnostics) {
    for (key, node) in entries(words, "name: नाम", out) {
        match fields.iter_mut().find(|field| field.name == *key.value) {
            Some(field) => translate_field(field, node, language, out),
            None => {
                out.push(unknown_locale_name::diagnostic("field", key, fields.iter().map(|field| field.name.as_str())));
            }
        }
    }
}

fn translate_field(field: &mut Field, node: &Node, language: &str, out: &mut Diagnostics) {
    let unit = match &mut field.unit {
        Some(Unit::Words(words)) => Some(words),
        _ => None,
    };
    let (hint, kind) = (field.hint.as_mut(), Some(&mut field.kind));
    let mut place = Place { label: &mut field.label, label_key: "label", hint, unit, kind };
    place.fill(node, language, out);
}

fn entries<'a>(node: &'a Node, example: &str, out: &mut Diagnostics) -> &'a [(At<String>, Node)] {
    if let NodeKind::Map(entries) = &node.kind {
        return entries;
    }
    out.push(wrong_shape::diagnostic(node, "a map of names and words", example));
    &[]
}

/// Where the words of a page or a field go.
struct Place<'a> {
    label: &'a mut Text,
    label_key: &'static str,
    hint: Option<&'a mut Text>,
    unit: Option<&'a mut Text>,
    kind: Option<&'a mut Kind>,
}

impl Place<'_> {
    /// Takes words alone as the label, or a map of everything.
    fn fill(&mut self, node: &Node, language: &str, out: &mut Diagnostics) {
        let NodeKind::Map(entries) = &node.kind else { return put(self.label, node, language, out) };
        for (key, node) in entries {
            match (key.as_str(), &mut self.kind) {
                (name, _) if name == self.label_key => put(self.label, node, language, out),
                ("hint", _) => match &mut self.hint {
                    Some(hint) => put(hint, node, language, out),
                    None => out.push(unknown_locale_name::diagnostic("hint", key, [])),
                },
                ("unit", _) => match &mut self.unit {
                    Some(unit) => put(unit, node, language, out),
                    None => out.push(unknown_locale_name::diagnostic("unit", key, [])),
                },
                (
                    "options",
                    Some(
                        Kind::Choice { options: Options::Here(options) }
                        | Kind::Choices { options: Options::Here(options), .. },
                    ),
                ) => {
                    fill_options(options, node, language, out);
                }
                ("fields", Some(Kind::List { fields, .. } | Kind::Group { fields })) => {
                    translate_fields(fields, node, language, out);
                }
                ("options" | "fields", Some(_)) => {
                    out.push(
                        unknown_locale_name::diagnostic("section of this field", key, [])
                            .help("its words stand in the list or the fieldset itself"),
                    );
                }
                _ => out.push(unknown_key::diagnostic(key, &[self.label_key, "hint", "unit", "options", "fields"])),
            }
        }
    }
}

fn fill_options(options: &mut [(String, Text)], node: &Node, language: &str, out: &mut Diagnostics) {
    for (key, node) in entries(node, "shop: दुकान", out) {
        match options.iter_mut().find(|(code, _)| *code == key.value) {
            Some((_, words)) => put(words, node, language, out),
            None => {
                out.push(unknown_locale_name::diagnostic("option", key, options.iter().map(|(code, _)| code.as_str())));
            }
        }
    }
}

fn put(text: &mut Text, node: &Node, language: &str, out: &mut Diagnostics) {
    if let Some(words) = At::<String>::read(node, out) {
        text.translations.insert(language.to_owned(), words.value);
    }
}

/// Says which words of the form have no translation into `language`. `locale` is the file that
/// should have them, if it is there.
pub fn missing_translations(form: &Form, language: &str, locale: Option<&Where>, out: &mut Diagnostics) {
    for page in &form.pages {
        let name = &page.name;
        need(&page.title, || format!("the title of the page `{name}`"), language, &page.at, locale, out);
        if let Some(hint) = &page.hint {
            need(hint, || format!("the hint of the page `{name}`"), language, &page.at, locale, out);
        }
        // The questions of a fieldset were looked at when the fieldset was read.
        for field in &page.fields {
            missing_in_field(field, language, locale, out);
        }
    }
}

pub(super) fn missing_in_fields(fields: &[Field], language: &str, locale: Option<&Where>, out: &mut Diagnostics) {
    for field in fields {
        missing_in_field(field, language, locale, out);
    }
}

fn missing_in_field(field: &Field, language: &str, locale: Option<&Where>, out: &mut Diagnostics) {
    let name = &field.name;
    need(&field.label, || format!("`{name}`"), language, &field.at, locale, out);
    if let Some(hint) = &field.hint {
        need(hint, || format!("the hint of `{name}`"), language, &field.at, locale, out);
    }
    if let Some(Unit::Words(unit)) = &field.unit {
        need(unit, || format!("the unit of `{name}`"), language, &field.at, locale, out);
    }
    if let Kind::Choice { options: Options::Here(options) } | Kind::Choices { options: Options::Here(options), .. } =
        &field.kind
    {
        for (code, words) in options {
            need(words, || format!("the option `{code}` of `{name}`"), language, &field.at, locale, out);
        }
    }
    let own = nested(&field.kind).unwrap_or(&[]).iter().filter(|inner| inner.at.file == field.at.file);
    for inner in own {
        missing_in_field(inner, language, locale, out);
    }
}

fn need(
    text: &Text,
    what: impl Fn() -> String,
    language: &str,
    at: &Where,
    locale: Option<&Where>,
    out: &mut Diagnostics,
) {
    if text.translations.contains_key(language) {
        return;
    }
    let file = locale.map_or_else(|| format!("locales/{language}.yaml"), |locale| locale.file.to_string());
    out.push(missing_translation::diagnostic(&what(), language, at).help(format!("add its words to {file}")));
}
