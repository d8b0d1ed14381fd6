//! The words of a form in other languages.

use std::sync::Arc;

use super::check::nested;
use super::checks::unknown_locale_name;
use super::{Field, Fit, Form, Kind, Options, Unit};
use crate::base::Text;
use crate::list::checks::{left_untranslated, missing_translation};
use crate::source::checks::{unknown_key, wrong_shape};
use crate::source::words::shortened;
use crate::source::{At, Diagnostics, Node, NodeKind, Shape, Where};

/// Puts the words of the sections `pages` and `fields` of a file `locales/<language>.yaml` into the
/// form. `locale` is the whole file; its other sections belong to other parts.
pub fn translate(form: &mut Form, locale: &Node, language: &str, out: &mut Diagnostics) {
    if let Some(pages) = locale.get("pages") {
        for (key, node) in entries(pages, "trade: आपका व्यापार", out) {
            match form.pages.iter_mut().find(|page| page.name == *key.value) {
                Some(page) => {
                    let page = Arc::make_mut(page);
                    let mut place = Place {
                        label: &mut page.title,
                        label_key: "title",
                        hint: page.hint.as_mut(),
                        purpose: page.purpose.as_mut(),
                        unit: None,
                        kind: None,
                        checks: &mut page.checks,
                    };
                    place.fill(node, language, out);
                }
                None => out.push(unknown_locale_name::diagnostic(
                    "page",
                    key,
                    form.all_pages().map(|page| page.name.as_str()),
                )),
            }
        }
    }
    let Some(fields) = locale.get("fields") else { return };
    for (key, node) in entries(fields, "trade_name: व्यापार का नाम", out) {
        if let Some(field) = form
            .pages
            .iter_mut()
            .flat_map(|page| &mut Arc::make_mut(page).fields)
            .find(|field| field.name == *key.value)
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
    let (hint, purpose, kind) = (field.hint.as_mut(), field.purpose.as_mut(), Some(&mut field.kind));
    let mut place = Place { label: &mut field.label, label_key: "label", hint, purpose, unit, kind, checks: &mut [] };
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
    purpose: Option<&'a mut Text>,
    unit: Option<&'a mut Text>,
    kind: Option<&'a mut Kind>,
    /// Of a page: what its answers must meet together.
    checks: &'a mut [Fit],
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
                ("purpose", _) => match &mut self.purpose {
                    Some(purpose) => put(purpose, node, language, out),
                    None => out.push(unknown_locale_name::diagnostic("purpose", key, [])),
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
                ("checks", None) => fill_checks(self.checks, node, language, out),
                (_, None) => out.push(unknown_key::diagnostic(key, &[self.label_key, "hint", "purpose", "checks"])),
                _ => {
                    let known = [self.label_key, "hint", "purpose", "unit", "options", "fields"];
                    out.push(unknown_key::diagnostic(key, &known));
                }
            }
        }
    }
}

fn fill_checks(checks: &mut [Fit], node: &Node, language: &str, out: &mut Diagnostics) {
    for (key, node) in entries(node, "until_first: …", out) {
        match checks.iter_mut().find(|check| check.name == *key.value) {
            Some(check) => put(&mut check.otherwise, node, language, out),
            None => {
                out.push(unknown_locale_name::diagnostic("check", key, checks.iter().map(|check| check.name.as_str())));
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
        left_untranslated::check(&text.written, &words, language, out);
        text.translations.insert(language.to_owned(), words.value);
    }
}

/// Is shown the words of a form one by one: the key that they have in a file of `locales/`, the words, and where
/// they are written.
pub(crate) type See<'a> = dyn FnMut(&str, &Text, &Where) + 'a;

/// Says which words of the form have no translation into `language`. `locale` is the file that
/// should have them.
pub fn missing_translations(form: &Form, language: &str, locale: &Where, out: &mut Diagnostics) {
    each_text(form, &mut missing_in(language, &locale.file, out));
}

/// Every word of a form that its own file of `locales/` translates.
pub fn each_text(form: &Form, see: &mut See<'_>) {
    for page in &form.pages {
        let key = format!("pages.{}", page.name);
        see(&key, &page.title, &page.at);
        if let Some(hint) = &page.hint {
            see(&format!("{key}.hint"), hint, &page.at);
        }
        if let Some(purpose) = &page.purpose {
            see(&format!("{key}.purpose"), purpose, &page.at);
        }
        for check in &page.checks {
            see(&format!("{key}.checks.{}", check.name), &check.otherwise, &check.at);
        }
        // The questions of a fieldset were looked at where the form asks it.
        for field in &page.fields {
            of_field(field, "fields", see);
        }
    }
}

/// The same of a fieldset, whose words stand in `fieldsets/locales/` under its name.
pub(super) fn missing_in_fieldset(name: &str, fields: &[Field], language: &str, out: &mut Diagnostics) {
    let file = format!("fieldsets/locales/{language}.yaml");
    let mut missing = missing_in(language, &file, out);
    for field in fields {
        of_field(field, name, &mut missing);
    }
}

/// The same of questions whose words stand below `translations` in the file that asks them.
pub(super) fn missing_in_place(fields: &[Field], language: &str, file: &Where, out: &mut Diagnostics) {
    let mut missing = missing_in(language, &file.file, out);
    for field in fields {
        of_field(field, &format!("translations.{language}"), &mut missing);
    }
}

/// Says of words that they are missing in `language`, and in which `file`.
fn missing_in<'a>(language: &'a str, file: &'a str, out: &'a mut Diagnostics) -> impl FnMut(&str, &Text, &Where) + 'a {
    move |key, text, at| {
        if text.translations.contains_key(language) {
            return;
        }
        let missing = missing_translation::diagnostic(&format!("`{key}`"), language, at);
        out.push(missing.help(format!("add `{key}` to {file}: the words for \"{}\"", shortened(&text.written))));
    }
}

/// A question whose words stand below the key `above`.
fn of_field(field: &Field, above: &str, see: &mut See<'_>) {
    let key = format!("{above}.{}", field.name);
    see(&key, &field.label, &field.at);
    if let Some(hint) = &field.hint {
        see(&format!("{key}.hint"), hint, &field.at);
    }
    if let Some(purpose) = &field.purpose {
        see(&format!("{key}.purpose"), purpose, &field.at);
    }
    if let Some(Unit::Words(unit)) = &field.unit {
        see(&format!("{key}.unit"), unit, &field.at);
    }
    if let Kind::Choice { options: Options::Here(options) } | Kind::Choices { options: Options::Here(options), .. } =
        &field.kind
    {
        for (index, (code, words)) in options.iter().enumerate() {
            let at = field.options_at.get(index).unwrap_or(&field.at);
            see(&format!("{key}.options.{code}"), words, at);
        }
    }
    let own = nested(&field.kind).unwrap_or(&[]).iter().filter(|inner| inner.at.file == field.at.file);
    for inner in own {
        of_field(inner, &format!("{key}.fields"), see);
    }
}
