//! Answers in the two formats, and problems as the specification writes them.

use std::fmt::Write as _;

use axum::http::StatusCode;
use axum::response::Response;
use engine::case::Refusal;
use exchange::xml::escaped;
use serde_json::{Value as Json, json};

use super::{kinds, report};
use crate::http::ask::{self, Ask};
use crate::http::problem as told;
use crate::problem::Problem;

/// A format, by what stands behind the last point of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.json`
    Json,
    /// `.xml`
    Xml,
}

impl Format {
    /// The format that an address asks for.
    pub fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "json" => Some(Self::Json),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// What stands before the format.
    pub fn before(self, text: &str) -> &str {
        let ending = if self == Self::Json { ".json" } else { ".xml" };
        text.strip_suffix(ending).unwrap_or(text)
    }
}

/// A list: an array, or `item`s inside of `root`.
pub(super) fn list(format: Format, root: &str, item: &str, rows: &[Json]) -> Response {
    answer(format, StatusCode::OK, root, item, rows)
}

/// A single thing.
pub(super) fn one(format: Format, root: &str, value: &Json) -> Response {
    match format {
        Format::Json => ask::json(200, value),
        Format::Xml => xml(StatusCode::OK, |text| element(text, root, value)),
    }
}

/// What was wrong, one line each.
pub(super) fn errors(format: Format, status: u16, descriptions: &[String]) -> Response {
    let rows = descriptions.iter().map(|description| json!({ "code": status, "description": description }));
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer(format, code, "errors", "error", &rows.collect::<Vec<_>>())
}

/// A problem as the specification writes it: what is not allowed is 403, and what was sent wrongly 400.
pub(in crate::http) fn problem(ask: &Ask, problem: &Problem) -> Response {
    let format = Format::of(&ask.path).unwrap_or(Format::Json);
    let status = match (problem, problem.status()) {
        (Problem::SignIn, _) => 403,
        (_, 413 | 415 | 422) => 400,
        (_, status) => status,
    };
    let descriptions = match problem {
        Problem::SignIn => vec!["api_key is missing, or does not hold".to_owned()],
        Problem::BadRequest(why) => vec![(*why).to_owned()],
        Problem::NotFound => vec!["service_code, request, token or jurisdiction_id was not found".to_owned()],
        Problem::Refused(Refusal::Answers(errors)) => {
            let code = ask.field("service_code").unwrap_or_default();
            let known = kinds::all(ask);
            let kind = known.iter().find(|kind| kind.code == code);
            let said = |error| match kind {
                Some(kind) => report::refused(kind.open311, error),
                None => error.path.clone(),
            };
            errors.iter().map(said).collect()
        }
        other => vec![told::title(ask.words(), other)],
    };
    let mut response = errors(format, status, &descriptions);
    told::wait_header(&mut response, problem);
    response
}

fn answer(format: Format, status: StatusCode, root: &str, item: &str, rows: &[Json]) -> Response {
    match format {
        Format::Json => ask::json(status.as_u16(), &Json::Array(rows.to_vec())),
        Format::Xml => xml(status, |text| {
            let _ = write!(text, "<{root}>");
            for row in rows {
                element(text, item, row);
            }
            let _ = write!(text, "</{root}>");
        }),
    }
}

fn xml(status: StatusCode, write: impl FnOnce(&mut String)) -> Response {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    write(&mut text);
    text.push('\n');
    ask::text(status, "text/xml; charset=utf-8", text)
}

/// A value as an element: what is inside of a list is called after it, `attribute` in `attributes`.
pub fn element(text: &mut String, name: &str, value: &Json) {
    match value {
        Json::Null => {
            let _ = write!(text, "<{name}/>");
        }
        Json::Object(map) => {
            let _ = write!(text, "<{name}>");
            for (key, value) in map {
                element(text, key, value);
            }
            let _ = write!(text, "</{name}>");
        }
        Json::Array(items) => {
            let _ = write!(text, "<{name}>");
            for item in items {
                element(text, name.strip_suffix('s').unwrap_or(name), item);
            }
            let _ = write!(text, "</{name}>");
        }
        Json::String(words) => {
            let _ = write!(text, "<{name}>{}</{name}>", escaped(words));
        }
        other => {
            let _ = write!(text, "<{name}>{other}</{name}>");
        }
    }
}
