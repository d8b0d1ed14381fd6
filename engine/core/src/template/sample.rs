//! Invented data in which nothing is missing, to fill in a template once when it is checked.

use serde_json::{Map, Value as Json, json};

use super::variables::{VARIABLES, Variable, VariableKind};
use crate::form::{Field, Form, Kind, Options};

/// A text with every sign that markup treats specially: a template that mishandles it is found.
const WORDS: &str = "A & B <c> \"d\"";

/// Data for every variable and every answer.
pub(crate) fn sample(form: &Form, paper: bool) -> Json {
    let mut root = json!({});
    for variable in VARIABLES.iter().filter(|variable| paper || !variable.papers_only) {
        put(&mut root, variable.name, value(variable, paper));
    }
    let answers = group(form.all_pages().flat_map(|page| &page.fields), paper);
    root["answers"] = answers;
    root
}

fn put(root: &mut Json, path: &str, value: Json) {
    match path.split_once('.') {
        None => root[path] = value,
        Some((head, rest)) => {
            if root.get(head).is_none() {
                root[head] = json!({});
            }
            put(&mut root[head], rest, value);
        }
    }
}

fn value(variable: &Variable, paper: bool) -> Json {
    match variable.kind {
        VariableKind::Words => json!(WORDS),
        VariableKind::Link => json!("https://town.example/cases/7?a=1&b=2"),
        VariableKind::Day => json!(if paper { "2027-03-31" } else { "31/03/2027" }),
        VariableKind::Money => json!(if paper { "2500.50" } else { "2,500.50" }),
        VariableKind::Rows(columns) => {
            let row: Map<String, Json> =
                columns.iter().map(|column| (column.name.to_owned(), value(column, paper))).collect();
            json!([row, row])
        }
    }
}

fn group<'a>(fields: impl Iterator<Item = &'a Field>, paper: bool) -> Json {
    Json::Object(
        fields.map(|field| (field.name.to_string(), if paper { answer(field) } else { json!(WORDS) })).collect(),
    )
}

fn answer(field: &Field) -> Json {
    let code = |options: &Options| match options {
        Options::Here(options) => options.first().map(|(code, _)| code.clone()).unwrap_or_default(),
        Options::List(list) => list.choices().next().map(|entry| entry.code.clone()).unwrap_or_default(),
    };
    match &field.kind {
        Kind::Date { .. } => json!("2027-03-31"),
        Kind::Money { .. } => json!("2500.50"),
        Kind::Number { .. } => json!(2),
        Kind::Decimal { .. } => json!("2.5"),
        Kind::Rating => json!(4),
        Kind::YesNo | Kind::Declaration => json!(true),
        Kind::Choice { options } => json!(code(options)),
        Kind::Choices { options, .. } => json!([code(options)]),
        Kind::Group { fields } => group(fields.iter(), true),
        Kind::List { fields, .. } => json!([group(fields.iter(), true), group(fields.iter(), true)]),
        Kind::File { .. } | Kind::Photo { .. } => {
            json!({ "id": "f1", "name": "photo.jpg", "kind": "jpeg", "size": 1000 })
        }
        Kind::Point => json!({ "latitude": "30.3", "longitude": "78.0" }),
        Kind::Text { .. } | Kind::Phone | Kind::Email | Kind::Place { .. } | Kind::Record { .. } => json!(WORDS),
    }
}
