//! Answers as people read them back.

use std::collections::BTreeMap;

use engine::base::{Answers, Value};
use engine::form::{Field, Kind};
use engine::template::Look;

use super::typed::{self, Typed};
use super::{Asking, path, units};
use crate::view::common::{Link, Row};

/// How answers are read back.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The reader.
    pub look: Look<'a>,
    /// The address of a file by its id; empty while there is none.
    pub file_href: &'a dyn Fn(&str) -> String,
    /// The address at which the answer to a path can be changed; empty for none.
    pub change_href: &'a dyn Fn(&str) -> String,
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("look", &self.look).finish_non_exhaustive()
    }
}

/// A row for every question; items of lists each have rows of their own. With `all`, questions
/// that were left empty are shown as such.
pub fn of_answers(fields: &[Field], answers: &Answers, all: bool, reading: &Reading<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    add("", "", fields, answers, all, reading, &mut rows);
    rows
}

fn add(
    prefix: &str,
    title: &str,
    siblings: &[Field],
    answers: &Answers,
    all: bool,
    reading: &Reading<'_>,
    rows: &mut Vec<Row>,
) {
    for field in siblings {
        let at = path(prefix, &field.name);
        let label = field.label.in_language(reading.look.language);
        match (&field.kind, answers.get(&field.name)) {
            (Kind::List { fields, .. }, Some(Value::List(items))) => {
                for (index, item) in items.iter().enumerate() {
                    if let Value::Map(item) = item {
                        add(
                            &path(&at, &index.to_string()),
                            &format!("{label} {}", index + 1),
                            fields,
                            item,
                            all,
                            reading,
                            rows,
                        );
                    }
                }
            }
            // A question that depends on others and has no answer was not asked.
            (_, None) if !all || field.when.is_some() => {}
            (_, value) => {
                let key = if title.is_empty() { label.to_owned() } else { format!("{title}: {label}") };
                let mut row = row(key, &at, field, value, reading);
                if let (Some(unit), [number]) = (units::answered(field, siblings, answers), row.lines.as_mut_slice()) {
                    *number = format!("{number} {}", unit.in_language(reading.look.language));
                }
                rows.push(row);
            }
        }
    }
}

fn row(key: String, at: &str, field: &Field, value: Option<&Value>, reading: &Reading<'_>) -> Row {
    let mut row = Row { key, ..Row::default() };
    match (&field.kind, value) {
        (Kind::File { .. } | Kind::Photo { .. }, Some(Value::Map(file))) => {
            let href = (reading.file_href)(file.text("id").unwrap_or_default());
            let name = file.text("name").unwrap_or_default();
            if href.is_empty() {
                row.lines.push(name.to_owned());
            } else if is_picture(&field.kind, file) {
                row.pictures.push(Link::new(href, name));
            } else {
                row.links.push(Link::new(href, name));
            }
            if let Some(Value::Map(point)) = file.get("point") {
                row.lines.push(degrees(point));
            }
        }
        (Kind::Point, Some(Value::Map(point))) => row.lines.push(degrees(point)),
        (_, Some(value)) => {
            row.lines = reading
                .look
                .answer(field, value)
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(str::to_owned)
                .collect();
        }
        (_, None) => {}
    }
    let change = (reading.change_href)(at);
    if !change.is_empty() {
        row.change = Some(change);
    }
    row
}

/// Whether browsers show the file as a picture.
fn is_picture(kind: &Kind, file: &Answers) -> bool {
    matches!(kind, Kind::Photo { .. }) || matches!(file.text("kind"), Some("jpeg" | "png" | "webp"))
}

fn degrees(point: &Answers) -> String {
    format!("{}° N, {}° E", point.text("lat").unwrap_or_default(), point.text("long").unwrap_or_default())
}

/// What was typed into a closed item of a list.
pub(super) fn of_typed(fields: &[Field], typed: &Typed, asking: &Asking<'_>) -> Vec<Row> {
    let answers = Answers::from_json(&typed::answers(fields, typed));
    let words = yes_and_no(asking.words);
    let look = Look::new(asking.tenant, asking.lang(), &words);
    let nowhere = |_: &str| String::new();
    of_answers(fields, &answers, false, &Reading { look, file_href: asking.file_href, change_href: &nowhere })
}

/// The words that [`Look`] asks for.
pub fn yes_and_no(words: &crate::words::Words) -> BTreeMap<String, String> {
    ["field.yes", "field.no"].into_iter().map(|key| (key.to_owned(), words.get(key))).collect()
}

#[cfg(test)]
mod tests {
    use engine::tenant::Tenant;

    use super::*;
    use crate::words::Words;

    #[test]
    fn an_answer_of_no_is_said_in_words() {
        let known = BTreeMap::from([("field.no".to_owned(), "No".to_owned())]);
        let (tenant, words) = (Tenant::default(), yes_and_no(&Words::new("en", known)));
        assert_eq!(Look::new(&tenant, "en", &words).word("field.no"), "No");
    }
}
