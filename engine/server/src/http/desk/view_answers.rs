//! Answers as the desk reads them: page by page, personal ones masked where they are not needed.

use engine::base::{Answers, lookalike};
use engine::form::{self, Field, Form};
use engine::service::Service;
use ui_gen::from_engine::inner;
use ui_gen::view::common::{Link, Row, Section};

use super::reader::Reader;

/// What the applicant answered, or what each of the officers did.
pub(crate) fn sections(
    reader: &Reader<'_>,
    form: &Form,
    roles: &[Option<&str>],
    answers: &Answers,
    masked: bool,
    files: &str,
) -> Vec<Section> {
    let style = reader.style(masked);
    let all = roles.iter().flat_map(|role| form::sections(form, *role, answers, &style));
    warned(reader, drawn(all, files))
}

/// The same, with a word below each answer that reads as another one. What is masked is looked at once it is shown.
fn warned(reader: &Reader<'_>, mut sections: Vec<Section>) -> Vec<Section> {
    for row in sections.iter_mut().flat_map(|section| &mut section.rows) {
        let word = row.lines.iter().find_map(|line| lookalike::first(line)).map(str::to_owned);
        row.lines.extend(word.map(|word| reader.say("checks.lookalike", &[("word", &word)])));
    }
    sections
}

/// Sections as they are shown, without those in which nothing was answered.
pub(crate) fn drawn(sections: impl Iterator<Item = form::Section>, files: &str) -> Vec<Section> {
    let view = |section: form::Section| Section {
        title: section.title,
        rows: section.rows.iter().flat_map(|row| rows(row, files)).collect(),
    };
    let answered = |section: &Section| section.rows.iter().any(|row| !row.lines.is_empty() || !row.links.is_empty());
    sections.map(view).filter(answered).collect()
}

/// What an application is about: its first page, and of the others what the fee depends on and what
/// cases are searched by.
pub(crate) fn gist(
    reader: &Reader<'_>,
    service: &Service,
    answers: &Answers,
    masked: bool,
    files: &str,
) -> Vec<Section> {
    let telling = |row: &form::Row| {
        let field = service.form.field(&row.path);
        let charged = service.fees.as_ref().is_some_and(|fees| fees.script.reads.contains(&row.path));
        charged || field.is_some_and(is_searched)
    };
    let all = form::sections(&service.form, None, answers, &reader.style(masked)).into_iter().enumerate();
    let short = all.map(|(at, mut section)| {
        section.rows.retain(|row| at == 0 || telling(row));
        section
    });
    warned(reader, drawn(short, files))
}

fn is_searched(field: &Field) -> bool {
    field.searchable.alone() || inner(field).iter().any(is_searched)
}

/// The roles that are asked pages of their own.
pub(crate) fn officers(form: &Form) -> Vec<Option<&str>> {
    let mut roles: Vec<Option<&str>> = Vec::new();
    for page in &form.pages {
        if let Some(by) = &page.by
            && !roles.contains(&Some(by.as_str()))
        {
            roles.push(Some(by.as_str()));
        }
    }
    roles
}

/// A question as rows: each item of a list has its own, a group is written line by line.
fn rows(row: &form::Row, files: &str) -> Vec<Row> {
    let is_list = row.inner.first().is_some_and(|item| item.path == format!("{}.0", row.path));
    if !is_list {
        return vec![one(&row.label, row, files)];
    }
    row.inner.iter().enumerate().map(|(at, item)| one(&format!("{} {}", row.label, at + 1), item, files)).collect()
}

/// An answer as it is read, a line each; a file by its name.
pub(crate) fn lines(row: &form::Row) -> Vec<String> {
    let view = one("", row, "");
    view.lines.into_iter().chain(view.links.into_iter().map(|link| link.text)).collect()
}

fn one(key: &str, row: &form::Row, files: &str) -> Row {
    let mut view = Row { key: key.to_owned(), ..Row::default() };
    if row.inner.is_empty() {
        match &row.file {
            Some(id) => view.links.push(Link::new(format!("{files}{id}"), &row.value)),
            None => view.lines = row.value.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        }
    }
    for inner in &row.inner {
        add("", inner, files, &mut view);
    }
    view
}

fn add(before: &str, row: &form::Row, files: &str, view: &mut Row) {
    // A colon follows: a question mark before it would be one sign too many.
    let own = row.label.trim_end_matches(['?', '？', ' ']);
    let label = if before.is_empty() { own.to_owned() } else { format!("{before}, {own}") };
    if let Some(id) = &row.file {
        view.links.push(Link::new(format!("{files}{id}"), format!("{label}: {}", row.value)));
    } else if row.inner.is_empty() && !row.value.is_empty() {
        view.lines.push(format!("{label}: {}", row.value));
    }
    for inner in &row.inner {
        add(&label, inner, files, view);
    }
}

/// A file that was answered with: its key, and the question. With `masked`, none that answers a sensitive question.
pub(crate) fn asked_files(reader: &Reader<'_>, form: &Form, answers: &Answers, masked: bool) -> Vec<(String, String)> {
    let style = reader.style(masked);
    let roles: Vec<Option<&str>> = std::iter::once(None).chain(officers(form)).collect();
    let mut found = Vec::new();
    for section in roles.iter().flat_map(|role| form::sections(form, *role, answers, &style)) {
        for row in &section.rows {
            collect(row, &mut found);
        }
    }
    found
}

fn collect(row: &form::Row, found: &mut Vec<(String, String)>) {
    if let Some(id) = &row.file {
        found.push((id.clone(), row.label.clone()));
    }
    row.inner.iter().for_each(|inner| collect(inner, found));
}
