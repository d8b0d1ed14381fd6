//! The scrutiny of a drawing: measured, held to the by-laws of the service, and drawn with what does not fit.

use std::cmp::Reverse;
use std::sync::Arc;

use engine::base::Value as Known;
use engine::source::{Bundle, Diagnostics};
use scrutiny::expression::Value;
use scrutiny::laws::Answer;
use scrutiny::report::{Report, Row, missing, refusal};
use scrutiny::{ByLaws, picture, scrutinise};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::{Said, Told};
use crate::auth::token;

/// What it calls the file that it measures.
pub(super) const DRAWING: &str = "drawing";
/// What it gives besides the measures of the by-laws.
pub(super) const GIVES: [&str; 7] = ["result", "why", "rows", "rows_found", "picture", "model", "laws_from"];
/// The result of a drawing that cannot be read.
pub(super) const UNREADABLE: &str = "unreadable";

/// Measures the drawing and holds it to the by-laws. One that cannot be read is an answer too.
pub(super) fn answer(told: &Told) -> Result<Said, String> {
    let laws = told.laws.as_ref().ok_or("the service has no by-laws.yaml")?;
    let digest = token::hex(&Sha256::digest(&laws.1)[..]);
    let laws = self::laws(laws, &mut Diagnostics::default()).ok_or("the by-laws cannot be read")?;
    let edition = laws.on(told.on).ok_or_else(|| format!("no by-laws were in force on {}", told.on))?;
    let drawing = told.files.get(DRAWING).ok_or("there is no drawing")?;
    let stated = |(name, asked): (&String, &Answer)| Some((name.clone(), value(told.answers.get(name)?, asked)?));
    let stated = edition.answers.iter().filter_map(stated).collect();
    let mut answers = Map::new();
    answers.insert("model".to_owned(), edition.model.into());
    answers.insert("laws_from".to_owned(), edition.from.to_string().into());
    let mut pictures = Vec::new();
    match scrutinise(drawing, edition, &stated) {
        Ok(found) => {
            reported(&found.report, &told.language, &mut answers);
            pictures.push(("picture", picture::svg(&found, &told.language)));
        }
        Err(why) => {
            answers.insert("result".to_owned(), UNREADABLE.into());
            answers.insert("why".to_owned(), refusal(&why, &told.language).into());
        }
    }
    Ok(Said { answers, pictures, digest })
}

/// The by-laws in a file, and what is wrong with them.
pub(super) fn laws((path, bytes): &(Arc<str>, Arc<[u8]>), out: &mut Diagnostics) -> Option<ByLaws> {
    let mut bundle = Bundle::default();
    bundle.add(path, Arc::clone(bytes));
    ByLaws::read(&bundle, path, out)
}

/// An answer as the by-laws know it: a code of theirs, or a number. Any other is unknown to them, which makes the
/// rules that ask for it unclear.
fn value(known: &Known, asked: &Answer) -> Option<Value> {
    if asked.options.is_empty() {
        return known.decimal().map(Value::Number);
    }
    match known {
        Known::Text(code) if asked.options.contains(code) => Some(Value::Word(code.clone())),
        _ => None,
    }
}

/// The report as answers: what does not fit stands first, for a list takes only so much.
fn reported(report: &Report, language: &str, answers: &mut Map<String, Json>) {
    answers.insert("result".to_owned(), report.result.word().into());
    answers.insert("rows_found".to_owned(), report.rows.len().to_string().into());
    let mut rows: Vec<&Row> = report.rows.iter().collect();
    rows.sort_by_key(|row| Reverse(row.outcome));
    let told = rows.into_iter().map(|row| self::row(row, language, report.places)).collect();
    answers.insert("rows".to_owned(), told);
    for figure in &report.figures {
        if let Some(value) = figure.value {
            answers.entry(figure.name.clone()).or_insert_with(|| value.to_string().into());
        }
    }
}

fn row(row: &Row, language: &str, places: u32) -> Json {
    let mut told = json!({ "rule": row.rule, "relation": row.is.word(), "outcome": row.outcome.word() });
    let laws: Vec<&str> = row.laws.iter().map(|law| law.in_language(language)).collect();
    let said = [
        ("place", row.place_in_words(language)),
        ("asked", row.asked_in_words(places)),
        ("found", row.found_in_words(places)),
        ("why", row.why.as_ref().map(|why| missing(why, language))),
        ("law", Some(laws.join("; ")).filter(|laws| !laws.is_empty())),
        ("number", row.number.map(|number| number.to_string())),
    ];
    for (name, text) in said {
        if let Some(text) = text {
            told[name] = text.into();
        }
    }
    told
}
